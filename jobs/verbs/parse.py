"""One page to its record as JSON: a saved file, a live URL, or - for stdin. Nothing is stored.

With --jsonl: pages {"id","url","html","fetched_at"} a line in, records with "page_id" a line out, in the
same order; a page that cannot be read gives {"page_id","error"}, and the stream goes on. It exits with 1
only if a parser broke, which is a bug: the log has its traceback.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from jobs import logs, terminal, wiring
from jobs.verbs import parse_stream
from pipeline import portals
from pipeline.encoding import decode
from pipeline.errors import GisaError
from pipeline.reading import read_any
from pipeline.record_json import record
from pipeline.records import Page
from pipeline.select import parse as parse_html
from pipeline.structured import read_head
from pipeline.urls import absolute


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("page", metavar="FILE|URL|-", nargs="?", default="-")
    parser.add_argument("--url", default="", help="where a saved page came from")
    parser.add_argument(
        "--fetched-at",
        type=_time,
        metavar="TIME",
        help="when it was saved, ISO 8601, UTC where it has no offset (default: now)",
    )
    parser.add_argument("--jsonl", action="store_true", help="a stream of pages, one a line")


def main(args: argparse.Namespace) -> int:
    """Parse it."""
    logs.start(level=logs.level(args, logging.WARNING))
    if args.jsonl:
        with _opened(args.page) as source:
            return parse_stream.answer_all(source, parse_page)
    is_live = args.page.lower().startswith(("http://", "https://"))
    page = asyncio.run(_fetch(args)) if is_live else _saved(args)
    terminal.print_json(parse_page(page))
    return 0


def parse_page(page: Page) -> dict[str, Any]:
    """Return the record of a page: by the portal that serves it, else by the generic extractor.

    Raises:
        PageError: the page cannot be read as an article.
    """
    page = page if page.url else _with_own_url(page)
    return record(read_any(page))


def _with_own_url(page: Page) -> Page:
    """A saved page without its URL may say it itself."""
    head = read_head(parse_html(page.html))
    for said in (head.first("og:url"), head.canonical):
        url = absolute("", said)
        if url and portals.for_page(Page(url, "", page.fetched_at)):
            return replace(page, url=url)
    return page


def _saved(args: argparse.Namespace) -> Page:
    url = absolute("", args.url)
    if args.url and url is None:
        raise GisaError(f"--url should be an http(s) URL, not {args.url!r}")
    try:
        body = sys.stdin.buffer.read() if args.page == "-" else Path(args.page).read_bytes()
    except OSError as error:
        raise GisaError(f"{args.page}: {error.strerror}") from None
    decoded = decode(body)
    at = args.fetched_at or wiring.now()
    return Page(url or "", decoded.text, at, warnings=decoded.warnings)


async def _fetch(args: argparse.Namespace) -> Page:
    if absolute("", args.page) is None:
        raise GisaError(f"not a URL to fetch: {args.page!r}")
    config = wiring.configuration(args.config)
    with wiring.store(config, create=True) as store:
        async with wiring.fetcher(config, store.hosts) as fetcher:
            page = await fetcher.page(args.page)
            assert page is not None, "an unconditional request is never answered by 304"
            return page


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise GisaError(f"{name}: {error.strerror}") from None


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"should be ISO 8601, not {text!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
