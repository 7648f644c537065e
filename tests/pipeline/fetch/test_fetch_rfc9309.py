"""RFC 9309, rule by rule: what a robots.txt says about a URL. (Status codes, redirects, size and age of the
file: `test_fetch_robots.py`.)
"""

from __future__ import annotations

import pytest

from pipeline.fetch.robots_text import rule_of

SITE = "https://news.example"


def group(*rules: str, agent: str = "gisa") -> str:
    return "\n".join([f"User-agent: {agent}", *rules])


AGENTS = [  # 2.2.1, the user-agent line
    ("a group for us", group("Disallow: /"), "/a", False),
    ("case of the token does not count", group("Disallow: /", agent="GiSa"), "/a", False),
    ("case of the field does not count", "uSeR-aGeNt: gisa\ndIsAlLoW: /", "/a", False),
    ("a version behind the token", group("Disallow: /", agent="gisa/0.1"), "/a", False),
    ("the group for all, where none is ours", group("Disallow: /", agent="*"), "/a", False),
    ("ours goes before all", group("Disallow: /", agent="*") + "\n" + group("Allow: /"), "/a", True),
    ("in either order", group("Allow: /") + "\n" + group("Disallow: /", agent="*"), "/a", True),
    ("agents without rules share the next", group() + "\n\n" + group("Disallow: /", agent="*"), "/a", False),
    ("groups of one token are joined", group("Disallow: /a") + "\n\n" + group("Disallow: /b"), "/b", False),
    ("joined across another", group("Disallow: /a") + "\n" + group("Disallow: /", agent="x") + "\n"
     + group("Disallow: /b"), "/a", False),
    ("several tokens share rules", "User-agent: x\nUser-agent: gisa\nDisallow: /", "/a", False),
    ("in either place", "User-agent: gisa\nUser-agent: x\nDisallow: /", "/a", False),
    ("blank lines between them", "User-agent: gisa\n\n\nUser-agent: x\nDisallow: /", "/a", False),
    ("a longer token is another robot", group("Disallow: /", agent="gisabot"), "/a", True),
    ("a shorter one too", group("Disallow: /", agent="gi"), "/a", True),
    ("and one with a dash", group("Disallow: /", agent="gisa-news"), "/a", True),
    ("rules of others are not ours", group("Disallow: /", agent="x"), "/a", True),
    ("rules before any group are nobody's", "Disallow: /\nUser-agent: x\nDisallow: /b", "/a", True),
    ("no file, no rules", "", "/a", True),
]  # fmt: skip

MATCHES = [  # 2.2.2, allow and disallow
    ("a path begins with the rule", group("Disallow: /a"), "/a/b", False),
    ("not only at a slash", group("Disallow: /a"), "/about", False),
    ("but from the start", group("Disallow: /b"), "/a/b", True),
    ("case of the path counts", group("Disallow: /A"), "/a", True),
    ("an empty rule forbids nothing", group("Disallow:"), "/a", True),
    ("the longest match wins", group("Allow: /a/b", "Disallow: /a"), "/a/b", True),
    ("in either order", group("Disallow: /a", "Allow: /a/b"), "/a/b", True),
    ("also to forbid", group("Allow: /a", "Disallow: /a/b"), "/a/b", False),
    ("of equals, allow", group("Disallow: /a", "Allow: /a"), "/a", True),
    ("in either order", group("Allow: /a", "Disallow: /a"), "/a", True),
    ("the root alone", group("Allow: /$", "Disallow: /"), "/", True),
    ("and nothing else", group("Allow: /$", "Disallow: /"), "/a", False),
    ("a query belongs to the path", group("Disallow: /a?b"), "/a?b=1", False),
    ("another query", group("Disallow: /a?b"), "/a?c=1", True),
    ("robots.txt itself", group("Disallow: /"), "/robots.txt", True),
    ("letters in the rule, codes in the URL", group("Disallow: /기사"), "/%EA%B8%B0%EC%82%AC/1", False),
    ("codes in the rule, letters in the URL", group("Disallow: /%EA%B8%B0%EC%82%AC"), "/기사/1", False),
    ("case of the codes", group("Disallow: /%ea%b8%b0%ec%82%ac"), "/%EA%B8%B0%EC%82%AC", False),
    ("codes of plain letters", group("Disallow: /%62%61"), "/ba", False),
    ("plain letters as codes", group("Disallow: /ba"), "/%62%61", False),
    ("a slash as code is no slash", group("Disallow: /a%2Fb"), "/a/b", True),
]  # fmt: skip

SPECIAL = [  # 2.2.3, special characters
    ("a comment", group("Disallow: / # all of it"), "/a", False),
    ("a line of comment", "# robots\n" + group("# none", "Disallow: /"), "/a", False),
    ("a star in the middle", group("Disallow: /*/print"), "/a/b/print", False),
    ("may stand for nothing", group("Disallow: /a*b"), "/ab", False),
    ("a star at the end changes nothing", group("Disallow: /a*"), "/ab", False),
    ("a star at the beginning", group("Disallow: *.pdf"), "/a/b.pdf", False),
    ("the end", group("Disallow: /*.pdf$"), "/a.pdf", False),
    ("and not beyond", group("Disallow: /*.pdf$"), "/a.pdf?x", True),
    ("a dollar in the middle is a dollar", group("Disallow: /a$b"), "/a$b", False),
    ("and not the end", group("Disallow: /a$b"), "/a", True),
    ("several stars", group("Disallow: /*a*b*c"), "/xaxbxc", False),
    ("in their order", group("Disallow: /*a*b*c"), "/xcxbxa", True),
    ("a star as code is a star", group("Disallow: /a-%2A.html"), "/a-*.html", False),
    ("and stands for nothing else", group("Disallow: /a-%2A.html"), "/a-b.html", True),
]  # fmt: skip

LINES = [  # 2.2 and 2.2.4, what else stands in such files
    ("CR LF", "User-agent: gisa\r\nDisallow: /\r\n", "/a", False),
    ("CR", "User-agent: gisa\rDisallow: /\r", "/a", False),
    ("a byte order mark", "\ufeffUser-agent: gisa\nDisallow: /", "/a", False),
    ("blanks around all", "  User-agent :  gisa  \n\tDisallow :\t/  ", "/a", False),
    ("records we do not know", group("Noindex: /", "Host: x", "Disallow: /b"), "/a", True),
    ("between agents and rules", group("Sitemap: https://x.example/s.xml", "Disallow: /"), "/a", False),
    ("a sitemap between groups", group("Disallow: /") + "\nSitemap: /s\n" + group(agent="x"), "/a", False),
    ("lines without a colon", group("what", "Disallow: /"), "/a", False),
    ("a page in place of the file", "<!doctype html><p>Disallow: /</p>", "/a", True),
    ("NUL", group("\0", "Disallow: /"), "/a", False),
    ("the last line without an end", "User-agent: gisa\nDisallow: /", "/a", False),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "path", "may"), [*AGENTS, *MATCHES, *SPECIAL, *LINES])
def test_rule(why: str, text: str, path: str, may: bool) -> None:
    assert rule_of(text).allows(SITE + path) is may, why


@pytest.mark.parametrize(
    "path", ["/a", "/a?b=http://x.example/", "/%", "/%zz", "/" + "a" * 2000, "/\u200b"]
)
@pytest.mark.parametrize(
    "text", [group("Disallow: /a" + "*a" * 200), group("Disallow: /%zz%"), group("Allow: $")]
)
def test_odd_rules_and_urls_never_raise(text: str, path: str) -> None:
    assert rule_of(text).allows(SITE + path) in (True, False)
