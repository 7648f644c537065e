"""Pages out of files into the database: web archives (WARC, CC-NEWS), folders of saved HTML, lines of JSON.

PATH is a file, a folder, or - for stdin. Pages are parsed on all cores, by the portal that serves them or by
the generic extractor, and stored as if they had been fetched at the time that the file says; a page that is
older than what is known of its article is left out. A second run goes on where the first one ended, however it
ended, and does nothing for a file that was read to its end. The last line on stdout is a summary such as
  files=2 done=2 pages=5210 new=4980 revised=12 unchanged=3 older=1 not_an_article=214
"""

# ruff: noqa: N999 - modules here are named as their verbs, and nobody writes `import import`

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from jobs import logs, terminal, wiring
from jobs.arguments import moment, positive, resolved
from jobs.importing import reporting
from jobs.importing.job import Imported, Job, Stop, exit_code, group, import_unit
from jobs.importing.workers import Pool
from pipeline.config import Config
from pipeline.errors import ConfigError, GisaError
from pipeline.hashing import hashed
from pipeline.importing.found import Only
from pipeline.importing.reading import Reading
from pipeline.importing.saved_html import read_map
from pipeline.importing.units import Bounds, units
from pipeline.records import Source
from pipeline.setting_values import source_name
from pipeline.store import Store

_AHEAD = timedelta(days=1)
"""So far may the clock of whoever fetched a page be ahead of ours."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="+", help="files and folders, or - for stdin")
    add("--source", metavar="NAME", default="import", help="the source of the articles")
    add("--format-of", choices=("warc", "html", "jsonl"), help="of files whose names do not say it")
    add(
        "--map",
        metavar="FILE",
        help="file, url and fetched_at of saved pages: CSV, TSV or JSON lines",
    )
    add("--since", type=moment, metavar="DATE|7d", help="only pages fetched since then")
    add("--until", type=moment, metavar="DATE|7d", help="only pages fetched before")
    add("--domains", type=_list, default=(), metavar="A,B", help="only of these and below")
    add("--languages", type=_list, default=(), metavar="ko", help="only articles in these")
    add("--limit", type=positive, metavar="N", help="at most N pages a file; a second run goes on")
    add("--processes", type=positive, metavar="N", help="that parse (default: one a core)")
    add("--again", action="store_true", help="from the beginning, also what was imported before")
    add("--dry-run", action="store_true", help="parse and count; store nothing")


def main(args: argparse.Namespace) -> int:
    """Run it."""
    config = wiring.configuration(args.config)
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.WARNING))
    source = _source(args.source, config)
    bounds = _bounds(args, config)
    stop = Stop()
    quiet = args.quiet or args.format == "json" or config.pipeline.log_format == "json"
    reports: list[Imported] = []
    with ExitStack() as stack:
        paths = stack.enter_context(_with_stdin(args.paths))
        mapped = hashed(
            sorted((name, it.url, str(it.fetched_at)) for name, it in bounds.known.items())
        )
        found = list(units(paths, args.format_of, mapped if bounds.known else ""))
        pool = stack.enter_context(Pool(_processes(args), _reading(args, config, bounds, source)))
        real = stack.enter_context(wiring.store(config, create=True))
        store = stack.enter_context(real.scratch_copy()) if args.dry_run else real
        _remember(source, store)
        told = stack.enter_context(terminal.reading(quiet=quiet))
        stack.enter_context(stop.listening())
        job = Job(
            config.database, store, wiring.now, told, source.name, bounds,
            _options(args), stop, args.again, args.limit,
        )  # fmt: skip
        for unit in found:
            reports.append(import_unit(unit, job, pool))
            if stop.signal:
                break
        if not args.dry_run:
            group(store, stop)
    _tell(reports, args)
    return 128 + stop.signal if stop.signal else exit_code(reports)


def _source(name: str, config: Config) -> Source:
    if name in config.sources:
        return config.sources[name]
    try:
        return Source(source_name(name), "import", ())
    except ValueError as error:
        raise ConfigError(f"--source: {error}") from None


def _remember(source: Source, store: Store) -> None:
    """A source that is known, perhaps by its crawls, stays as it is."""
    if not store.sources.is_known(source.name):
        store.sources.remember(source, wiring.now())


def _bounds(args: argparse.Namespace, config: Config) -> Bounds:
    now = wiring.now()
    since, until = (resolved(said, now, config.zone) for said in (args.since, args.until))
    domains = tuple(name.lower().strip(".") for name in args.domains)
    only = Only(since, until, domains, latest=now + _AHEAD)
    known = read_map(Path(args.map)) if args.map else {}
    return Bounds(config.pipeline.max_bytes, only, known)


def _reading(args: argparse.Namespace, config: Config, bounds: Bounds, source: Source) -> Reading:
    keep = config.pipeline.keep_emails
    return Reading(bounds.most, bounds.only, args.languages, source.permission, keep)


def _options(args: argparse.Namespace) -> str:
    """What makes an import another one than that of the same file with other options, as it was typed."""
    said = {name: getattr(args, name) for name in ("since", "until", "domains", "languages")}
    return json.dumps({name: value for name, value in said.items() if value}, default=str)


def _processes(args: argparse.Namespace) -> int:
    if args.processes:
        return int(args.processes)
    affinity = getattr(os, "sched_getaffinity", None)  # a container may have fewer than the machine
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _list(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in text.split(","))))


@contextmanager
def _with_stdin(paths: list[str]) -> Iterator[list[Path]]:
    """What comes by stdin is put into a file first: only in a file one can go back, or go on later."""
    if "-" not in paths:
        yield [Path(path) for path in paths]
        return
    with tempfile.NamedTemporaryFile(prefix="gisa-import-") as copy:
        try:
            shutil.copyfileobj(sys.stdin.buffer, copy, 1024 * 1024)
            copy.flush()
        except OSError as error:
            raise GisaError(
                f"stdin to {copy.name}: {error.strerror}; TMPDIR names another folder"
            ) from None
        yield [Path(copy.name if path == "-" else path) for path in paths]


def _tell(reports: list[Imported], args: argparse.Namespace) -> None:
    if args.format == "json":
        terminal.print_json(reporting.as_json(reports, dry_run=args.dry_run))
        return
    for report in reports:
        if not args.quiet or report.outcome not in ("ok", "done_before"):
            print("\n".join(reporting.lines(report)))
    print(reporting.summary(reports) + (" dry_run=1" if args.dry_run else ""))
