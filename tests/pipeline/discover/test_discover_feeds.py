"""Feeds as broken as the web has them: every item with its headline, address and time, bombs refused."""

from __future__ import annotations

import time

import pytest

from pipeline import errors
from pipeline.discover.feeds import parse_feed
from pipeline.encoding import decode
from pipeline.fetch.bodies import unpacked
from pipeline.fetch.media import FEED
from pipeline.records import Entry, Page
from tests.pipeline.discover.feed_cases import (
    AT,
    BOTH,
    CASES,
    NOW,
    Case,
    atom,
    both,
    entry,
    item,
    rss,
)


def read(body: bytes, content_type: str = "application/rss+xml") -> tuple[Entry, ...]:
    plain = unpacked(body, AT, 10**6) if FEED.is_packed(body) else body
    return parse_feed(Page(AT, decode(plain, content_type).text, NOW))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_feed_is_read_as_far_as_it_can_be(case: Case) -> None:
    assert FEED.may_be(case.content_type.split(";")[0])
    if case.error:
        with pytest.raises(getattr(errors, case.error)):
            read(case.body, case.content_type)
        return
    found = read(case.body, case.content_type)
    assert [(it.headline, it.url, it.published_at) for it in found] == case.found
    assert [it.rank for it in found] == list(range(1, len(found) + 1))


def test_ids_are_those_of_the_portal_or_of_the_address() -> None:
    links = (
        "https://v.daum.net/v/20260927081532104?f=m",
        "https://news.hanbit.example/a/1?utm_source=x",
    )
    of_portal, of_web = read(
        rss(*(item(link=link.replace("&", "&amp;")) for link in links)).encode()
    )
    assert of_portal.article_id == "daum:20260927081532104"
    assert of_portal.url == "https://v.daum.net/v/20260927081532104"
    assert of_web.article_id.startswith("web:")
    assert (of_web.url, of_web.listed_url) == ("https://news.hanbit.example/a/1", links[1])


def test_ten_thousand_items_are_read_in_order() -> None:
    items = (item(f"기사 {n}", f"/a/{n}") for n in range(10_000))
    found = read(rss(*items).encode())
    assert len({it.article_id for it in found}) == 10_000
    assert (found[0].headline, found[-1].headline) == ("기사 0", "기사 9999")


@pytest.mark.parametrize(("minutes", "believed"), [(0, False), (1, True)])
def test_a_time_of_change_that_all_items_share_is_the_feeds(minutes: int, believed: bool) -> None:
    entries = (
        entry(
            f"기사 {n}",
            f'<link href="/a/{n}"/>',
            f"<updated>2026-09-27T10:{n * minutes:02}:00Z</updated>",
        )
        for n in range(6)
    )
    assert all(bool(it.modified_at) == believed for it in read(atom(*entries).encode()))


_SHAPES = {
    "deep": both().replace("</channel>", "<a>" * 20_000),
    "open-comments": both().replace("</channel>", "<!--" * 100_000),
    "open-tags": both().replace("</channel>", "<a " * 20_000),
    "open-cdata": both().replace("</channel>", "<![CDATA[" * 50_000),
    "ampersands": both().replace("</channel>", "&" * 100_000),
    "title-of-blanks": rss(item(" " * 500_000)),
    "doctypes-behind-the-root": both().replace("</channel>", "<!DOCTYPE x [" * 20_000),
}  # fmt: skip


@pytest.mark.parametrize("shape", _SHAPES)
def test_no_shape_holds_the_reader_up(shape: str) -> None:
    began = time.process_time()
    read(_SHAPES[shape].encode())
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "more",
    [
        "<a " + " ".join(f"b{n}='c'" for n in range(20_000)) + ">",
        "".join(f'<x{n}:a xmlns:x{n}="u{n}"/>' for n in range(5_000)),
        "<a>" * 500_000,
    ],
    ids=["attributes", "namespaces", "tags"],
)
def test_a_shape_that_takes_minutes_is_refused(more: str) -> None:
    with pytest.raises(errors.BadAnswer, match="too costly"):
        read(both().replace("</channel>", f"{more}</channel>").encode())


@pytest.mark.parametrize("name", ["/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:1/x"])
def test_a_body_that_is_an_address_is_not_opened(name: str) -> None:
    with pytest.raises(errors.LayoutChanged):
        read(name.encode())
    assert read(rss(item(name), item()).encode())[0].headline == name


def test_entities_of_a_known_kind_in_text_about_xml_are_no_bomb() -> None:
    found = read(rss(item("<![CDATA[XML의 <!ENTITY 선언이란]]>"), item(*BOTH[1][:2])).encode())
    assert len(found) == 2
