"""How things are: sources, backlog, hosts, last errors.

With --exit-code the worst state of an enabled source becomes the exit code, for monitors:
0 all well, 1 a source failed, never ran, or has not run for three of its intervals, 4 drift, 5 blocked.
"""

from __future__ import annotations

import argparse
import json
from typing import Any
from zoneinfo import ZoneInfo

from jobs import terminal, wiring
from jobs.hosts import hosts
from jobs.naver_calls import naver_calls
from jobs.source_state import source_state
from jobs.yields import yield_of
from pipeline.config import Config
from pipeline.store import Store
from pipeline.text import one_line

_CODES = {"failed": 1, "crashed": 1, None: 1, "drift": 4, "blocked": 5}
_ERRORS_SHOWN = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    parser.add_argument("--exit-code", action="store_true", help="say it with the exit code, too")


def main(args: argparse.Namespace) -> int:
    """Tell it."""
    config = wiring.configuration(args.config)
    with wiring.store(config) as store:
        status = _status(config, store)
    if args.format == "json":
        terminal.print_json(status)
    else:
        _print(status, config.zone)
    if not args.exit_code:
        return 0
    enabled = [source for source in status["sources"] if source["enabled"]]
    outcomes = ["failed" if source["late"] else source["outcome"] for source in enabled]
    return next((code for outcome, code in _CODES.items() if outcome in outcomes), 0)


def _status(config: Config, store: Store) -> dict[str, Any]:
    now = wiring.now()
    return {
        "database": str(config.database.resolve()),
        "articles": store.articles.count(),
        "open": store.visits.count_open(),
        "quarantined": store.quarantine.count(),
        "sources": [
            source_state(config, store, source, now) | {"yield": yield_of(store, source.name, now)}
            for source in config.sources.values()
        ],
        "hosts": hosts(store, now),
        "naver": naver_calls(config, store.hosts, now),
        "errors": _errors(store),
    }


def _errors(store: Store) -> list[dict[str, Any]]:
    """The newest errors; one that came again and again takes one line."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for run in store.runs.recent(20):
        for problem in json.loads(run["problems"]):
            key = (run["source"], problem["reason"], problem["detail"], problem["url"])
            said = {"source": run["source"], "at": run["started_at"], **problem, "times": 0}
            found.setdefault(key, said)["times"] += 1
    return list(found.values())[:_ERRORS_SHOWN]


def _print(status: dict[str, Any], zone: ZoneInfo) -> None:
    print(
        f"{status['articles']} articles, {status['open']} known and not fetched yet,"
        f" {status['quarantined']} pages in quarantine; {status['database']}\n"
    )
    terminal.print_table(
        ("source", "last run", "at", "last ok", "new", "yield", "open", "quarantine", "kind", ""),
        [
            (
                it["name"], it["outcome"] or "never", terminal.local(it["last_run_at"], zone),
                terminal.local(it["last_ok_at"], zone), it["new"], it["yield"]["word"],
                it["open"], it["quarantined"], it["kind"],
                _said(it),
            )
            for it in status["sources"]
        ],
    )  # fmt: skip
    if status["hosts"]:
        print()
        terminal.print_table(
            ("host", "requests", "today", "last request", "refusals in a row", "left alone until",
             "robots.txt"),
            [
                (
                    host["authority"], host["requests"], host["requests_today"],
                    terminal.local(host["last_request_at"], zone), host["failures"],
                    terminal.local(host["retry_at"], zone), host["robots"] or "not read yet",
                )
                for host in status["hosts"]
            ],
        )  # fmt: skip
    if status["naver"]:
        print(f"\n{status['naver']['said']}")
    if status["errors"]:
        print("\nlast errors")
        for it in status["errors"]:
            when = terminal.local(it["at"], zone)
            what = one_line(f"{it['source']} {it['reason']}: {it['detail']} {it['url']}")
            print(f"  {when} {what}" + (f" ({it['times']} times)" if it["times"] > 1 else ""))


def _said(source: dict[str, Any]) -> str:
    late = "no run for three intervals: is the daemon or cron alive?" if source["late"] else ""
    off = "" if source["enabled"] else "not enabled"
    return "; ".join(
        filter(None, (off, late, source["detail"], source["polling"], _skips(source["skipped"])))
    )


def _skips(newest: dict[str, Any] | None) -> str:
    if newest is None:
        return ""
    runs = "1 run" if newest["times"] == 1 else f"{newest['times']} runs"
    return f"{runs} missed in the last day: {newest['detail']}"
