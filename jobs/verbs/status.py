"""How things are: sources, backlog, hosts, last errors.

With --exit-code the worst state of an enabled source becomes the exit code, for monitors:
0 all well, 1 a source failed or never ran well, 4 drift, 5 blocked.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jobs import terminal, wiring
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
    outcomes = [s["outcome"] for s in status["sources"] if s["enabled"]]
    return next((code for outcome, code in _CODES.items() if outcome in outcomes), 0)


def _status(config: Config, store: Store) -> dict[str, Any]:
    return {
        "database": str(config.database),
        "articles": store.articles.count(),
        "open": store.visits.count_open(),
        "quarantined": store.quarantine.count(),
        "sources": [
            _source(store, name, enabled=source.enabled) for name, source in config.sources.items()
        ],
        "hosts": [
            host | {"retry_at": _unless_past(host["retry_at"])} for host in store.hosts.all()
        ],
        "errors": _errors(store),
    }


def _source(store: Store, name: str, *, enabled: bool) -> dict[str, Any]:
    last = store.runs.last(name) or {}
    return {
        "name": name,
        "enabled": enabled,
        "outcome": last.get("outcome"),
        "detail": last.get("detail") or "",
        "last_run_at": last.get("started_at"),
        "last_ok_at": store.runs.last_ok(name),
        "new": last.get("new", 0),
        "open": store.visits.count_open(name),
        "quarantined": store.quarantine.count(name),
    }


def _errors(store: Store) -> list[dict[str, Any]]:
    found = [
        {"source": run["source"], "at": run["started_at"], **problem}
        for run in store.runs.recent(20)
        for problem in json.loads(run["problems"])
    ]
    return found[:_ERRORS_SHOWN]


def _unless_past(unix: float) -> str | None:
    at = datetime.fromtimestamp(unix, UTC)
    return at.isoformat(timespec="seconds") if at > wiring.now() else None


def _print(status: dict[str, Any], zone: ZoneInfo) -> None:
    print(
        f"{status['articles']} articles, {status['open']} known and not fetched yet,"
        f" {status['quarantined']} pages in quarantine; {status['database']}\n"
    )
    terminal.print_table(
        ("source", "last run", "at", "last ok", "new", "open", "quarantine", ""),
        [
            (
                it["name"], it["outcome"] or "never", terminal.local(it["last_run_at"], zone),
                terminal.local(it["last_ok_at"], zone), it["new"], it["open"], it["quarantined"],
                it["detail"],
            )
            for it in status["sources"]
        ],
    )  # fmt: skip
    if status["hosts"]:
        print()
        terminal.print_table(
            ("host", "requests", "last request", "failures in a row", "left alone until"),
            [
                (
                    host["authority"], host["requests"],
                    terminal.local(host["last_request_at"], zone), host["failures"],
                    terminal.local(host["retry_at"], zone),
                )
                for host in status["hosts"]
            ],
        )  # fmt: skip
    if status["errors"]:
        print("\nlast errors")
        for error in status["errors"]:
            print(
                one_line(
                    f"  {error['at']} {error['source']} {error['reason']}: {error['detail']} {error['url']}"
                )
            )
