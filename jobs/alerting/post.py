"""From what is known to what is sent: messages are written with what they tell, then claimed, sent, settled."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from jobs import wiring
from jobs.alerting import letters, sending
from pipeline.config import Config
from pipeline.store import Store
from pipeline.store.messages import TRIES, Message

log = logging.getLogger("gisa.alerts")

_ROUNDS = 2


def is_quiet(config: Config, store: Store, now: datetime) -> bool:
    """Has the operator asked for silence, by configuration or by `gisa alerts --mute`?"""
    return config.alerts.quiet or store.alerts.muted_until(now) is not None


async def deliver(config: Config, store: Store) -> None:
    """Write what is to be told and send what is due; nothing of either while it is quiet.

    Raises:
        StoreError: the database cannot be written.
    """
    known = sending.every_receiver(config)
    if not known or is_quiet(config, store, wiring.now()):
        return
    for _ in range(_ROUNDS):  # what came up meanwhile goes out, too
        compose(config, store, wiring.now())
        if not (claimed := store.messages.claim(wiring.now(), [*known])):
            break
        await _send(store, claimed, known)


def compose(config: Config, store: Store, now: datetime) -> None:
    """Write the messages that are to be told, each with the note that it was told, in one transaction."""
    if not _anything(config, store, now):
        return
    with store.writing():  # looked up again inside: another process may have been faster
        _compose_alerts(config, store, now)
        for watch in config.watches:
            _compose_digest(config, store, watch, now)


def _anything(config: Config, store: Store, now: datetime) -> bool:
    alerts = store.alerts
    if sending.receivers(config) and (
        alerts.untold() or alerts.over() or _to_remind(config, store, now)
    ):
        return True
    return any(
        _is_due(config, store, watch, now) and store.watch_hits.unsent(watch, now)
        for watch in config.watches
    )


def _to_remind(config: Config, store: Store, now: datetime) -> list[dict[str, Any]]:
    remind = config.alerts.remind
    return store.alerts.to_remind(now - remind) if remind else []


def _compose_alerts(config: Config, store: Store, now: datetime) -> None:
    receivers = sending.receivers(config)
    if not receivers:
        return
    alerts, zone = store.alerts, config.zone
    reminders = _to_remind(config, store, now)
    untold = alerts.untold()
    over = sorted(alerts.over(), key=lambda row: str(row["source"]))
    texts = [letters.began(row, zone) for row in untold]
    texts += [letters.lasts(row, zone, now) for row in reminders]
    texts += [letters.ended(list(rows), zone) for _, rows in groupby(over, lambda r: r["source"])]
    alerts.told(untold, "sent_at", now)
    alerts.told(reminders, "reminded_at", now)
    alerts.told(over, "recovery_sent_at", now)
    store.messages.write((Message(to.label, *text) for to in receivers for text in texts), now)


def _is_due(config: Config, store: Store, watch: str, now: datetime) -> bool:
    every = config.watches[watch].digest
    last = store.watch_hits.digest_at(watch) if every else None
    return last is None or every is None or now >= last + every


def _compose_digest(config: Config, store: Store, watch: str, now: datetime) -> None:
    receivers = sending.receivers(config, watch)
    if not receivers or not _is_due(config, store, watch, now):
        return
    if hits := store.watch_hits.unsent(watch, now):
        text = letters.digest(watch, hits, config.zone)
        store.watch_hits.digested(watch, hits, now)
        store.messages.write((Message(to.label, *text, watch) for to in receivers), now)


async def _send(
    store: Store, claimed: Sequence[dict[str, Any]], known: dict[str, sending.Receiver]
) -> None:
    """Send claimed messages; alerts to one receiver go as one."""
    parcels = _parcels(claimed)
    sent = [
        sending.Letter(known[rows[0]["receiver"]].url, *letters.together([_text(r) for r in rows]))
        for rows in parcels
    ]
    outcomes = await sending.send(sent)
    for rows, outcome in zip(parcels, outcomes, strict=True):
        label = rows[0]["receiver"]
        if outcome == "sent":
            store.messages.delivered(rows, wiring.now())
            log.info("sent to %s: %s", label, rows[0]["subject"])
        else:
            store.messages.failed(rows, wiring.now())
            why = "it is no URL that Apprise knows" if outcome == "unknown" else "it was not taken"
            last = rows[0]["tries"] >= TRIES
            more = "given up" if last else "it is tried again"
            log.error("not sent to %s: %s; %s", label, why, more)


def _parcels(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    parcels: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows:
        # a digest stays a message of its own
        parcels.setdefault((row["receiver"], row["id"] if row["watch"] else 0), []).append(row)
    return list(parcels.values())


def _text(row: dict[str, Any]) -> letters.Text:
    return row["subject"], row["body"]
