"""When the database itself fails nothing can be noted in it: a file beside it says when people were told."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from pathlib import Path

from jobs.alerting import letters, sending
from pipeline.config import Config

log = logging.getLogger("gisa.alerts")

_HOUR = 3600.0
_told_at: dict[Path, float] = {}
"""For a disk on which not even an empty file can be made: at most one message an hour a process."""


async def tell(config: Config, detail: str) -> None:
    """Tell that the database cannot be used, at most once an hour."""
    if config.alerts.quiet or _is_fresh(config):
        return
    text = letters.database(detail, socket.gethostname())
    if await _send(config, text):
        _told_at[_marker(config)] = time.time()
        with suppress(OSError):
            _marker(config).parent.mkdir(exist_ok=True)
            _marker(config).touch()


async def over(config: Config) -> None:
    """Tell that it can be used again, if people were told that it could not."""
    marker = _marker(config)
    if config.alerts.quiet or not (marker in _told_at or marker.exists()):
        return
    _told_at.pop(marker, None)
    with suppress(OSError):
        marker.unlink()
    await _send(config, letters.database_well(socket.gethostname()))


async def _send(config: Config, text: letters.Text) -> bool:
    found = sending.receivers(config)
    outcomes = await sending.send([sending.Letter(it.url, *text) for it in found]) if found else []
    for receiver, outcome in zip(found, outcomes, strict=True):
        if outcome != "sent":
            log.error("not sent to %s: %s", receiver.label, text[0])
    return "sent" in outcomes


def _is_fresh(config: Config) -> bool:
    told = _told_at.get(_marker(config), 0.0)
    with suppress(OSError):
        told = max(told, _marker(config).stat().st_mtime)
    return time.time() - told < _HOUR


def _marker(config: Config) -> Path:
    database = config.database.resolve()
    return database.with_name(f"{database.name}.locks") / "_database.told"
