"""What Naver's search finds, into the frontier: one call, and more where all of its results are new."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

from pipeline.discover.naver_query import DISPLAY, START_MOST, from_start
from pipeline.discover.naver_search import Results, parse_search
from pipeline.discovering import not_too_old, refuse_emptied
from pipeline.errors import PageError
from pipeline.judging import listing_read, listing_unread
from pipeline.records import Page
from pipeline.store.documents import Document
from pipeline.visiting import Crawl, quarantined

log = logging.getLogger("gisa.crawl")

_LATE = timedelta(hours=1)
"""How much later than it was published the search may show an article."""


async def read_search(it: Crawl, url: str) -> int:
    """Ask for the newest results of a query; its URLs are in the database before any of them is fetched.

    Further results are asked for as long as all of a call's are new since the last look. At the first look the
    newest are enough.

    Returns how many results there were.

    Raises:
        PageError: the first call failed, or brought no results where it must: `crawl.py` has the table.
    """
    before = it.tools.store.documents.get(it.source.name, url)
    page, found = await _called(it, url, url)
    new, listed, start = _noted(it, url, page, found, before), found.listed, 1
    while _goes_on(found, new, before):
        start += DISPLAY
        if start > START_MOST:
            log.warning("%s: more new results than Naver's search gives", it.source.name)
            break
        try:
            page, found = await _called(it, url, from_start(url, start))
        except PageError as error:
            it.tally.note(error, "errors")  # what came before it is kept, and is worth the visits
            break
        new = _noted(it, url, page, found, before, is_further=True)
        listed += found.listed
    return listed


async def _called(it: Crawl, listing: str, url: str) -> tuple[Page, Results]:
    page = await it.tools.fetcher.naver_search(url, meter=it.meter)
    it.tally.answered()
    page = replace(page, matches={})
    try:
        with quarantined(it, page, url):
            found = parse_search(page, own_pages=it.source.permission is not None)
            if url == listing:
                refuse_emptied(it, page, listing, found.listed)
    except PageError:
        listing_unread(it, page)
        raise
    return page, found


def _noted(
    it: Crawl,
    listing: str,
    page: Page,
    found: Results,
    before: Document | None,
    *,
    is_further: bool = False,
) -> int:
    """Write down what a call brought; return how many articles of it are new."""
    name, store, at = it.source.name, it.tools.store, page.fetched_at
    left_out = [
        link
        for link in found.at_naver
        if before is None or link.published_at is None or link.published_at > before.read_at
    ]
    if left_out:
        it.tally.count("skipped", len(left_out))
        log.info("%s: %d new results stand at Naver only, and are left out", name, len(left_out))
    fresh = not_too_old(it, found.entries, at)
    if is_further:  # how many there are tells how long we were away, not how the search is
        return store.visits.discover(name, listing, fresh, at, kind="naver_search", look=False)
    listing_read(it, page, listing, found.entries)
    with store.writing():
        store.documents.note(name, listing, page, listed=found.listed)
        return store.visits.discover(name, listing, fresh, at, kind="naver_search")


def _goes_on(found: Results, new: int, before: Document | None) -> bool:
    """May there be more that is new behind these results?"""
    if before is None or found.listed < DISPLAY or not 0 < new == len(found.entries):
        return False
    since = before.read_at - _LATE
    return all(it.published_at is None or it.published_at > since for it in found.entries)
