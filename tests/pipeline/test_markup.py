"""Markup that would hold the parser up is refused; what a newspaper could send is not."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipeline import markup_gate
from pipeline.errors import BadAnswer
from pipeline.markup import refuse_costly
from pipeline.markup_scan import Scan
from pipeline.select import parse

URL = "https://v.daum.net/v/1"


def refuse(html: str) -> None:
    refuse_costly(html.encode("utf-8", "replace"), URL)


def _numbered(form: str, count: int) -> str:
    return "".join(form.format(n) for n in range(count))


DEEP = "<div>" * 40_000
HOSTILE = {
    "div": DEEP,
    "ul": "<ul><li>" * 20_000,
    "closed in the end": DEEP + "</div>" * 40_000,
    "blocks in inline": "<span>" * 20_000 + "<li></li>" * 20_000,
    "other end tags": "<div></x>" * 40_000,
    "end tags that are ignored": "<div></p></span></td></form></svg>" * 30_000,
    "formatting around": "<a><div></a>" * 40_000,
    "forms": "<form><div></form>" * 40_000,
    "image": "<svg>" + "<g></p>" * 40_000,
    "ruby": "<rt>" * 40_000,
    "attributes": "<p " + _numbered("a{} ", 50_000) + ">",
    "attributes with values": "<p " + _numbered("a{}='>'", 50_000) + ">",
    "attributes behind slashes": "<p" + _numbered("/a{}", 50_000) + ">",
    "attributes of an end tag": "</p " + _numbered("a{} ", 50_000) + ">",
    "attributes without an end": "<p " + _numbered("a{} ", 50_000),
    "attributes of many bodies": _numbered("<body a{}>", 40_000),
    "names": _numbered("<x{0} a{0}></x{0}>", 40_000),
    "options": "<select>" + "<option>가</option>" * 30_000,
    "options chosen": "<select>" + "<option selected>가" * 10_000,
    "options, copied": "<select>" + "<selectedcontent></selectedcontent><option>가" * 10_000,
    "options in groups": "<select>" + "<optgroup><option>가</optgroup>" * 30_000,
    "groups": "<optgroup>" * 40_000,
    "formatting": _numbered("<font a={}>", 20_000),
    "formatting in each paragraph": _numbered("<p><b a={}>가", 10_000),
    "formatting before paragraphs": "<p>" + _numbered("<b {}>", 3_000) + "<p>가" * 10_000,
    "formatting that is alike": "<b><i></p><div></div><ul>" * 40_000,
    "formatting with attributes": _numbered("<p><b a b c d e f g h i j k l {}>", 1_500),
    "formatting in upper case": _numbered(
        "<FONT\f" + " ".join(f"a{n}" for n in range(99)) + " b={}>", 700
    ),
    "ends of formatting across blocks": _numbered("<b a{}><div>", 60) + "<div></b>" * 5_900,
    "ends of formatting, then": _numbered("<b a{}>", 8) + "<div>" * 5_900 + "</b>" * 5_900,
    "attributes of long bodies": "".join(
        "<body " + "".join(f"a{n}_{m} " for m in range(300)) + ">" for n in range(100)
    ),
    "names in all": "".join(
        "<p " + "".join(f"x{n}_{m} " for m in range(60)) + ">" for n in range(2_900)
    ),
    "formatting, behind a comment": "<!--<i a='-->" + _numbered("<p><b {}>가", 3_000),
    "formatting, behind a script": "<script>'<i a=\"'</script>"
    + _numbered("<p><b a b c d e f g h i j {}>가", 1_400)
    + '"',
}
LONG = {
    "signs": "a{} <x ",
    "tags in quotes": "a{} b='<a>' ",
    "tags with quotes in quotes": "a{} b=\"<a href='x'>y</a>\" ",
    "blanks before quotes": "a{} b= " + " " * 60 + "'<a href=\"x\">y</a>' ",
    "quotes that open in quotes": "a{} b='<a href=x><b c=\"' ",
    "slashes": "/a{}/b='</a>'",
}
"""Attributes of a tag in which other tags seem to begin and to end."""
HIDDEN = {
    "empty comment": "<!-->" + DEEP,
    "dash in comment": "<!--->" + DEEP,
    "comment with a bang": "<!-- --!>" + DEEP + "-->",
    "comment in comment": "<!-- <!-- -->" + DEEP + "-->",
    "question mark": "<?php '>" + DEEP + "'?>",
    "declaration": "<!x '>" + DEEP + "'>",
    "end tag without a name": "</ '>" + DEEP + "'>",
    "CDATA outside an image": "<![CDATA[>" + DEEP + "]]>",
    "CDATA in an image": "<svg><![CDATA[<script>]]></svg>" + DEEP,
    "CDATA in a style": "<svg><style><![CDATA[</style>]]><!--</style></svg>" + DEEP + "-->",
    "quote in an attribute's name": "<p a'>" + DEEP + "<p '>",
    "quote without an equals sign": '<p ">' + DEEP + '<p ">',
    "quote in a bare value": "<p a=b'>" + DEEP + "<p '>",
    "equals sign for a name": "<p ='>" + DEEP + "<p '>",
    "slash that is no end": "<svg>" + "<g /a=b/>" * 20_000 + "</x>" * 20_000,
    "slash before a quote": "<p a=/'>" + DEEP + "<p '>",
    "self-closing": "<div/>" * 40_000,
    "self-closing that is a value": "<svg>" + "<g a=b/>" * 20_000 + "</x>" * 20_000,
    "style in an image": "<svg><style><!--</style></svg>" + DEEP,
    "script in an image": "<svg><script><a '</script></svg>" + DEEP,
    "title in an image": "<svg><title>" + DEEP,
    "left image": "<svg><p><style><!--</style>" + DEEP,
    "style in a frameset": "<frameset><style>" + DEEP,
    "script in a script": "<script><!--<script></script>--></script>" + DEEP,
    "script in a comment": "<script><!--<script>--></script>" + DEEP,
    "script that ends": "<script><!--</script>" + DEEP + "-->",
    "script, an empty comment": "<script><!--><script></script>" + DEEP,
    "style that ends": "<style><!--</style>" + DEEP + "-->",
    "style, other end tag": "<style></styles></style/>" + DEEP,
    "noscript": "<noscript>" + DEEP + "</noscript>",
    "template": "<template>" + DEEP,
    "upper case": DEEP.upper(),
    "NUL and other letters": "<div\0가>" + DEEP,
    "a cell without a table": "<td><div></td>" * 40_000,
    "an image that was left": "<svg><div></svg>" * 40_000,
    "a list in an item": "<li><ul></li>" * 40_000,
}  # fmt: skip


def _page(body: str) -> str:
    head = "<!doctype html><html lang='ko'><head><title>제목</title></head><body class='a'>"
    return f"{head}{body}</body></html>"


def _nested(depth: int, body: str) -> str:
    return "<div class='a b'>" * depth + body + "</div>" * depth


ORDINARY = "<li class='item'><a href='/v/1'><img src=x.jpg alt='가'><b>기사</b></a><br>전문</li>"
HONEST = {
    "empty": "",
    "blanks": " " * 1_000_000,
    "blanks in a tag": "<p a" + " " * 1_000_000,
    "slashes in a tag": "<p" + "/" * 1_000_000 + ">",
    "no tags": "<" * 1_000_000 + "< " * 500_000,
    "ends of nothing": "</" * 500_000 + "<!-" * 300_000 + "--!" * 300_000,
    "1 MB of 20,000 tags": _page(_nested(25, "<ul>" + (ORDINARY + "글" * 250) * 3_000 + "</ul>")),
    "1 MB of text": _page("<p>" + "글 " * 500_000),
    "depth 200": _page(_nested(200, ORDINARY * 500)),
    "script with tags": _page("<script>" + "if (a<b) x='<div a b c>';" * 20_000 + "</script>"),
    "JSON": _page('<script type=application/json>{"a": "<div><p \\"' + "<p>" * 90_000 + "</script>"),
    "data: URI": _page("<img src='data:image/png;base64," + "aB/+" * 125_000 + "'>" + ORDINARY * 900),
    "a long title": "<title>" + "글 < b " * 700_000 + "</title>" + ORDINARY,
    "a comment without an end": _page(ORDINARY + "<!--" + DEEP),
    "500 countries": _page("<select>" + "<option value=kr>한국</option>" * 500 + "</select>" * 2)
    + ORDINARY * 2_000,
    "a table": _page("<table>" + "<tr><td>1<td><b>2</b><td><p>3</tr>" * 3_000 + "</table>"),
    "a table without end tags": _page("<table><tbody>" + "<tr><td>1<td>2<td>3" * 3_000),
    "paragraphs without end tags": _page("<p>가 <a href=x>나</a><br>다" * 10_000),
    "items without end tags": _page("<ul>" + "<li><a href=x>나</a>" * 10_000 + "</ul>"),
    "definitions": _page("<dl>" + "<dt>가<dd>나" * 10_000 + "</dl>"),
    "images": _page("<svg viewBox='0 0 1 1'><g><path d='M0'/></g><style>.a{}</style></svg>" * 2_000),
    "image from a drawing program": _page(
        "<svg><title>가</title><style><![CDATA[.a > .b {}]]></style><path d=''/></svg>" * 1_500
    ),
    "broken formatting": _page("<p><b>가<i>나</b></i></p><font color=red><p>다</font></p>" * 1_500),
    "links left open": _page("<div><a href=x>가</div>" * 3_000),
    "stray end tags": _page("<p>가</p></p></div></span>" * 5_000),
    "quotes": _page("<p title='a \"b\" > c' data-a=\"it's\" b>가</p>" * 5_000),
}  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
def test_costly_markup_is_refused(html: str) -> None:
    with pytest.raises(BadAnswer) as caught:
        parse(html, URL)
    assert caught.value.reason == "too_large"
    assert caught.value.url == URL
    with pytest.raises(BadAnswer):
        refuse(_page(ORDINARY * 1_000 + html))


@pytest.mark.parametrize("every", [1, 50, 200])
@pytest.mark.parametrize("form", LONG.values(), ids=LONG)
def test_a_long_tag_is_refused_whatever_is_in_it(form: str, every: int) -> None:
    plain = "".join(form[:4].format(n) if n % every else form.format(n) for n in range(25_000))
    with pytest.raises(BadAnswer):
        refuse(f"<!doctype html><p>가</p><p {plain}>")


@pytest.mark.parametrize("html", HIDDEN.values(), ids=HIDDEN)
def test_it_cannot_be_hidden(html: str) -> None:
    with pytest.raises(BadAnswer):
        refuse(html)


@pytest.mark.parametrize("html", HONEST.values(), ids=HONEST)
def test_ordinary_markup_is_let_pass(html: str) -> None:
    parse(html, URL)


def test_the_refusal_says_what_is_wrong() -> None:
    with pytest.raises(BadAnswer, match=r"nested 1\d,\d{3} deep"):
        parse(DEEP, URL)


NAMES = """
    div p b i a span li ul table tr td svg g desc select option form template object button h1 dd font
    rt style script title textarea noscript math mi optgroup nobr caption
"""
PIECES = [
    *(f"<{name}>" for name in NAMES.split()),
    *(f"</{name}>" for name in NAMES.split()),
    "<br>", "<g/>", "<svg/>", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "'", '"', ">", "<", "</", "x",
    "<a b='", '<a b="', "<a b=c/>", "<b a=1>", "<b a=2>", "<script><!--<script>",
]  # fmt: skip
markups = st.lists(st.sampled_from(PIECES), max_size=9).map("".join)


def _depth(html: str) -> int:
    deepest = 0
    root = LexborHTMLParser(html).root
    stack: list[tuple[LexborNode | None, int]] = [(root, 0)]
    while stack:
        node, depth = stack.pop()
        if node is not None:
            deepest = max(deepest, depth)
            stack.extend((child, depth + 1) for child in node.iter(include_text=False))
    return deepest


@given(st.text() | markups, markups, st.integers(1, 2_000))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_it_is_let_pass_or_refused(before: str, repeated: str, times: int) -> None:
    with suppress(BadAnswer):
        refuse(before + repeated * times)


@given(markups, markups)
@settings(max_examples=300, deadline=None)
def test_the_scan_finds_nesting_as_deep_as_the_parser_does(before: str, repeated: str) -> None:
    html = before + repeated * 100
    scan = Scan(html)
    scan.run()
    assert _depth(html) <= 3 * scan.deepest + 30


IN_TAGS = [
    " a{}",
    "/a{}",
    " <a{}",
    "='",
    '="',
    "= ",
    "=a{}",
    "'",
    '"',
    ">",
    "</",
    "<p",
    " b{0}=' a{0} '",
]
IN_TAGS += [
    "<p a='<x>' c{}>",
    " d{}=\"<a href='x'>y</a>\"",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    " ",
]


@given(
    st.lists(st.sampled_from(IN_TAGS), max_size=6), st.lists(st.sampled_from(IN_TAGS), max_size=6)
)
@example([" d{}", "</", "=a{}", " "], ["='", ">", "=a{}", " b{0}=' a{0} '"])
@settings(max_examples=500, deadline=None)
def test_no_tag_is_longer_than_the_windows_show(before: list[str], repeated: list[str]) -> None:
    first, then = ("".join(pieces).replace("{}", "{0}") for pieces in (before, repeated))
    html = "<p" + _numbered(first, 1) + _numbered(then, 200) + "'\">"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_WINDOW_MOST", 200), ("_REACH", 60), ("_SOON", 40)):
            patch.setattr(markup_gate, name, value)
        are_short = markup_gate._Windows(html.encode()).have_no_long_tag()
    longest = max(len(node.attributes) for node in LexborHTMLParser(html).css("*"))
    assert longest <= (200 + 60) // 2 + 1 or not are_short


def test_what_is_ordinary_is_told_by_a_few_looks() -> None:
    article = (
        ORDINARY * 180
        + "<p>"
        + "글 " * 9_000
        + "<script>"
        + "if (a < b) x = '';" * 900
        + "</script>"
    )
    assert markup_gate.is_surely_harmless(_page(_nested(25, article)).encode())


PARSE = "import sys; from selectolax.lexbor import LexborHTMLParser as P; P(sys.stdin.read())"


@pytest.mark.parametrize("shape", ["<div>", "<option>", "<p><b a={}>가", "<font a={}>", " a{}"])
def test_what_is_let_pass_is_parsed_in_time(shape: str) -> None:
    let_pass = ""
    for count in (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000):
        html = {"<": "<select>", " ": "<p"}[shape[0]] + _numbered(shape, count) + ">"
        try:
            refuse(html)
        except BadAnswer:
            break
        let_pass = html
    assert let_pass
    subprocess.run(
        [sys.executable, "-c", PARSE], input=let_pass, encoding="utf-8", timeout=20, check=True
    )
