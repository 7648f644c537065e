"""What holds for the body of any page, however broken: no error, clean text, and nothing made up."""

from __future__ import annotations

import gc
import json
import time
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadAnswer
from pipeline.extract.body import ExtractedBody, Hints, read_body
from pipeline.extract.survey import Element
from pipeline.records import Page
from pipeline.select import parse

URL = "https://press.example/news/1"
SENTENCE = "The ferry to the islands was late again on Monday, and nobody on the quay could say why it was."
SEED = (
    "<html><body><nav><a href='/'>Home of the paper</a></nav><main><article class='post'>"
    f"<h1>Ferry is late</h1><figure><img src='/a.jpg'><figcaption>Quay</figcaption></figure>"
    f"<p>{SENTENCE}</p><ul><li>{SENTENCE}</li></ul><table><tr><td>a</td><td>b</td></tr></table>"
    f"<blockquote>{SENTENCE}</blockquote><p>섬으로 가는 배가 또 늦었다. <b>왜</b> 그런지 아무도 몰랐다."
    f"<br>{SENTENCE}</p></article></main>"
    '<script>self.__next_f.push([1,"{\\"contentHtml\\":\\"$1\\"}"])</script></body></html>'
)  # fmt: skip
PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<div class='related'>", "</div>", "<table><tr><td>", "</table>", "<br>", "<b>",
        "</b>", "<figure>", "<svg>", "<template>", "<a href='//['>", "</a>", "<!--", "-->", "<script>",
        "</script>", "<li>", "\x00", "\u202e", "\ud800", "e\u0301", "&#x1F600;", "&nbsp;", "<form>",
        "<img srcset=' , 1w'>", "<article>", SENTENCE, "날씨가 좋았다.", "<blockquote>", "<pre>a\nb",
        "<dd>", "<h1>", "<body hidden>", "]]>",
    ]
)  # fmt: skip


def read(html: str, hints: Hints | None = None) -> ExtractedBody | None:
    html = html.encode("utf-8", "replace").decode()
    page = Page(URL, html, datetime(2026, 3, 1, tzinfo=UTC))
    try:
        return read_body(parse(html, URL), page, hints or Hints("Ferry is late", "Press"))
    except BadAnswer:
        return None


@st.composite
def mutated(draw: st.DrawFn) -> str:
    html = SEED
    for _ in range(draw(st.integers(1, 6))):
        at, cut = draw(st.integers(0, len(html))), draw(st.integers(0, 40))
        html = html[:at] + "".join(draw(st.lists(PIECES, max_size=4))) + html[at + cut :]
    return html


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") and character != "\n"


def _is_subsequence(text: str, page: str) -> bool:
    rest = iter(page)
    return all(letter in rest for letter in text if not letter.isspace())


@given(mutated())
def test_text_is_clean_and_stands_on_the_page_in_that_order(html: str) -> None:
    body = read(html)
    if body is None:
        return
    running = [block.text for block in body.blocks if block.type not in ("caption", "table")]
    for text in [*running, *body.signoffs, *body.notices]:
        assert text == unicodedata.normalize("NFC", text)
        assert not any(map(_is_control, text))
        assert text == "\n".join(line.strip() for line in text.split("\n")) != ""
    shown = parse(html.encode("utf-8", "replace").decode(), URL).body
    page = unicodedata.normalize("NFC", shown.text()) if shown is not None else ""
    if not body.warnings:
        assert _is_subsequence("".join(running), page)


@given(st.text(max_size=300), st.text(max_size=300))
def test_anything_is_read(html: str, article_body: str) -> None:
    read(html, Hints(html, article_body, article_body))


KEYS = st.sampled_from(["content_elements", "type", "content", "items"])
STATES = st.recursive(
    st.text(max_size=9) | st.none() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(STATES)
def test_state_of_any_shape_is_read(state: object) -> None:
    written = json.dumps({"content_elements": state, "padding": "x" * 200}).replace("</", "<\\/")
    read(f"<script>Fusion.globalContent={written};</script>")


def test_a_page_that_was_read_is_let_go_at_once() -> None:
    gc.collect()
    gc.disable()
    try:
        read(SEED)
        assert not [each for each in gc.get_objects() if isinstance(each, Element)]
    finally:
        gc.enable()


LARGE = {
    "paragraphs": "<p>" + SENTENCE + "</p>",
    "pictures": "<div><span><img src='/a.jpg'></span>" + SENTENCE * 3,
    "figures": "<figure><b>" + SENTENCE,
    "figures of lists": "<figure><ul><li>" + SENTENCE,
    "pictures without text": "<div><img src='/a.jpg'>",
    "tables": "<table><tr><td>a</td><td>b</td></tr></table>",
    "links": "<a href='/a'>" + SENTENCE + "</a> ",
    "articles": "<article><h1>Ferry</h1><p>" + SENTENCE + "</p></article>",
    "pointers in data": '<script>{"contentHtml":"$1f"}</script>',
    "data": '<script>"html":"' + "\\u003cp>" * 40 + '"</script>',
}


@pytest.mark.parametrize("piece", LARGE.values(), ids=LARGE)
def test_time_grows_with_the_page_and_not_faster(piece: str) -> None:
    taken = []
    for times in (400, 1600):
        html = f"<main>{piece * times}</main>"
        page, tree = Page(URL, html, datetime(2026, 3, 1, tzinfo=UTC)), parse(html, URL)
        start = time.process_time()
        read_body(tree, page, Hints(article_body=SENTENCE * 200))
        taken.append(time.process_time() - start)
    assert taken[1] < max(10 * taken[0], 0.4)
