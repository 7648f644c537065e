"""Selection that states what it expects, and the text of an element as a reader sees it."""

from __future__ import annotations

import unicodedata

import pytest

from pipeline.errors import LayoutChanged
from pipeline.select import (
    Tree,
    attribute,
    is_block,
    lines_of,
    many,
    maybe,
    one,
    parse,
    text_of,
    texts_of,
)

URL = "https://v.daum.net/v/1"


def _body(html: str) -> Tree:
    return parse(f"<body><main>{html}</main></body>")


def _lines(html: str) -> list[str]:
    return lines_of(one(_body(html), "main", url=URL))


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        pytest.param("가<br>나<br/>다", ["가", "나", "다"], id="br"),
        pytest.param("가<br><br>나", ["가", "나"], id="two br"),
        pytest.param("<p>가</p><p>나</p>", ["가", "나"], id="paragraphs"),
        pytest.param("<p>가 <b>나<i>다</i></b>라</p>", ["가 나다라"], id="inline in inline"),
        pytest.param("가<p>나<div>다</div>라", ["가", "나", "다", "라"], id="blocks cut a line"),
        pytest.param("가\n  나\t다", ["가 나 다"], id="line breaks of the source"),
        pytest.param("<pre>가\n나 <b>다</b>\n라</pre>", ["가", "나 다", "라"], id="pre"),
        pytest.param("가<!-- 주석 -->나", ["가나"], id="comment"),
        pytest.param("가<script>x='다'</script><style>p{}</style>나", ["가나"], id="script, style"),
        pytest.param("가<textarea>다</textarea><button>다</button>나", ["가나"], id="controls"),
        pytest.param("가<noscript>다</noscript><template>다</template>나", ["가나"], id="unseen"),
        pytest.param("가<video>다</video><audio>다</audio>나", ["가나"], id="media fallback"),
        pytest.param("가<span hidden>다</span>나", ["가나"], id="hidden"),
        pytest.param("가<p style='color:red; DISPLAY : none'>다</p>나", ["가나"],
                     id="hidden by style"),
        pytest.param("<ruby>韓<rp>(</rp><rt>한</rt><rp>)</rp></ruby>", ["韓한"], id="ruby"),
        pytest.param("&lt;b&gt;&amp;&nbsp;&#44032;&hellip;", ["<b>& 가…"], id="entities"),
        pytest.param(unicodedata.normalize("NFD", "한빛"), ["한빛"], id="NFD"),
        pytest.param("한\u200b빛\ufeff", ["한빛"], id="zero width"),
        pytest.param("&nbsp;<p>\u200b</p> <br> ", [], id="nothing"),
        pytest.param("<table><tr><td>가</td><td>나</td></tr></table>", ["가", "나"], id="cells"),
        pytest.param("가<hr>나<center>다</center>", ["가", "나", "다"], id="rule and center"),
    ],
)  # fmt: skip
def test_lines(html: str, lines: list[str]) -> None:
    assert _lines(html) == lines


def test_lines_of_a_hidden_element_itself_are_read() -> None:
    hidden = one(_body("<div id=x hidden style='display:none'>가<br>나</div>"), "#x", url=URL)
    assert lines_of(hidden) == ["가", "나"]


def test_lines_of_several_elements_run_on() -> None:
    nodes = _body("<i>가</i><b>나</b><p>다</p><u>라</u>").css("i, b, p, u")
    assert lines_of(*nodes) == ["가나", "다", "라"]


def test_lines_skip_tags() -> None:
    main = one(_body("<p>가</p><figcaption>나</figcaption>"), "main", url=URL)
    assert lines_of(main, skip=frozenset({"figcaption"})) == ["가"]


def test_50_000_levels_are_read() -> None:
    deep = "<b>" * 25_000 + "<i>" * 25_000 + "가"
    assert _lines(deep) == ["가"]
    blocks = "<div>" * 10_000 + "나"  # the parser's own time is quadratic in depth
    assert _lines(blocks) == ["나"]


def test_a_lone_surrogate_does_not_stop_the_parser() -> None:
    assert _lines("가\ud800나&#xD800;")[0].startswith("가나")


def test_one_and_many_raise_where_too_few_match() -> None:
    tree = _body("<p>가</p><p>나</p>")
    assert text_of(one(tree, "p", url=URL)) == "가"
    assert len(many(tree, "p", at_least=2, url=URL)) == 2
    assert many(tree, "h1", at_least=0, url=URL) == []
    with pytest.raises(LayoutChanged) as raised:
        one(tree, "h1.gone", url=URL)
    assert (raised.value.url, raised.value.selector) == (URL, "h1.gone")
    assert (raised.value.expected, raised.value.found) == (1, 0)
    with pytest.raises(LayoutChanged) as raised:
        many(tree, "p", at_least=3, url=URL)
    assert (raised.value.expected, raised.value.found) == (3, 2)


def test_what_may_be_absent_is_none() -> None:
    tree = _body("<p title='  '><a href=' x ' download>y</a></p><i></i>")
    assert maybe(tree, "h1") is None
    assert text_of(None) is None
    assert text_of(maybe(tree, "i")) is None
    assert attribute(None, "href") is None
    assert attribute(maybe(tree, "p"), "title") is None
    assert attribute(maybe(tree, "a"), "download") is None
    assert attribute(maybe(tree, "a"), "href") == "x"


def test_texts_of_keeps_the_pieces_apart() -> None:
    tree = _body("<span>김수정</span><span>입력 <em>2026</em></span><br><b> </b>")
    assert texts_of(one(tree, "main", url=URL)) == ["김수정", "입력", "2026"]


@pytest.mark.parametrize(("tag", "says"), [("p", True), ("div", True), ("b", False), ("a", False)])
def test_is_block(tag: str, says: bool) -> None:
    assert is_block(one(_body(f"<{tag}>x</{tag}>"), f"main > {tag}", url=URL)) is says


@pytest.mark.parametrize(
    "html", ["", "<", "<!--", "\x00", "<html></html>", "<frameset><frame></frameset>"]
)
def test_any_text_is_a_page(html: str) -> None:
    tree = parse(html)
    assert maybe(tree, "main") is None
