"""What drifted, and what a maintainer needs to mend it.

For each source in drift: which field or yield, expected and found, and since when; which selectors matched
before and do not any more; whether the page's data for machines still carries the field; elements that may
hold it now; the saved page, and the command that makes a regression case of it.

--accept takes what drifted for what is usual from now on: its history counts anew. Exit code 4 while there is
any drift.
"""

from __future__ import annotations

import argparse
from typing import Any
from zoneinfo import ZoneInfo

from jobs import terminal, wiring
from pipeline.text import one_line

_DRIFT = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("sources", metavar="SOURCE", nargs="*", help="default: all in drift")
    parser.add_argument("--all", action="store_true", help="also drifts that have ended")
    parser.add_argument("--accept", action="store_true", help="this is the new normal")


def main(args: argparse.Namespace) -> int:
    """Tell it."""
    from jobs.drift_report import report
    from pipeline.errors import GisaError

    config = wiring.configuration(args.config)
    chosen = config.chosen(args.sources) if args.sources else [*config.sources.values()]
    if args.accept and not args.sources:
        raise GisaError(
            "name the sources whose drift is to be accepted: gisa drift SOURCE --accept"
        )
    with wiring.store(config) as store:
        if args.accept:
            return _accept(store, [source.name for source in chosen], args)
        reports = [it for source in chosen if (it := report(store, source))]
        ended = [
            row
            for source in chosen
            for row in (store.drifts.all(source.name, ended=True) if args.all else [])
            if row["ended_at"]
        ]
    if args.format == "json":
        terminal.print_json({"sources": reports, **({"ended": ended} if args.all else {})})
    else:
        _print(reports, ended, config.zone)
    return _DRIFT if reports else 0


def _accept(store: Any, names: list[str], args: argparse.Namespace) -> int:
    accepted = {name: store.drifts.accept(name, wiring.now()) for name in names}
    if args.format == "json":
        terminal.print_json({"accepted": accepted})
        return 0
    for name, measures in accepted.items():
        said = ", ".join(one_line(it) for it in measures) or "nothing had drifted"
        print(f"{name}: {said}{': counts anew from now on' if measures else ''}")
    return 0


def _print(reports: list[dict[str, Any]], ended: list[dict[str, Any]], zone: ZoneInfo) -> None:
    if not reports:
        print("no source is in drift")
    for it in reports:
        good = terminal.local(it["last_good_at"], zone) or "never"
        print(
            f"{it['source']}: drift since {terminal.local(it['since'], zone)}, last good run {good}"
        )
        for line in [row["detail"] for row in it["drifts"]] or [it["detail"]]:
            print(f"  {one_line(line, 300)}")
        for row in it["selectors"]:
            print(f"  {_selector(row, zone)}")
        if it["page"]:
            _print_page(it["page"])
        print(f"  if this is the new normal: gisa drift {it['source']} --accept\n")
    for row in ended:
        end = "accepted" if row["accepted"] else "ended"
        when = f"{terminal.local(row['began_at'], zone)} to {terminal.local(row['ended_at'], zone)}"
        print(f"{row['source']}: {when}, {end}: {one_line(row['detail'], 200)}")


def _selector(row: dict[str, Any], zone: ZoneInfo) -> str:
    before, since = row["before"], row["since"]
    until = terminal.local(row["until"], zone) if row["until"] else before["day"]
    return (
        f"selector {one_line(row['selector'], 120)!r} ({row['of']}) matched {before['matched']}"
        f" of {before['of']}"
        f" until {until}, {since['matched']} of {since['of']} since"
    )


def _print_page(page: dict[str, Any]) -> None:
    for field, said in page["stated"].items():
        for who, value in said.items():
            print(f"  {field} is still stated by {who}: {one_line(value, 80)}")
    if page["candidates"]:
        print("  candidates")
        terminal.print_table(
            ("for", "selector", "says", "why"),
            [
                (
                    one_line(it["for"], 40),
                    one_line(it["selector"], 60),
                    one_line(it["text"], 60),
                    it["why"],
                )
                for it in page["candidates"][:12]
            ],
        )
    print(f"  the page: {page['see']}  ({one_line(page['url'], 120)})")
    print(f"  a regression case: {page['fixture']}")
