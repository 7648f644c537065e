"""The newest articles as a feed: headline, link, an excerpt, rights; what was taken down is said to be gone.

All articles, or those of a source, of a watch or of a query; publisher, section, author and rights narrow them
down. With --output a file is replaced in one step, and left as it is where nothing changed. Full texts are
given where their rights allow that they are given on; with --full-text all are, and the feed is for your own
reading.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from jobs import filters, wiring
from jobs.arguments import moment, positive, resolved
from jobs.feeding import MOST, Wanted, feed_of
from pipeline.config import Config
from pipeline.errors import ConfigError, GisaError
from pipeline.store import Store
from pipeline.store.updates import Selection
from pipeline.text import one_line
from pipeline.urls import absolute

FORMATS = ("atom", "json")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("--source", metavar="NAME", help="only what this source found first")
    of = parser.add_mutually_exclusive_group()
    of.add_argument("--watch", metavar="NAME", help="only what [watch.NAME] found")
    of.add_argument("--query", metavar="QUERY", help="only what answers it: docs/search.md")
    filters.declare(parser)
    parser.add_argument(
        "--since", type=moment, metavar="WHEN", help="changed from then on: 2026-09-27, or 7d ago"
    )
    parser.add_argument(
        "--limit", type=_limit, default=50, metavar="N", help=f"at most (50, {MOST} at the most)"
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="the file to write")
    parser.add_argument("--self-url", type=_url, metavar="URL", help="where it will be found")
    parser.add_argument(
        "--full-text",
        action="store_true",
        help="all texts, whatever their rights: not to be published",
    )


def main(args: argparse.Namespace) -> int:
    """Write it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        _check_names(args, config, store)
        selection = Selection(
            source=args.source,
            watch=args.watch,
            query=args.query,
            publisher=args.publisher,
            section=args.section,
            author=args.author,
            rights=dict(args.rights),
            since=resolved(args.since, wiring.now(), config.zone),
        )
        wanted = Wanted(
            owner=config.pipeline.contact,
            format=args.format,
            limit=args.limit,
            self_url=args.self_url,
            full_text=args.full_text,
        )
        feed = feed_of(store, selection, wanted)
    if args.output is None:
        sys.stdout.buffer.write(feed.body)
        sys.stdout.buffer.flush()
        return 0
    written = _replace(args.output, feed.body)
    if not args.quiet:
        said = "" if written else ", as it was"
        print(f"{args.output}: {feed.articles} articles, {feed.removed} taken down{said}")
    return 0


def _limit(text: str) -> int:
    number = positive(text)
    if number > MOST:
        raise argparse.ArgumentTypeError(f"should be at most {MOST}: readers fetch all of it often")
    return number


def _url(text: str) -> str:
    url = absolute(text, text)
    if url is None:
        raise argparse.ArgumentTypeError(f"{one_line(text, 60)!r} is no address: https://…")
    return url


def _check_names(args: argparse.Namespace, config: Config, store: Store) -> None:
    """A feed that can never have an entry is a typing error; a source may be of an earlier configuration."""
    if args.source is not None and not store.sources.is_known(args.source):
        config.chosen([args.source])
    if args.watch is not None and args.watch not in config.watches:
        known = ", ".join(config.watches) or "none"
        raise ConfigError(f"{config.path}: no watch {args.watch!r}; there are {known}")


def _replace(target: Path, body: bytes) -> bool:
    """Write a file in one step; False where it was the same already, so that its time tells when it changed."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and target.read_bytes() == body:
            return False
        try:
            with part.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise GisaError(f"{target}: {error.strerror}: the feed was not written") from error
    return True
