"""What is wrong with which source, since when, and what was sent about it.

Alerts are sent by the runs that meet them. `gisa alerts --check` does it without a run: in a crontab line of
its own it notices that the daemon is dead. With --test it exits 1 if a receiver did not take the message.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs import logs, terminal, wiring
from jobs.arguments import length
from pipeline.config import Config
from pipeline.errors import ConfigError
from pipeline.store import Store
from pipeline.text import one_line

_RECENT = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's own arguments."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--test", action="store_true", help="send a test message to every receiver")
    what.add_argument(
        "--check",
        action="store_true",
        help="look for sources that are silent, and send what is due",
    )
    what.add_argument(
        "--mute", metavar="DURATION", type=length, help="send nothing for so long, such as 2h"
    )
    what.add_argument("--unmute", action="store_true", help="send again")


def main(args: argparse.Namespace) -> int:
    """Do it."""
    config = wiring.configuration(args.config)
    logs.start(config.pipeline.log_format, level=logs.level(args, logging.WARNING))
    if args.test:
        return _test(config, args.format)
    with wiring.store(config) as store:
        if args.mute is not None or args.unmute:
            store.alerts.mute(wiring.now() + (args.mute or timedelta(0)))
        if args.check:
            asyncio.run(_check(config, store))
        said = _state(config, store)
    if args.format == "json":
        terminal.print_json(said)
    else:
        _print(said, config.zone)
    return 0


async def _check(config: Config, store: Store) -> None:
    from jobs.alerting import post, troubles

    sources, failures = config.sources.values(), config.alerts.failures
    troubles.note_silence(store, sources, failures, wiring.now())
    await post.deliver(config, store)


def _test(config: Config, form: str) -> int:
    from jobs.alerting import sending

    known = list(sending.every_receiver(config).values())
    if not known:
        raise ConfigError(
            f"{config.path}: no receiver: set `urls` in [alerts], or GISA_ALERTS_URLS"
        )
    text = (
        "gisa: a test",
        "A test message of gisa: alerts and digests would come here. 시험입니다.",
    )
    outcomes = asyncio.run(sending.send([sending.Letter(it.url, *text) for it in known]))
    rows = [(it.label, outcome) for it, outcome in zip(known, outcomes, strict=True)]
    if form == "json":
        terminal.print_json([{"receiver": label, "outcome": outcome} for label, outcome in rows])
    else:
        for label, outcome in rows:
            why = " (no URL that Apprise knows)" if outcome == "unknown" else ""
            print(f"{outcome:<7} {label}{why}")
    return 0 if set(outcomes) == {"sent"} else 1


def _state(config: Config, store: Store) -> dict[str, Any]:
    from jobs.alerting import sending

    return {
        "receivers": [it.label for it in sending.every_receiver(config).values()],
        "quiet": config.alerts.quiet,
        "muted_until": store.alerts.muted_until(wiring.now()),
        "open": store.alerts.open(),
        "recovered": store.alerts.recovered(_RECENT),
        "undelivered": store.messages.undelivered(),
        "sent": store.messages.last(_RECENT),
    }


def _print(said: dict[str, Any], zone: ZoneInfo) -> None:
    print("receivers: " + (", ".join(said["receivers"]) or "none; set `urls` in [alerts]"))
    if said["quiet"]:
        print("quiet: nothing is sent")
    if said["muted_until"]:
        print(f"muted until {said['muted_until'].astimezone(zone):%F %H:%M}")
    if not said["open"]:
        print("no open alert")
    headings = ("source", "alert", "since", "sent", "ended", "")
    for title, rows in (("open", said["open"]), ("recovered", said["recovered"])):
        if rows:
            print()
            terminal.print_table(headings, [_alert(row, zone) for row in rows], title)
    of_messages = ("written", "to", "subject", "tries", "sent")
    for title, rows in (("not delivered", said["undelivered"]), ("sent", said["sent"])):
        if rows:
            print()
            terminal.print_table(of_messages, [_message(row, zone) for row in rows], title)


def _alert(row: dict[str, Any], zone: ZoneInfo) -> tuple[Any, ...]:
    since, sent, ended = (
        terminal.local(row[key], zone) for key in ("since", "sent_at", "recovered_at")
    )
    return row["source"], row["kind"], since, sent, ended, one_line(row["detail"], 120)


def _message(row: dict[str, Any], zone: ZoneInfo) -> tuple[Any, ...]:
    sent = terminal.local(row["sent_at"], zone)
    state = sent if row["sent_at"] else "given up" if row["next_at"] is None else "to be tried"
    made = terminal.local(row["made_at"], zone)
    return made, row["receiver"], one_line(row["subject"], 100), row["tries"], state
