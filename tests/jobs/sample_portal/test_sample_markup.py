"""The pages say what the newsroom knows, in the portal's markup and among its noise."""

import re
from datetime import datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, unquote

import pytest

from jobs.sample_portal import KST, SECTIONS, Newsroom, SampleArticle, noise
from jobs.sample_portal.article_markup import article_page
from jobs.sample_portal.listing_markup import listing_page, relative_time
from jobs.sample_portal.site import Site

BASE = "http://127.0.0.1:8765"
VOID = {"meta", "link", "img", "br", "hr", "source", "input"}


@pytest.fixture(scope="module")
def newsroom() -> Newsroom:
    return Newsroom(articles=180)


@pytest.fixture(scope="module")
def pages(newsroom: Newsroom) -> list[tuple[SampleArticle, str]]:
    site = Site(BASE, newsroom)
    return [(article, article_page(article, site)) for article in newsroom.articles()]


def visible(markup: str) -> str:
    text = unescape(re.sub(r"<[^>]*>", " ", markup)).replace("\xa0", " ").replace("\u200b", "")
    return re.sub(r"\s+", " ", text)


def body_of(page: str) -> str:
    found = re.search(r'<div class="article_view".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


class Nesting(HTMLParser):
    """Fails on a tag that is closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


def test_same_newsroom_gives_the_same_bytes() -> None:
    def everything() -> list[str]:
        site = Site(BASE, Newsroom(seed=5), page_weight=20_000)
        listings = [listing_page(section, site) for section in SECTIONS]
        return listings + [article_page(article, site) for article in site.newsroom.articles()]

    assert everything() == everything()


def test_every_page_is_well_nested(pages: list[tuple[SampleArticle, str]]) -> None:
    site = Site(BASE, Newsroom(), page_weight=9_000)
    listings = [listing_page(section, site) for section in SECTIONS]
    for page in [*listings, *(page for _, page in pages)]:
        checker = Nesting()
        checker.feed(page)
        checker.close()
        assert checker.open == []


def test_body_prints_every_block_in_order(pages: list[tuple[SampleArticle, str]]) -> None:
    for article, page in pages:
        text = visible(body_of(page))
        position = 0
        for kind, block in article.body:
            for line in re.split(r" \| |\n", block):
                found = text.find(line, position)
                assert found >= 0, (article.id, kind, line)
                position = found + len(line)


def test_dateline_and_tail_are_printed_but_are_no_block(
    pages: list[tuple[SampleArticle, str]],
) -> None:
    tails = 0
    for article, page in pages:
        text = visible(body_of(page))
        if article.dateline:
            assert f"{article.dateline} {article.lead}" in text
            assert ("paragraph", f"{article.dateline} {article.lead}") in article.body_as_printed
        else:
            assert article.body_as_printed == article.body
        for line in article.tail:
            tails += 1
            assert line in text
            assert line not in article.text
    assert tails > 100


def test_head_tells_what_the_real_head_tells(pages: list[tuple[SampleArticle, str]]) -> None:
    for article, page in pages:
        metas = {
            name: unescape(value)
            for name, value in re.findall(r'<meta property="([^"]+)" content="([^"]*)"', page)
        }
        assert metas["og:title"] == article.headline_as_printed
        assert metas["og:url"] == f"{BASE}/v/{article.id}"
        assert metas["og:regDate"] == f"{article.published_at:%Y%m%d%H%M%S}"
        assert metas["og:article:author"] == article.publisher
        assert metas["og:site_name"] == f"다온 | {article.publisher}"
        assert f"{article.headline_as_printed} | 다온 뉴스</title>" in unescape(page)


def test_byline_and_times_stand_side_by_side(pages: list[tuple[SampleArticle, str]]) -> None:
    for article, page in pages:
        found = re.search(r'<div class="info_view">(.*?)</div>', page, re.DOTALL)
        assert found
        spans = [
            visible(span)
            for span in re.findall(r'<span class="txt_info">(.*?)</span>(?! </span>)', found[1])
        ]
        when = article.published_at
        dates = [f"입력 {when.year}. {when.month}. {when.day}. {when:%H:%M}"]
        if article.modified_at:
            when = article.modified_at
            dates.append(f"수정 {when.year}. {when.month}. {when.day}. {when:%H:%M}")
        byline = [article.byline_as_printed] if article.byline_as_printed else []
        assert [span.strip() for span in spans] == byline + dates


def test_authors_are_told_somewhere_on_the_page(pages: list[tuple[SampleArticle, str]]) -> None:
    for article, page in pages:
        text = visible(page)
        for author in article.authors:
            for told in author:
                assert told is None or told in text


def test_every_noise_string_is_there(pages: list[tuple[SampleArticle, str]]) -> None:
    for article, page in pages:
        text = visible(page)
        wanted = noise.STRINGS + (noise.SUMMARY_STRINGS if article.summary else ())
        for string in wanted:
            assert string in text
        assert ("자동요약" in text) == (article.summary is not None)
        assert article.notice in unescape(page)
        assert not any(string in article.text for string in noise.STRINGS if len(string) > 6)


def test_pictures_tell_their_original_address(pages: list[tuple[SampleArticle, str]]) -> None:
    hidden = 0
    for article, page in pages:
        tags = re.findall(r'<img [^>]*class="thumb_g_article"[^>]*>', page)
        assert len(tags) == len(article.images)
        for tag, image in zip(tags, article.images, strict=True):
            original = re.search(r'data-org-src="([^"]+)"', tag)
            in_thumb = re.search(r'[^-]src="[^"]*\?fname=([^"]+)"', tag)
            assert in_thumb
            assert unquote(in_thumb[1]) == image.url
            assert original is None or original[1] == image.url
            hidden += original is None
    assert hidden > 10


def test_article_links_to_related_and_popular_others(
    pages: list[tuple[SampleArticle, str]],
) -> None:
    for article, page in pages:
        popular = re.findall(rf'class="link_popnews" href="{BASE}/v/(\w+)"', page)
        assert len(set(popular)) == 10
        assert article.id not in popular
        related = re.findall(rf'class="link_relate" href="{BASE}/v/(\w+)"', page)
        assert related == [link.id for link in article.related]


@pytest.mark.parametrize("entries", [4, 20, 25])
def test_listing_blocks_hold_so_many_different_articles(newsroom: Newsroom, entries: int) -> None:
    page = listing_page("economic", Site(BASE, newsroom, entries=entries))
    items = re.findall(r'class="(item_newsheadline2|item_newsbasic)" href="[^"]*/v/(\w+)', page)
    expected = [article.id for article in newsroom.listing("economic", entries)]
    assert {article_id for _, article_id in items} == set(expected)
    assert len(items) > entries
    assert [i for name, i in items if name == "item_newsheadline2"] == expected[: entries * 3 // 5]


def test_listing_item_tells_headline_press_and_age(newsroom: Newsroom) -> None:
    page = listing_page("society", Site(BASE, newsroom))
    first = newsroom.listing("society")[0]
    item = page[page.index('<ul class="list_newsheadline2">') :].partition("</li>")[0]
    assert 'data-tiara-ordnum="1"' in item
    assert f'data-title="{quote(first.headline_as_printed, safe="")}"' in item
    infos = re.findall(r'<span class="txt_info">([^<]*)</span>', item)
    assert infos == [first.publisher, relative_time(first.published_at, newsroom.now)]


def test_long_headlines_are_cut_on_screen_only(newsroom: Newsroom) -> None:
    page = listing_page("digital", Site(BASE, newsroom))
    shown = re.findall(r'data-title="([^"]+)">.*?class="tit_txt">([^<]*)<', page, re.DOTALL)
    cut = [(unquote(whole), unescape(text)) for whole, text in shown if text.endswith("…")]
    assert cut
    assert all(whole.startswith(text[:-1].rstrip()) for whole, text in cut)


def test_listing_prints_addresses_in_old_forms(newsroom: Newsroom) -> None:
    page = listing_page("politics", Site(BASE, newsroom))
    hrefs = re.findall(r'class="item_\w+" href="([^"]+)"', page)
    for form in (r".*\?f=m", r".*\?rcmd=rn", r"//127.*", r"/v/.*", r"http://localhost:8765/v/.*"):
        assert any(re.fullmatch(form, href) for href in hrefs), form
    canonical = [href for href in hrefs if re.fullmatch(rf"{BASE}/v/\w+", href)]
    assert len(canonical) > len(hrefs) / 2
    assert len(re.findall(r'href="[^"]*/gallery/p/', page)) == 1


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=-1), "방금 전"),
        (timedelta(seconds=59), "방금 전"),
        (timedelta(minutes=22, seconds=59), "22분 전"),
        (timedelta(hours=3), "3시간 전"),
        (timedelta(hours=24), "어제"),
        (timedelta(days=2), "2일 전"),
        (timedelta(days=30), "2026. 8. 28. 10:00"),
    ],
)
def test_relative_time(age: timedelta, expected: str) -> None:
    now = datetime(2026, 9, 27, 10, 0, tzinfo=KST)
    assert relative_time(now - age, now) == expected


@pytest.mark.parametrize("weight", [60_000, 150_000])
def test_page_weight(newsroom: Newsroom, weight: int) -> None:
    site = Site(BASE, newsroom, page_weight=weight)
    for page in (
        listing_page("culture", site),
        article_page(newsroom.listing("culture")[0], site),
    ):
        assert len(page.encode()) == weight
