"""One page to its record as JSON: a saved file, a live URL, or - for stdin. Nothing is stored.

With --jsonl: pages {"id","url","html","fetched_at"} a line in, records with "page_id" a line out, in the
same order; a page that cannot be read gives {"page_id","error"}, and the stream goes on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from jobs import logs, terminal, wiring
from pipeline import portals
from pipeline.encoding import decode
from pipeline.errors import GisaError, PageError
from pipeline.record_json import record
from pipeline.records import Page
from pipeline.select import parse as parse_html
from pipeline.structured import read_head

log = logging.getLogger("gisa.parse")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("page", metavar="FILE|URL|-", nargs="?", default="-")
    parser.add_argument("--url", default="", help="where a saved page came from")
    parser.add_argument(
        "--fetched-at",
        type=_time,
        metavar="TIME",
        help="when it was saved, ISO 8601 (default: now)",
    )
    parser.add_argument("--jsonl", action="store_true", help="a stream of pages, one a line")


def main(args: argparse.Namespace) -> int:
    """Parse it."""
    logs.start(verbose=args.verbose, quiet=args.quiet)
    if args.jsonl:
        return _stream(args)
    is_live = args.page.startswith(("http://", "https://"))
    page = asyncio.run(_fetch(args)) if is_live else _saved(args)
    terminal.print_json(parse_page(page))
    return 0


def parse_page(page: Page) -> dict[str, Any]:
    """Return the record of a page by the portal that serves it.

    Raises:
        PageError: the page cannot be read as an article.
        GisaError: no parser knows the page.
    """
    page = page if page.url else _with_own_url(page)
    portal = portals.for_page(page)
    if portal is None:
        raise GisaError(
            f"no parser for {page.url or 'this page'}; there are {', '.join(portals.names())}"
        )
    return record(portal.parse_article(page))


def _with_own_url(page: Page) -> Page:
    """A saved page without its URL may say it itself."""
    head = read_head(parse_html(page.html))
    for url in (head.first("og:url"), head.canonical):
        if url and portals.for_page(Page(url, "", page.fetched_at)):
            return Page(url, page.html, page.fetched_at, warnings=page.warnings)
    return page


def _saved(args: argparse.Namespace) -> Page:
    try:
        body = sys.stdin.buffer.read() if args.page == "-" else Path(args.page).read_bytes()
    except OSError as error:
        raise GisaError(f"{args.page}: {error.strerror}") from None
    decoded = decode(body)
    at = args.fetched_at or wiring.now()
    return Page(args.url, decoded.text, at, warnings=decoded.warnings)


async def _fetch(args: argparse.Namespace) -> Page:
    config = wiring.configuration(args.config)
    with wiring.store(config, create=True) as store:
        async with wiring.fetcher(config, store.hosts) as fetcher:
            page = await fetcher.page(args.page)
            assert page is not None
            return page


def _stream(args: argparse.Namespace) -> int:
    failed = False
    with _lines(args.page) as source:
        for line in source:
            if not line.strip():
                continue
            answer, is_bug = _answer(line)
            failed = failed or is_bug
            print(json.dumps(answer, ensure_ascii=False))
    return int(failed)


def _answer(line: bytes) -> tuple[dict[str, Any], bool]:
    """Return the answer to one line; the flag says that our own code failed, not the page."""
    said: dict[str, Any] = {}
    try:
        given = json.loads(line)
        if not isinstance(given, dict) or not isinstance(given.get("html"), str):
            return {"page_id": None, "error": "not a page: needs an object with html"}, False
        said = given
        page = Page(said.get("url") or "", said["html"], _time(said.get("fetched_at")))
        return {"page_id": said.get("id"), **parse_page(page)}, False
    except PageError as error:
        return {"page_id": said.get("id"), "error": f"{error.reason}: {error.detail}"}, False
    except (GisaError, ValueError, TypeError, RecursionError) as error:
        is_input = not said or isinstance(error, GisaError)
        if not is_input:
            log.exception("page %r", said.get("id"))
        return {"page_id": said.get("id"), "error": str(error)}, not is_input


def _lines(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise GisaError(f"{name}: {error.strerror}") from None


def _time(text: str | None) -> datetime:
    if not text:
        return wiring.now()
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
