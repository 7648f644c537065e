"""What could get out of a stored field into a page, and the proof that it did not."""

from __future__ import annotations

from html.parser import HTMLParser

EVIL = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'</title><script>alert(2)</script>"
    "\u202egnp.exe{{7*7}}</textarea></style>&lt;b&gt;"
)
EVIL_URL = "javascript:alert(1)//" + EVIL
SCHEMES = ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example/", "http://[")

_ELEMENTS = frozenset({
    "html", "head", "meta", "title", "link", "body", "a", "header", "span", "nav", "main", "h1", "h2", "h3",
    "p", "div", "strong", "bdi", "time", "article", "aside", "section", "ul", "ol", "li", "dl", "dt", "dd",
    "table", "thead", "tbody", "tr", "th", "td", "code", "footer", "figure", "figcaption", "svg", "path",
    "line", "circle", "details", "summary", "ins", "del", "br", "blockquote", "form", "label", "select",
    "option", "input", "button",
})  # fmt: skip
_WITHIN_LINES = frozenset({"a", "span", "bdi", "time", "strong", "ins", "del", "code"})
_ADDRESSES = ("/", "#", "http://", "https://")


class Harmless(HTMLParser):
    """Fails where a page has an element, attribute or address that our templates do not write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _ELEMENTS, tag
        if tag not in _WITHIN_LINES:
            self.text.append(" ")
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("style", "src", "srcset", "srcdoc", "xlink:href"), name
            if name in ("href", "action"):
                assert value, tag
                assert value.startswith(_ADDRESSES), value
                assert not value.startswith("//"), value

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


def text_of(html: str) -> str:
    """Return the text of a page.

    Raises:
        AssertionError: something got out.
    """
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\x00") & set(html)
    page = Harmless()
    page.feed(html)
    page.close()
    return " ".join("".join(page.text).split())
