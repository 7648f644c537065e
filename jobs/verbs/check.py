"""One listing and one article of each source, fetched live and shown: is it recognised as it should be?

Nothing is stored but what is learned of hosts. It takes the named sources, or all enabled ones.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from jobs import logs, terminal, wiring
from pipeline import portals
from pipeline.discover.listings import headline_links
from pipeline.discover.naver_search import parse_search
from pipeline.discover.publisher import portal_of
from pipeline.discover.sitemaps import Child, news_of, parse_sitemap, sitemaps_in_robots
from pipeline.errors import PageError
from pipeline.fetch import Fetcher
from pipeline.fetch.media import FEED, PAGE, SITEMAP
from pipeline.reading import Reader
from pipeline.record_json import record
from pipeline.records import Entry, Page, Source
from pipeline.soft_failures import named
from pipeline.text import one_line

log = logging.getLogger("gisa.check")

_SHOWN, _TRIED, _DEEPEST = 5, 3, 3
_FIELDS = (
    "id",
    "headline",
    "publisher",
    "published_at",
    "published_at_source",
    "section",
    "parser",
)


@dataclass
class Checked:
    """What came of one source; `problem` is why it has no entries or no record."""

    source: Source
    listing: str = ""
    entries: tuple[Entry, ...] = ()
    confidence: float | None = None
    record: dict[str, Any] | None = None
    problem: str | None = None
    passed_over: list[str] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("source", metavar="SOURCE", nargs="*")


def main(args: argparse.Namespace) -> int:
    """Check them; 1 where one of them gave no record."""
    logs.start(level=logs.level(args, logging.WARNING))
    config = wiring.configuration(args.config)
    for fault in portals.faults():
        log.warning(fault)
    sources = config.to_crawl(args.source)

    async def check_all() -> list[Checked]:
        with wiring.store(config, create=True) as store:
            async with wiring.fetcher(config, store.hosts) as fetcher:
                return [await _check(source, fetcher, config) for source in sources]

    checked = asyncio.run(check_all())
    if args.format == "json":
        terminal.print_json([_as_json(each) for each in checked])
    else:
        for each in checked:
            _print(each)
    return int(any(each.problem for each in checked))


async def _check(source: Source, fetcher: Fetcher, config: Any) -> Checked:
    done = Checked(source, source.listings[0])
    reader = Reader(portal_of(source), source.permission, config.pipeline.keep_emails)
    try:
        page = await _listing(done, fetcher)
        try:
            done.entries = reader.portal.parse_listing(page)
        except PageError as error:
            raise named(error, page, done.listing) from None
        if source.kind == "listing" and not source.link:
            done.confidence = headline_links(page).confidence
        await _article(done, reader, fetcher)
        if source.kind == "naver_search" and (left := _at_naver(source, page)):
            done.passed_over.append(f"{left} results that stand at Naver only")
    except PageError as error:
        done.problem = str(error)
    return done


def _at_naver(source: Source, page: Page) -> int:
    return len(parse_search(page, own_pages=source.permission is not None).at_naver)


async def _listing(done: Checked, fetcher: Fetcher) -> Page:
    """Return the first document of a source; of an index of sitemaps, the newest sitemap."""
    if done.source.kind == "naver_search":
        return await fetcher.naver_search(done.listing)
    media = {"feed": FEED, "sitemap": SITEMAP}.get(done.source.kind, PAGE)
    depth = 0
    while True:
        page = await fetcher.page(done.listing, media=media)
        assert page is not None, "an unconditional request is never answered by 304"
        children = _children(page, done) if done.source.kind == "sitemap" else ()
        if not children or depth == _DEEPEST:
            return page
        depth += 1
        done.listing = max(children, key=lambda child: str(child.modified_at or "")).url


def _children(page: Page, done: Checked) -> tuple[Child, ...]:
    if done.listing.endswith("/robots.txt"):
        return news_of(sitemaps_in_robots(page))
    return tuple(parse_sitemap(page).children)


async def _article(done: Checked, reader: Reader, fetcher: Fetcher) -> None:
    """Read the first entry that is an article: a video may stand before it."""
    done.problem = None if done.entries else "it names no articles"
    for entry in done.entries[:_TRIED]:
        try:
            page = await fetcher.page(entry.url)
            assert page is not None, "an unconditional request is never answered by 304"
            article = reader.found(page, entry.listed_url, entry.published_at)
        except PageError as error:
            done.passed_over.append(str(error))
        else:
            done.record = record(article)
            return
    if done.passed_over:
        done.problem = (
            f"none of the first {len(done.passed_over)} could be read: {done.passed_over[0]}"
        )


def _as_json(done: Checked) -> dict[str, Any]:
    return {
        "source": done.source.name,
        "kind": done.source.kind,
        "listing": done.listing,
        "listed": len(done.entries),
        "confidence": done.confidence,
        "entries": [
            {"headline": e.headline, "url": e.url, "published_at": e.published_at}
            for e in done.entries[:_SHOWN]
        ],
        "record": done.record,
        "passed_over": done.passed_over,
        "problem": done.problem,
    }


def _print(done: Checked) -> None:
    sure = "" if done.confidence is None else f", recognised with confidence {done.confidence:.2f}"
    print(one_line(f"{done.source.name}: {done.source.kind} {done.listing}"))
    print(f"  {len(done.entries)} entries{sure}")
    for entry in done.entries[:_SHOWN]:
        print(f"    {one_line(entry.headline, 70) or '(no headline)'}\n      {one_line(entry.url)}")
    for said in done.passed_over:
        print(f"  passed over: {one_line(said)}")
    if done.record:
        print("  the first record")
        for name in _FIELDS:
            print(f"    {name:<20}{one_line(str(done.record[name]), 80)}")
        text = str(done.record["text"])
        print(f"    {'text':<20}{len(text)} characters: {one_line(text, 60)}")
    if done.problem:
        print(f"  PROBLEM: {one_line(done.problem)}")
