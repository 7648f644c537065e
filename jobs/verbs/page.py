"""The page that an article was read from, as it came, decoded to UTF-8: for a file or a pipe.

With --quarantine ID is the number of a page that could not be read. --format json prints its bytes' label, its
headers on rights and its time beside it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from jobs import terminal, wiring
from jobs.arguments import moment, resolved
from jobs.verbs.show import find
from pipeline.config import Config
from pipeline.errors import GisaError
from pipeline.records import Page
from pipeline.store import Store


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("id", metavar="ID", help="such as daum:20260927081532104, or its end")
    parser.add_argument("--at", type=moment, metavar="DATE|7d", help="as it was then")
    parser.add_argument("--quarantine", action="store_true", help="ID is a number of quarantine")
    parser.add_argument("--output", metavar="FILE", help="write it there")


def main(args: argparse.Namespace) -> int:
    """Print it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        html, page = _found(args, config, store)
    if args.format == "json":
        terminal.print_json(_as_json(html, page))
    elif args.output:
        _write(Path(args.output), html.encode("utf-8", "replace"))
    elif sys.stdout.isatty():
        raise GisaError("a page could steer the terminal: name a file with --output, or use a pipe")
    else:
        terminal.write_all(sys.stdout.buffer, html.encode("utf-8", "replace"))
    return 0


def _found(args: argparse.Namespace, config: Config, store: Store) -> tuple[str, Page | None]:
    if args.quarantine:
        html = store.quarantine.html(int(args.id)) if _is_number(args.id) else None
        if html is None:
            raise GisaError(f"the quarantine has no page {args.id!r}")
        return html, None
    at = resolved(args.at, wiring.now(), config.zone)
    article_id = find(store, args.id).article.id
    kept = store.archive.newest(article_id, at)
    if kept is None:
        raise GisaError(
            f"no page of {article_id} is kept{' from then' if at else ''}: see [archive] in config.toml"
        )
    return kept.page.html, kept.page


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 19  # digits that every integer of SQLite can hold


def _as_json(html: str, page: Page | None) -> dict[str, object]:
    if page is None:
        return {"html": html}
    return {
        "url": page.url,
        "fetched_at": page.fetched_at,
        "content_type": page.content_type,
        "robots_tags": page.robots_tags,
        "site_signals": page.site_signals,
        "warnings": page.warnings,
        "html": html,
    }


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise GisaError(f"{path}: {error.strerror}") from None
