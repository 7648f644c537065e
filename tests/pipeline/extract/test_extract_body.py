"""The body of an article page: one page of fiction for each cause that takes text away or adds what is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from pipeline.extract.body import ExtractedBody, Hints, read_body
from pipeline.records import Page
from pipeline.select import parse

URL = "https://press.example/news/1"
FIRST = "The harbour of Lindenau was closed on Monday after a crane fell into the water, the mayor said."
SECOND = "Nobody was hurt, but ferries to the islands were cancelled until the wreck could be lifted out."
THIRD = "Divers will look at the wreck on Tuesday morning, and the harbour may open again in the evening."
FOURTH = "The crane had been checked in spring, when inspectors found no fault with its legs or its rails."
PROSE = [FIRST, SECOND, THIRD, FOURTH]


def p(*texts: str, name: str = "") -> str:
    opened = f'<p class="{name}">' if name else "<p>"
    return "".join(f"{opened}{text}</p>" for text in texts)


def read(body: str, *, hints: Hints | None = None, head: str = "") -> ExtractedBody:
    html = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    page = Page(URL, html, datetime(2026, 3, 1, tzinfo=UTC))
    return read_body(parse(html, URL), page, hints or Hints())


def texts(body: ExtractedBody) -> list[str]:
    return [block.text for block in body.blocks if block.type not in ("caption", "table")]


NOT_TEXT = {
    "headline": "<h1>Crane falls into harbour</h1>",
    "kicker": '<div class="kicker">Lindenau</div>',
    "byline by name": '<div class="byline">By Ada Morgen</div>',
    "byline by wording": "<p>By Ada Morgen and Kim Wells</p>",
    "dateline of publication": "<p>Published 3 March 2026, 10:15</p>",
    "date alone": "<p>03.03.2026, 10:15</p>",
    "caption": '<figure><img src="/a.jpg"><figcaption>The crane in the water.</figcaption></figure>',
    "caption without a figure": '<div><img src="/a.jpg"><div>The crane in the water.</div></div>',
    "deck as a heading": "<h2>Ferries to the islands are cancelled, and the wreck is to be lifted</h2>",
    "hidden": '<div style="display: none">This text is hidden from every reader of the page, entirely.</div>',
    "script": "<script>var text = 'The harbour of Lindenau is closed, said a script of the page.';</script>",
    "share buttons": '<div class="share-tools"><p>Share this with the friends that you have.</p></div>',
    "screen reader text": '<p class="sr-only">Jump to the end of this article if you like to.</p>',
    "advertisement label": "<p>Advertisement</p>",
    "video in consent frame": "<figure><p>Allow the contents of others to see this video here.</p></figure>",
}
IN_BETWEEN = {
    "related links by name": '<div class="related-stories"><p>Fish are back in the harbour again.</p></div>',
    "related links by form": '<ul><li><a href="/2">Fish are back</a></li><li><a href="/3">Boats</a></li></ul>',
    "a line that is a link": '<p><a href="/2">Fish are back in the harbour of Lindenau, anglers say</a></p>',
    "pointer": '<p>Read more: <a href="/2">Fish are back in the harbour</a></p>',
    "label and its link": '<h3>Auch interessant</h3><p>Fische im Hafen</p>',
    "newsletter offer": "<p>Sign up for our free newsletter and never miss the news of the harbour.</p>",
    "newsletter box": '<div class="newsletter-box"><p>All news of the harbour each morning by mail.</p></div>',
    "poll": '<div class="poll"><p>Should the harbour be closed for all of the week? Tell us.</p></div>',
    "aside": "<aside><p>The harbour was built in 1802 and is the oldest of the whole county.</p></aside>",
    "pull quote twice": f"<blockquote>{FIRST}</blockquote>",
    "paragraph twice": p(SECOND),
    "form": "<form><p>Your address is needed, please write it into the field that is below.</p></form>",
}  # fmt: skip
AFTER = {
    "copyright": "<p>© 2026 Lindenau Press. All rights reserved.</p>",
    "signature with e-mail": "<p>Ada Morgen, ada.morgen@press.example</p>",
    "heading of nothing": "<h3>Most discussed</h3>",
    "label of tags": "<h4>Tags</h4><ul><li><a href='/t/1'>harbour</a></li></ul>",
    "author's life": '<div class="author-bio"><p>Ada Morgen has written of ports for ten years.</p></div>',
    "comments": '<div id="comments"><p>I was there and saw it fall, it was loud.</p></div>',
    "cookies": '<div class="cookie-notice"><p>We use cookies to make this page better.</p></div>',
    "short line": "<p>Lindenau Press Agency</p>",
    "another form": '<div class="note">Our paper is printed six days a week since 1950.</div>',
}


@pytest.mark.parametrize("extra", NOT_TEXT.values(), ids=NOT_TEXT)
def test_before_the_text(extra: str) -> None:
    body = read(f"<article>{extra}{p(*PROSE)}</article>", hints=Hints("Crane falls into harbour"))
    assert texts(body) == PROSE


@pytest.mark.parametrize("extra", IN_BETWEEN.values(), ids=IN_BETWEEN)
def test_between_paragraphs(extra: str) -> None:
    body = read(f"<article>{p(FIRST, SECOND)}{extra}{p(THIRD, FOURTH)}</article>")
    assert texts(body) == PROSE


@pytest.mark.parametrize("extra", AFTER.values(), ids=AFTER)
def test_after_the_text(extra: str) -> None:
    assert texts(read(f"<article>{p(*PROSE)}{extra}</article>")) == PROSE


CONTAINERS = {
    "article": f"<article>{p(*PROSE)}</article>",
    "no names at all": f"<div><div>{p(*PROSE)}</div></div>",
    "microdata": f'<div itemprop="articleBody">{p(*PROSE)}</div>',
    "broken by br": f"<div class='x'>{'<br><br>'.join(PROSE)}</div>",
    "a block a paragraph": "".join(f"<div class='t'><div>{text}</div></div>" for text in PROSE),
    "lede apart": f"<div>{p(FIRST, name='lead')}<div class='rest'>{p(*PROSE[1:])}</div></div>",
    "in parts": f"<div><div class='zone'>{p(*PROSE[:2])}</div><i>-</i>"
    f"<div class='zone'>{p(*PROSE[2:])}</div></div>",
    "in parts without a name": f"<section><div>{p(*PROSE[:3])}</div><figure><img src='/a.jpg'></figure>"
    f"<div>{p(FOURTH)}</div></section>",
    "layout table": f"<table><tr><td>menu</td><td>{p(*PROSE)}</td></tr></table>",
    "form around the page": f"<form>{p(*PROSE)}</form>",
    "name of a state": f'<div class="has-sidebar comments-open no-ads">{p(*PROSE)}</div>',
    "name of a theme": f'<div class="post-1 tag-comments category-jobs">{p(*PROSE)}</div>',
    "utility classes": f'<div class="print:hidden dark:menu">{p(*PROSE)}</div>',
    "noise name around all": f'<div class="widget"><div class="banner-wide">{p(*PROSE)}</div></div>',
    "header and footer": f"<header>{p('Our page is read by many people, each day.')}</header>{p(*PROSE)}"
    f"<footer>{p('This page belongs to Lindenau Press, and all of its texts do.')}</footer>",
}  # fmt: skip


@pytest.mark.parametrize("markup", CONTAINERS.values(), ids=CONTAINERS)
def test_body_is_found_whole(markup: str) -> None:
    menu = "".join(f'<li><a href="/{i}">A section of the paper, {i}</a></li>' for i in range(9))
    assert texts(read(f"<nav><ul>{menu}</ul></nav><main>{markup}</main>")) == PROSE


def test_of_several_articles_the_one_with_the_headline_is_read() -> None:
    other = "".join(f"<p>{text} This was elsewhere.</p>" for text in PROSE * 3)
    markup = f"<article><h1>Crane falls</h1>{p(*PROSE)}</article><article><h1>Other</h1>{other}</article>"
    assert texts(read(markup, hints=Hints("Crane falls"))) == PROSE
    assert texts(read(markup)) == PROSE


def test_blocks_are_typed() -> None:
    body = read(
        f"<article>{p(FIRST)}<h2>How it fell</h2>{p(SECOND)}<p><b>What comes next</b></p>{p(THIRD)}"
        "<ul><li>Lift the crane.</li><li>Look at the quay.</li></ul>"
        "<blockquote><p>It was loud.</p><p>It was wet, too.</p></blockquote>"
        "<table><tr><th>Ferry</th><th>Trips</th></tr><tr><td>Anna</td><td>4</td></tr></table>"
        '<figure><img src="/a.jpg"><figcaption>The crane.</figcaption></figure>'
        f"{p(FOURTH)}</article>"
    )
    assert [(block.type, block.text) for block in body.blocks] == [
        ("paragraph", FIRST),
        ("subhead", "How it fell"),
        ("paragraph", SECOND),
        ("subhead", "What comes next"),
        ("paragraph", THIRD),
        ("list", "Lift the crane.\nLook at the quay."),
        ("quote", "It was loud.\nIt was wet, too."),
        ("table", "Ferry | Trips\nAnna | 4"),
        ("caption", "The crane."),
        ("paragraph", FOURTH),
    ]


def test_inline_markup_does_not_break_lines() -> None:
    first = FIRST.replace("Lindenau", '<a href="/l">Lindenau<svg></svg></a>').replace(
        "mayor", "<em>mayor</em>"
    )
    assert texts(read(f"<article>{p(first, *PROSE[1:])}</article>")) == PROSE


def test_pictures_have_captions_and_credits() -> None:
    body = read(
        '<article><figure><img data-src="/lead.jpg" src="data:,"><figcaption>The harbour.'
        '<span class="credit">Kim Wells</span></figcaption></figure>'
        f'<div class="text">{p(FIRST, SECOND)}'
        '<picture><source srcset="/s.jpg 300w, /b.jpg 900w"><img></picture>'
        f'<img src="/dot.gif" width="1" height="1">{p(THIRD, FOURTH)}</div></article>'
    )
    assert [*body.images] == ["https://press.example/lead.jpg", "https://press.example/b.jpg"]
    lead = body.images["https://press.example/lead.jpg"]
    assert (lead.caption, lead.credit) == ("The harbour.", "Kim Wells")


def test_what_is_dropped_is_kept_elsewhere() -> None:
    body = read(
        f"<article>{p('By Ada Morgen', FIRST, SECOND)}<p><a href='/2'>Fish are back in the harbour</a></p>"
        f"{p(THIRD, FOURTH)}<p>ada.morgen@press.example</p><p>Copyright 2026 Lindenau Press</p></article>"
    )
    assert [(link.headline, link.url) for link in body.related] == [
        ("Fish are back in the harbour", "https://press.example/2")
    ]
    assert body.signoffs == ["ada.morgen@press.example", "By Ada Morgen"]
    assert body.notices == ["Copyright 2026 Lindenau Press"]


KOREAN = [
    "린덴항이 월요일 크레인이 바다로 넘어진 뒤 폐쇄됐다고 시장이 밝혔다.",
    "다친 사람은 없지만 섬으로 가는 배편은 잔해를 들어 올릴 때까지 모두 취소됐다.",
    "잠수부들이 화요일 아침 잔해를 살펴볼 예정이며 항구는 저녁에 다시 열릴 수 있다.",
]
JAPANESE = [
    "リンデン港は月曜日、クレーンが海に倒れたため閉鎖されたと市長が発表した。",
    "けが人はいないが、島への船は残骸が引き上げられるまで全て欠航となった。",
    "潜水士が火曜日の朝に残骸を調べ、港は夕方に再開する可能性がある。",
]


@pytest.mark.parametrize(
    ("prose", "extra"),
    [
        (KOREAN, "<p>한바다 기자 bada@press.example</p><p>ⓒ 린덴일보, 무단전재 및 재배포 금지</p>"),
        (JAPANESE, "<p>この記事は会員限定です。</p><p>関連記事</p><p>港に魚が戻る</p>"),
    ],
)
def test_east_asian_pages(prose: list[str], extra: str) -> None:
    assert texts(read(f"<div class='a'>{p(*prose)}{extra}</div>")) == prose


HTML = p(*PROSE)
STREAM = (
    f'1:["$","div"]\n24:T{len(HTML.encode()):x},{HTML}25:{{"article":{{"contentHtml":"$24"}}}}\n'
)
ELEMENTS = [
    {"type": "text", "content": FIRST},
    {"type": "image", "caption": "The crane."},
    {"type": "text", "content": SECOND},
    {"type": "list", "items": [{"content": THIRD}]},
    {"type": "quote", "content_elements": [{"type": "text", "content": FOURTH}]},
]
SCRIPTS = {
    "next data": '<script id="__NEXT_DATA__" type="application/json">'
    + json.dumps({"props": {"contentHtml": HTML + "$$AD$$"}}).replace("<", "\\u003c")
    + "</script>",
    "stream of server components": "<script>self.__next_f.push([1,"
    + json.dumps(STREAM).replace("<", "\\u003c")
    + "])</script>",
    "content elements": "<script>window.Fusion={};Fusion.globalContent="
    + json.dumps({"headlines": {}, "content_elements": ELEMENTS}).replace("</", "<\\/")
    + ";Fusion.x=1</script>",
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_body_that_stands_in_scripts_only(script: str) -> None:
    body = read(f"<div id='app'><p>The harbour of Lindenau was closed.</p></div>{script}")
    assert [line for text in texts(body) for line in text.split("\n")] == PROSE
    assert body.warnings == ["the body was read from the state in the page's scripts"]


@pytest.mark.parametrize("article_body", ["\n\n".join(PROSE), HTML])
def test_article_body_of_the_data_is_the_last_resort(article_body: str) -> None:
    body = read("<div id='app'></div>", hints=Hints(article_body=article_body))
    assert texts(body) == PROSE
    assert body.warnings == ["the body was read from the articleBody in the page's scripts"]


def test_page_without_text_has_no_body() -> None:
    assert read("<div></div>") == ExtractedBody()
    assert read("") == ExtractedBody()
