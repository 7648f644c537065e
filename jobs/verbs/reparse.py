"""Read kept pages again with today's parsers, without a fetch: after a parser was mended.

By default the articles that another version of their parser read, of all configured sources. What a parser
reads differently becomes a revision marked "parser", never "publisher". Look with --dry-run first. Pages are
kept as [archive] in config.toml says. A second run has nothing to do; one that was stopped is taken up again.
"""

from __future__ import annotations

import argparse
import logging
import sys
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from jobs import logs, showing, terminal, wiring
from jobs.arguments import moment, positive, resolved
from jobs.reparse import Job, Reparsed, Wanted, exit_code, reparse_source
from jobs.verbs.show import find
from pipeline.config import Config
from pipeline.errors import ConfigError, GisaError
from pipeline.records import Source
from pipeline.store import Store
from pipeline.text import one_line

_SAVED = ("revised", "updated", "unchanged", "doubted", "refused")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    add = parser.add_argument
    add("sources", metavar="SOURCE", nargs="*", help="names from the configuration (default: all)")
    add("--since", type=moment, metavar="DATE|7d", help="only pages fetched since then")
    add("--id", metavar="ID", help="only this article, whatever read it last")
    add("--all", action="store_true", help="also articles that today's parser has read already")
    add("--dry-run", action="store_true", help="change nothing; show what would change")
    add("--limit", type=positive, metavar="N", help="at most N articles a source")


def main(args: argparse.Namespace) -> int:
    """Run it."""
    config = wiring.configuration(args.config)
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.ERROR))
    chosen = config.chosen(args.sources) if args.sources else list(config.sources.values())
    quiet = args.quiet or args.format == "json" or config.pipeline.log_format == "json"
    with wiring.store(config) as store, terminal.progress(quiet=quiet) as told:
        job = Job(
            config.database,
            store,
            wiring.now,
            told,
            _wanted(args, config, store),
            config.pipeline.keep_emails,
            args.dry_run,
        )
        reports = [reparse_source(source, job) for source in _of(chosen, job, store)]
    if args.format == "json":
        terminal.print_json(_as_json(reports, dry_run=args.dry_run))
    else:
        _tell(reports, args, config.zone)
    return exit_code(reports)


def _wanted(args: argparse.Namespace, config: Config, store: Store) -> Wanted:
    return Wanted(
        everything=args.all,
        since=resolved(args.since, wiring.now(), config.zone),
        article_id=find(store, args.id).article.id if args.id else None,
        limit=args.limit,
    )


def _of(chosen: list[Source], job: Job, store: Store) -> list[Source]:
    """One article has pages of one source: no other's lock is taken for it."""
    if job.wanted.article_id is None:
        return chosen
    source = store.archive.source_of(job.wanted.article_id)
    if source is None:
        raise GisaError(f"no page of {job.wanted.article_id} is kept: see [archive] in config.toml")
    its = [it for it in chosen if it.name == source]
    if not its:
        raise ConfigError(
            f"{job.wanted.article_id} is of the source {source!r}, which is not among these"
        )
    return its


def _tell(reports: list[Reparsed], args: argparse.Namespace, zone: ZoneInfo) -> None:
    width = max((len(report.source) for report in reports), default=0)
    for report in reports:
        if not args.quiet or report.outcome != "ok":
            print(_source_line(report, width))
            for name, count in report.fields.most_common():
                print(f"  {name:<20} changed in {count} articles")
            for reason, said in sorted(report.examples.items()):
                count = report.unreadable[reason] or report.saved[reason]
                print(f"  {reason:<20} {count}, such as {one_line(said, 200)}")
    if args.dry_run and not args.quiet:
        terminal.print_lines(_samples(reports, zone))
    totals = _totals(reports)
    said = " ".join(f"{name}={count}" for name, count in totals.items())
    print(said + (" dry_run=1" if args.dry_run else ""))


def _samples(reports: list[Reparsed], zone: ZoneInfo) -> list[Text]:
    colour = sys.stdout.isatty()
    lines: list[Text] = []
    for report in reports:
        for sample in report.samples:
            lines += [Text(""), Text(one_line(sample.article_id), style="bold")]
            lines += showing.changes(
                sample.before, sample.after, zone, names=sample.fields, colour=colour
            )
    return [*lines, Text("")] if lines else []


def _source_line(report: Reparsed, width: int) -> str:
    counts = [f"{report.read} read again"]
    counts += [f"{report.saved[name]} {name}" for name in _SAVED if report.saved[name]]
    counts += [f"{n} unreadable" for n in [report.unreadable.total()] if n]
    said = one_line(report.detail, 300) or ", ".join(counts)
    return f"{report.source:<{width}}  {report.outcome:<7}  {said}"


def _totals(reports: list[Reparsed]) -> dict[str, int]:
    totals = {"sources": len(reports), "ok": sum(r.outcome == "ok" for r in reports)}
    for outcome in ("failed", "drift", "locked"):
        if count := sum(r.outcome == outcome for r in reports):
            totals[outcome] = count
    totals["read"] = sum(r.read for r in reports)
    totals |= {name: sum(r.saved[name] for r in reports) for name in _SAVED}
    totals["unreadable"] = sum(r.unreadable.total() for r in reports)
    return totals


def _as_json(reports: list[Reparsed], *, dry_run: bool) -> dict[str, Any]:
    sources = [
        {
            "source": it.source,
            "outcome": it.outcome,
            "detail": it.detail,
            "read": it.read,
            **{name: it.saved[name] for name in _SAVED},
            "unreadable": dict(it.unreadable),
            "examples": it.examples,
            "fields": dict(it.fields),
            "samples": [
                {
                    "id": sample.article_id,
                    "before": {name: sample.before.get(name) for name in sample.fields},
                    "after": {name: sample.after.get(name) for name in sample.fields},
                }
                for sample in it.samples
            ],
        }
        for it in reports
    ]
    return {
        "exit_code": exit_code(reports),
        "dry_run": dry_run,
        "totals": _totals(reports),
        "sources": sources,
    }
