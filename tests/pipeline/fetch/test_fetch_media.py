"""Feeds and sitemaps off the wire: their media types, gzip files, and their bounds."""

from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobs.sample_portal import Answer, SamplePortal
from pipeline.errors import BadAnswer, PageError, Unreachable
from pipeline.fetch import Fetcher, Limits
from pipeline.fetch.media import FEED, PAGE, SITEMAP, Media
from pipeline.records import Page
from pipeline.store import open_store
from pipeline.urls import authority

NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
RSS = "<rss version='2.0'><channel><title>새 소식</title></channel></rss>".encode()


def fetched(portal: SamplePortal, tmp_path: Any, media: Media, **answer: Any) -> Page:
    portal.answer("/document", Answer(**answer))

    async def once() -> Page | None:
        with open_store(tmp_path / "gisa.db") as store:
            limits = Limits(
                private={authority(portal.base_url)}, max_bytes=100_000, delay=timedelta(0)
            )
            async with Fetcher(limits, store.hosts, contact="", clock=lambda: NOW) as fetcher:
                return await fetcher.page(f"{portal.base_url}/document", media=media)

    page = asyncio.run(once())
    assert page is not None
    return page


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/atom+xml;charset=utf-8", "application/rdf+xml", "text/xml",
     "text/html", "text/plain", "application/feed+json", "application/json", "application/octet-stream"],
)  # fmt: skip
def test_feeds_come_under_many_names(portal: SamplePortal, tmp_path: Any, kind: str) -> None:
    page = fetched(portal, tmp_path, FEED, body=RSS, headers={"Content-Type": kind})
    assert "새 소식" in page.html
    assert portal.requests[-1].headers["accept"] == FEED.accept


@pytest.mark.parametrize("media", [PAGE, FEED, SITEMAP])
def test_other_types_are_refused(portal: SamplePortal, tmp_path: Any, media: Media) -> None:
    with pytest.raises(BadAnswer, match=f"not a {media.name}"):
        fetched(portal, tmp_path, media, body=b"x", headers={"Content-Type": "image/png"})


@pytest.mark.parametrize(
    "kind", ["application/gzip", "application/x-gzip", "application/octet-stream"]
)
def test_a_gzip_file_is_unpacked(portal: SamplePortal, tmp_path: Any, kind: str) -> None:
    headers = {"Content-Type": kind}
    assert fetched(portal, tmp_path, SITEMAP, body=gzip.compress(RSS), headers=headers).raw == RSS
    assert (
        "새 소식" in fetched(portal, tmp_path, FEED, body=gzip.compress(RSS), headers=headers).html
    )
    with pytest.raises(PageError):
        fetched(portal, tmp_path, PAGE, body=gzip.compress(RSS), headers=headers)


def test_a_sitemap_may_be_larger_than_a_page_and_has_a_bound(
    portal: SamplePortal, tmp_path: Any
) -> None:
    headers = {"Content-Type": "application/gzip"}
    large = gzip.compress(b"<urlset>" + b" " * 1_000_000, 1)
    assert len(fetched(portal, tmp_path, SITEMAP, body=large, headers=headers).raw or b"") > 10**6
    with pytest.raises(BadAnswer, match="more than 100000 bytes when unpacked"):
        fetched(portal, tmp_path, FEED, body=large, headers=headers)
    bomb = gzip.compress(b"\0" * (SITEMAP.least + 10), 1)
    with pytest.raises(BadAnswer, match="when unpacked"):
        fetched(portal, tmp_path, SITEMAP, body=bomb, headers=headers)


def test_a_gzip_file_that_was_cut(portal: SamplePortal, tmp_path: Any) -> None:
    with pytest.raises(Unreachable, match="cut"):
        fetched(portal, tmp_path, SITEMAP, body=gzip.compress(RSS)[:-12],
                headers={"Content-Type": "application/gzip"})  # fmt: skip
