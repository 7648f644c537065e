"""Feeds as broken as the web has them, each with what a reader should find. All of it is fiction."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

AT = "https://news.hanbit.example/rss/all.xml"
NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
KST = timezone(timedelta(hours=9))
XML = "application/rss+xml"

_ONE = ("온새시, 강변 산책로 넓힌다", "https://news.hanbit.example/a/1001")
_TWO = ("누솔군 도서관 새로 문 열어", "https://news.hanbit.example/a/1002")
_WHEN = datetime(2026, 9, 27, 9, 30, tzinfo=KST)
BOTH = [(*_ONE, _WHEN), (*_TWO, _WHEN)]
NO_DATES = [(*_ONE, None), (*_TWO, None)]

Found = tuple[str, str, datetime | None]
"""Headline, link, time."""


@dataclass(frozen=True)
class Case:
    """A feed and what is in it; `error` is the name of what must be raised instead."""

    name: str
    body: bytes
    found: list[Found] = field(default_factory=list)
    error: str = ""
    content_type: str = XML


def item(
    title: str = _ONE[0],
    link: str = _ONE[1],
    *,
    date: str = "<pubDate>Sun, 27 Sep 2026 09:30:00 +0900</pubDate>",
    more: str = "",
) -> str:
    return f"<item><title>{title}</title><link>{link}</link>{date}{more}</item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', root: str = "") -> str:
    opened = f'<rss version="2.0"{root}><channel><title>한빛일보</title>'
    channel = f"{opened}<link>https://news.hanbit.example/</link><description>새 소식</description>"
    return f"{head}\n{channel}{''.join(items)}</channel></rss>"


def both(**changes: str) -> str:
    return rss(item(), item(*_TWO), **changes)


def dated(date: str) -> str:
    return rss(item(date=date), item(*_TWO, date=date))


def atom(*entries: str, root: str = ' xmlns="http://www.w3.org/2005/Atom"') -> str:
    return (
        f'<?xml version="1.0"?><feed{root}><title>한빛</title><id>x</id>{"".join(entries)}</feed>'
    )


def entry(title: str, links: str, more: str = "") -> str:
    when = "<published>2026-09-27T09:30:00+09:00</published>"
    return f"<entry><title>{title}</title>{links}{when}{more}</entry>"


def _alternate(url: str) -> str:
    return f'<link rel="alternate" href="{url}"/>'


_DECLARED_EUC = '<?xml version="1.0" encoding="euc-kr"?>'
_UNDEFINED = both(root=' xmlns:dc="http://purl.org/dc/elements/1.1/"')
_UHC = ("펲시 앞 똠얌 거리, 믜리골로 옮긴다", "https://news.hanbit.example/a/1003")
_LAUGHS = "".join(f"<!ENTITY l{n} {chr(34)}{10 * f'&l{n - 1};'}{chr(34)}>" for n in range(1, 10))
_JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "한빛일보",
    "items": [
        {
            "id": "1",
            "url": _ONE[1],
            "title": _ONE[0],
            "date_published": "2026-09-27T09:30:00+09:00",
        },
        {"id": _TWO[1], "title": _TWO[0], "date_published": "2026-09-27T00:30:00Z"},
    ],
}


def _encodings() -> list[Case]:
    utf8, declared = both(), both(head=_DECLARED_EUC)
    uhc = rss(item(*_UHC), item(*_TWO), head=_DECLARED_EUC)
    found_uhc = [(*_UHC, _WHEN), (*_TWO, _WHEN)]
    return [
        Case("cp949-labelled-euc-kr", uhc.encode("cp949"), found_uhc),
        Case("cp949-undeclared", both(head="").encode("cp949"), BOTH),
        Case("cp949-header-says-utf-8", declared.encode("cp949"), BOTH,
             content_type="text/xml; charset=utf-8"),
        Case("utf-8-xml-says-euc-kr", declared.encode(), BOTH),
        Case("utf-8-header-says-euc-kr", utf8.encode(), BOTH, content_type="text/xml; charset=euc-kr"),
        Case("bom-utf-8-xml-says-euc-kr", b"\xef\xbb\xbf" + declared.encode(), BOTH),
        Case("utf-16-with-bom", both(head='<?xml version="1.0" encoding="UTF-16"?>').encode("utf-16"), BOTH),
        Case("says-utf-16-is-utf-8", both(head='<?xml version="1.0" encoding="UTF-16"?>').encode(), BOTH),
        Case("ks-c-5601-label", both(head='<?xml version="1.0" encoding="ks_c_5601-1987"?>').encode("cp949"),
             BOTH),
    ]  # fmt: skip


def _dates() -> list[Case]:
    day = datetime(2026, 9, 27, tzinfo=KST)
    return [
        Case("no-dates", dated("").encode(), NO_DATES),
        Case("date-korean", dated("<pubDate>2026년 9월 27일 오전 9시 30분</pubDate>").encode(), BOTH),
        Case("date-no-zone", dated("<pubDate>2026-09-27 09:30:00</pubDate>").encode(), BOTH),
        Case("date-weekday-korean",
             dated("<pubDate>일, 27 9월 2026 09:30:00 +0900</pubDate>").encode(), BOTH),
        Case("date-kst", dated("<pubDate>Sun, 27 Sep 2026 09:30:00 KST</pubDate>").encode(), BOTH),
        Case("date-wrong-weekday", dated("<pubDate>Mon, 27 Sep 2026 09:30:00 +0900</pubDate>").encode(), BOTH),
        Case("date-dotted", dated("<pubDate>2026.09.27 09:30</pubDate>").encode(), BOTH),
        Case("date-iso-and-half-day", dated("<pubDate>2026-09-27 오전 9:30</pubDate>").encode(), BOTH),
        Case("date-two-digit-year", dated("<pubDate>Sun, 27 Sep 26 09:30:00 +0900</pubDate>").encode(), BOTH),
        Case("date-stamp", dated("<pubDate>20260927093000</pubDate>").encode(), BOTH),
        Case("date-only", dated("<pubDate>2026-09-27</pubDate>").encode(),
             [(*_ONE, day), (*_TWO, day)]),
        Case("date-nonsense", dated("<pubDate>곧</pubDate>").encode(), NO_DATES),
        Case("date-future", dated("<pubDate>Sun, 27 Sep 2099 09:30:00 +0900</pubDate>").encode(), NO_DATES),
        Case("dc-date", rss(item(date="<dc:date>2026-09-27T09:30:00+09:00</dc:date>"),
                            item(*_TWO, date="<dc:date>2026-09-27T00:30:00Z</dc:date>"),
                            root=' xmlns:dc="http://purl.org/dc/elements/1.1/"').encode(), BOTH),
    ]  # fmt: skip


def _links() -> list[Case]:
    relative = rss(item(link="/a/1001"), item(_TWO[0], "../a/1002"))
    tracked = rss(
        item(link=f"{_ONE[1]}?utm_source=rss&amp;utm_medium=feed"),
        item(_TWO[0], "https://feeds.proxy.example/~r/hanbit/~3/xyz/1002",
             more=f'<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">'
             f"{_TWO[1]}</feedburner:origLink>"),
    )  # fmt: skip
    guid = [
        f"<item><title>{title}</title><guid{how}>{link}</guid>"
        "<pubDate>Sun, 27 Sep 2026 09:30:00 +0900</pubDate></item>"
        for (title, link), how in ((_ONE, ""), (_TWO, ' isPermaLink="true"'))
    ]
    not_permanent = item(more='<guid isPermaLink="false">hanbit-1</guid>')
    same_guid = [item(more="<guid>https://x.example/same</guid>"),
                 item(*_TWO, more="<guid>https://x.example/same</guid>")]  # fmt: skip
    based = atom(
        entry(_ONE[0], _alternate("a/1001")), entry(_TWO[0], _alternate("/a/1002")),
        root=' xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.hanbit.example/"',
    )  # fmt: skip
    rels = '<link rel="self" href="https://x.example/s"/><link rel="enclosure" href="https://x.example/m.mp3"/>'
    return [
        Case("links-relative", relative.encode(), BOTH),
        Case("xml-base", based.encode(), BOTH),
        Case("links-tracked", tracked.encode(), BOTH),
        Case("guid-instead-of-link", rss(*guid).encode(), BOTH),
        Case("guid-no-permalink", rss(not_permanent, item(*_TWO)).encode(), BOTH),
        Case("guids-the-same", rss(*same_guid).encode(), BOTH),
        Case("items-twice", rss(item(), item(), item(*_TWO)).encode(), BOTH),
        Case("link-cdata-and-blanks",
             rss(item(link=f"\n <![CDATA[ {_ONE[1]} ]]>\n"), item(*_TWO)).encode(), BOTH),
        Case("link-bare-ampersand", rss(item(link=f"{_ONE[1]}?a=1&b=2"), item(*_TWO)).encode(),
             [(_ONE[0], f"{_ONE[1]}?a=1&b=2", _WHEN), BOTH[1]]),
        Case("atom-link-rels",
             atom(entry(_ONE[0], rels + _alternate(_ONE[1])), entry(_TWO[0], f'<link href="{_TWO[1]}"/>'))
             .encode(),
             BOTH),
        Case("no-link", rss(f"<item><title>{_ONE[0]}</title></item>", item(*_TWO)).encode(), [BOTH[1]]),
        Case("link-javascript", rss(item(link="javascript:alert(1)"), item(*_TWO)).encode(), [BOTH[1]]),
    ]  # fmt: skip


def _texts() -> list[Case]:
    def titled(title: str) -> bytes:
        return rss(item(title), item(*_TWO)).encode()

    quoted = [("“온새시” 강변 & 산책로", _ONE[1], _WHEN), BOTH[1]]
    return [
        Case("title-html-in-cdata", titled(f"<![CDATA[<b>{_ONE[0]}</b>&nbsp;]]>"), BOTH),
        Case("title-entities", titled("&#8220;온새시&#8221; 강변 &amp; 산책로"), quoted),
        Case("title-double-escaped", titled("&amp;ldquo;온새시&amp;rdquo; 강변 &amp;amp; 산책로"), quoted),
        Case("title-html-entities", titled("&ldquo;온새시&rdquo; 강변&nbsp;&amp; 산책로"), quoted),
        Case("title-escaped-tags", titled(f"&lt;font color=red&gt;{_ONE[0]}&lt;/font&gt;"), BOTH),
        Case("title-less-than", titled("<![CDATA[물가 상승률 2% < 목표]]>"),
             [("물가 상승률 2% < 목표", _ONE[1], _WHEN), BOTH[1]]),
        Case("title-angle-quotes", titled("<![CDATA[<한빛 기획> 산책로]]>"),
             [("<한빛 기획> 산책로", _ONE[1], _WHEN), BOTH[1]]),
        Case("control-characters", titled(f"\x08{_ONE[0]}\x0b"), BOTH),
        Case("title-empty", rss(item(""), item(*_TWO)).encode(), [("", _ONE[1], _WHEN), BOTH[1]]),
        Case("items-empty", rss("<item></item>", "<item/>", item(), item(*_TWO)).encode(), BOTH),
    ]  # fmt: skip


def _broken() -> list[Case]:
    missing = rss(item(more="<dc:creator>김온결</dc:creator>"),
                  item(*_TWO, more="<content:encoded>본문</content:encoded>"))  # fmt: skip
    unclosed = both().replace("</channel></rss>", "")
    cut = both()[: -len("</item></channel></rss>") - 20]
    crossed = rss(item(more="<description><p>요약<br></description>"), item(*_TWO))
    return [
        Case("namespaces-missing", missing.encode(), BOTH),
        Case("unclosed-at-the-end", unclosed.encode(), BOTH),
        Case("cut-in-an-item", cut.encode(), [BOTH[0], NO_DATES[1]]),
        Case("unclosed-tags-in-description", crossed.encode(), BOTH),
        Case("blanks-before-declaration", f"\n\n  {both()}".encode(), BOTH),
        Case("junk-before", f"Notice: undefined index in line 3\n{both()}".encode(), BOTH),
        Case("html-in-a-comment-before", f"<!-- <html> by hand -->{both()}".encode(), BOTH),
        Case("junk-behind", f"{both()}<!-- 0.3 s --><script>x</script>".encode(), BOTH),
        Case("nul-bytes", both().replace("산책로", "산책\0로").encode(), BOTH),
        Case("gzip-unlabelled", gzip.compress(both().encode(), mtime=0), BOTH),
        Case("called-html", both().encode(), BOTH, content_type="text/html; charset=utf-8"),
        Case("html-instead", b"<!DOCTYPE html><html><head><title>x</title></head><body><p>x</p></body></html>",
             error="LayoutChanged", content_type="text/html"),
        Case("html-fragment", b"<div><p>Service is closed</p></div>", error="LayoutChanged",
             content_type="text/html"),
        Case("nothing", b"", error="LayoutChanged"),
        Case("json-of-another-kind", b'{"error": "no such feed"}', error="LayoutChanged",
             content_type="application/json"),
        Case("no-items", rss().encode(), []),
    ]  # fmt: skip


def _bombs() -> list[Case]:
    laughs = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "하">{_LAUGHS}]>'
    external = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    parameter = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY % x SYSTEM "http://x.example/d"> %x;]>'
    )
    plain = '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/r.dtd">'
    return [
        Case("billion-laughs", rss(item("&l9;"), head=laughs).encode(), error="BadAnswer"),
        Case("external-entity", rss(item("&x;"), head=external).encode(), error="BadAnswer"),
        Case("parameter-entity", rss(item(), head=parameter).encode(), error="BadAnswer"),
        Case("doctype-of-rss-0.91", both(head=plain).encode(), BOTH),
    ]


def _kinds() -> list[Case]:
    rdf = (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel rdf:about='x'><title>한빛</title></channel>"
        + "".join(
            f'<item rdf:about="{link}"><title>{title}</title><link>{link}</link>'
            "<dc:date>2026-09-27T09:30:00+09:00</dc:date></item>"
            for title, link in (_ONE, _TWO)
        )
        + "</rdf:RDF>"
    )
    rdf_09 = rdf.replace("http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/")
    early = both().replace('version="2.0"', 'version="0.91"')
    atom_10 = atom(*(entry(title, _alternate(link)) for title, link in (_ONE, _TWO)))
    html_titles = atom(
        entry(_ONE[0], _alternate(_ONE[1])).replace(
            f"<title>{_ONE[0]}", f'<title type="html">&lt;b&gt;{_ONE[0]}&lt;/b&gt;'
        ),
        entry(_TWO[0], _alternate(_TWO[1])).replace(
            f"<title>{_TWO[0]}",
            f'<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><em>{_TWO[0]}</em></div>',
        ),
    )
    atom_03 = atom_10.replace("http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#").replace(
        "published>", "issued>"
    )
    return [
        Case("rss-2.0", both().encode(), BOTH),
        Case("rss-1.0", rdf.encode(), BOTH, content_type="application/rdf+xml"),
        Case("rss-0.9", rdf_09.encode(), BOTH, content_type="application/rdf+xml"),
        Case("rss-0.91", early.encode(), BOTH),
        Case("atom-1.0", atom_10.encode(), BOTH, content_type="application/atom+xml"),
        Case("atom-0.3", atom_03.encode(), BOTH, content_type="application/atom+xml"),
        Case("atom-html-titles", html_titles.encode(), BOTH, content_type="application/atom+xml"),
        Case("atom-no-namespace", atom(entry(_ONE[0], _alternate(_ONE[1])), entry(_TWO[0], _alternate(_TWO[1])),
             root="").encode(), BOTH, content_type="application/atom+xml"),
        Case("json-feed", json.dumps(_JSON).encode(), BOTH, content_type="application/feed+json"),
        Case("json-feed-bom", b"\xef\xbb\xbf" + json.dumps(_JSON, ensure_ascii=False).encode(), BOTH,
             content_type="application/json"),
    ]  # fmt: skip


CASES = [*_kinds(), *_encodings(), *_dates(), *_links(), *_texts(), *_broken(), *_bombs()]
