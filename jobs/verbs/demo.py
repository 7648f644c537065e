"""The whole job on a fictional portal on loopback: two passes, and between them an hour in which the portal
edits one article, removes one and publishes one. Needs no network. Shows what was found and what changed.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path

from rich.text import Text

from jobs import logs, reporting, showing, terminal, wiring
from jobs.crawl_source import Job, crawl_sources
from jobs.sample_portal import SECTIONS, SamplePortal
from pipeline.config import Config, load
from pipeline.crawl import Tools
from pipeline.errors import GisaError
from pipeline.record_json import RECORD_FIELDS
from pipeline.records import CrawlReport
from pipeline.store import Store

ARTICLES = 120
_MADE_BY = "# made by `gisa demo`"
_MEANWHILE = "An hour later the portal has edited one article, removed one and published one."
_CONFIG = (
    _MADE_BY
    + """: the sample portal on loopback
[pipeline]
database = "gisa.db"
contact = "mailto:demo@gisa.example"

[host."{authority}"]
delay = "0s"        # it is our own portal; on the web at least 1 s
concurrency = 4
private = true      # loopback is refused unless it is said to be ours
"""
)
_SOURCE = """
[source.sample-{section}]
portal = "daum"     # the sample portal speaks Daum's markup
listings = ["{base}/{section}"]
# every = "10m"     # for the daemon
revisit = ["1h", "6h", "1d", "7d"]
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="keep database and configuration there"
    )
    parser.add_argument("--seed", type=int, default=1, help="which fictional news (default: 1)")


def main(args: argparse.Namespace) -> int:
    """Run it."""
    logs.start(level=logs.level(args, logging.ERROR))
    folder = _folder(args.keep)
    with SamplePortal(seed=args.seed, articles=ARTICLES) as portal:
        config = _configure(folder, portal)
        start = portal.newsroom.now + timedelta(minutes=1)
        later = start + timedelta(hours=1, minutes=1)
        silent = args.quiet or args.format == "json"
        with wiring.store(config, create=True) as store, _stdout(silent=silent):
            print(f"The sample portal listens at {portal.base_url}; all of its news is fiction.\n")
            first = asyncio.run(_pass(config, store, _clock_from(start), silent=silent))
            _tell("First pass", first)
            _show_one(store, config)
            changes = _an_hour_later(portal)
            print(f"\n{_MEANWHILE}\n")
            second = asyncio.run(_pass(config, store, _clock_from(later), silent=silent))
            _tell("Second pass", second)
            _show_changes(store, config, changes)
    if args.format == "json":
        passes = {"first": reporting.as_json(first), "second": reporting.as_json(second)}
        terminal.print_json(passes | {"changes": changes, "database": str(config.database)})
    else:
        _farewell(config, kept=args.keep is not None)
    return 0 if _as_expected(first, second) else 1


@contextmanager
def _stdout(*, silent: bool) -> Iterator[None]:
    """With -q or --format json the story is not told, only what came of it."""
    with redirect_stdout(io.StringIO()) if silent else nullcontext():
        yield


def _clock_from(start: datetime) -> wiring.Clock:
    """The portal has a time of its own; ours runs on from there."""
    ahead = start - wiring.now()
    return lambda: wiring.now() + ahead


async def _pass(
    config: Config, store: Store, clock: wiring.Clock, *, silent: bool
) -> list[CrawlReport]:
    with terminal.progress(quiet=silent or not sys.stderr.isatty()) as told:
        async with wiring.fetcher(config, store.hosts, clock) as fetcher:
            job = Job(config.database, Tools(fetcher, store, clock, told))
            return await crawl_sources(config.chosen([]), job)


def _folder(keep: Path | None) -> Path:
    """Return an empty place for the demo; what an earlier demo left there goes, nothing else.

    Raises:
        GisaError: the folder cannot be made, or holds a configuration or database that is not ours.
    """
    if keep is None:
        return Path(tempfile.mkdtemp(prefix="gisa-demo-"))
    try:
        keep.mkdir(parents=True, exist_ok=True)
        config = keep / "config.toml"
        ours = config.exists() and config.read_text("utf-8", "replace").startswith(_MADE_BY)
        databases = [keep / f"gisa.db{end}" for end in ("", "-wal", "-shm")]
        there = [path for path in (config, *databases) if path.exists()]
        if there and not ours:
            raise GisaError(
                f"{there[0]} is not of a demo and stays: name another folder, such as {keep / 'demo'}"
            )
        for path in databases:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise GisaError(f"{error.filename}: {error.strerror}") from None
    return keep


def _configure(folder: Path, portal: SamplePortal) -> Config:
    authority = portal.base_url.removeprefix("http://")
    sources = (_SOURCE.format(section=s, base=portal.base_url) for s in SECTIONS)
    path = folder / "config.toml"
    path.write_text(_CONFIG.format(authority=authority) + "".join(sources), encoding="utf-8")
    # no GISA_… variables: GISA_DATABASE would put fiction among real articles
    return load(path, environ={})


def _an_hour_later(portal: SamplePortal) -> dict[str, str]:
    news = portal.newsroom
    online = [a.id for a in news.listing("politics", 20) if a.kind == "article"]
    news.advance(timedelta(hours=1))
    changed = {"edited": news.edit(online[1]).id, "removed": online[3]}
    news.remove(online[3])
    return changed | {"published": news.publish("politics").id}


def _tell(title: str, reports: list[CrawlReport]) -> None:
    terminal.print_lines([Text(title, style="bold")])
    width = max(len(report.source) for report in reports)
    for report in reports:
        print("  " + reporting.source_line(report, width))
    print("  " + reporting.summary(reports))


def _show_one(store: Store, config: Config) -> None:
    stored = next(s for s in store.articles.latest(200) if s.article.images and s.article.authors)
    print(
        f"\nOne of the records ({len(RECORD_FIELDS)} fields; `gisa show --format json` prints all of them):\n"
    )
    terminal.print_lines(showing.article(stored, config.zone), "  ")


def _show_changes(store: Store, config: Config, changes: dict[str, str]) -> None:
    for what, number in changes.items():
        stored = store.articles.get(f"daum:{number}")
        assert stored is not None, number
        terminal.print_lines([Text(f"\n{what}: {stored.article.headline}", style="bold")])
        revisions = store.articles.revisions(stored.article.id)
        colour = sys.stdout.isatty()
        terminal.print_lines(showing.history(revisions, config.zone, colour=colour), "  ")


def _farewell(config: Config, *, kept: bool) -> None:
    flag = f"--config {shlex.quote(str(config.path.resolve()))}"
    print(f"\nThe database is {config.database.resolve()}")
    print(f"Look at it: gisa status {flag}")
    print(f"Search it:  gisa search 정부 {flag}")
    if not kept:
        print("(a temporary folder; `gisa demo --keep DIR` puts it where you want it)")


def _as_expected(first: list[CrawlReport], second: list[CrawlReport]) -> bool:
    sums = reporting.totals(second)
    well = reporting.exit_code([*first, *second]) == 0
    return well and (sums["new"], sums["revised"], sums["removed"]) == (1, 1, 1)
