"""Articles that watches found, newest first; with --try what they would find, and nothing is kept or sent."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from jobs import terminal, wiring
from jobs.arguments import moment, resolved
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.store import Store

_MOST = 1000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("watch", metavar="NAME", nargs="?", help="one watch (default: all)")
    parser.add_argument(
        "--since", metavar="TIME", type=moment, default=timedelta(days=7),
        help="a date, a time, or how long ago (default: 7d)",
    )  # fmt: skip
    parser.add_argument(
        "--try", dest="tried", action="store_true",
        help="hold what was stored since then against the watches as they are configured now",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Show them."""
    config = wiring.configuration(args.config)
    if args.watch is not None and args.watch not in config.watches:
        known = ", ".join(config.watches) or "none"
        raise ConfigError(f"{config.path}: no watch {args.watch!r}; there are {known}")
    with wiring.store(config) as store:
        hits = (_tried if args.tried else _found)(config, store, args)
    if args.format == "json":
        terminal.print_json(hits)
        return 0
    terminal.print_table(
        ("found", "watch", "id", "headline", "has", "sent"),
        [
            (
                terminal.local(it["found_at"], config.zone), it["watch"], it["article_id"],
                it["headline"], ", ".join(it["terms"]),
                terminal.local(it["sent_at"], config.zone) if it["sent_at"] else "no",
            )
            for it in hits
        ],
    )  # fmt: skip
    print(f"{len(hits)} articles" + ("; nothing was kept or sent" if args.tried else ""))
    return 0


def _found(config: Config, store: Store, args: argparse.Namespace) -> list[dict[str, Any]]:
    since = resolved(args.since, wiring.now(), config.zone)
    assert since is not None
    return store.watch_hits.found(args.watch, since, _MOST)


def _tried(config: Config, store: Store, args: argparse.Namespace) -> list[dict[str, Any]]:
    from jobs.alerting import watching
    from pipeline.watches import Matcher

    since = resolved(args.since, wiring.now(), config.zone)
    assert since is not None
    every = watching.matcher(config).watches
    chosen = Matcher([watch for watch in every if args.watch in (None, watch.name)])
    found = [
        {
            "watch": hit.watch, "article_id": hit.article_id, "revision": hit.revision,
            "terms": hit.terms, "found_at": row["first_seen_at"], "sent_at": None,
            "headline": row["headline"], "publisher": row["publisher"],
            "published_at": row["published_at"], "first_seen_at": row["first_seen_at"],
            "url": row["url"], "source": row["source"],
        }
        for row, hit in watching.tried(store, chosen, since)
    ]  # fmt: skip
    return found[: -_MOST - 1 : -1]
