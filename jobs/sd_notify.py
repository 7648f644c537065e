"""systemd's notifications, sd_notify(3): datagrams of some lines to the socket that the environment names."""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.text import one_line

log = logging.getLogger("gisa.daemon")

_UNWELL = {"drift": "in drift", "blocked": "blocked", "failed": "failed"}


def status_line(
    sources: int, outcomes: Iterable[str], due: tuple[datetime, str] | None, zone: ZoneInfo
) -> str:
    """Return a line such as `12 sources, 1 in drift, next 10:20 daum-politics`.

    Args:
        sources: how many are scheduled.
        outcomes: of the last crawl of each.
        due: when which source is due next.
        zone: for the time of day.
    """
    many = Counter(outcomes)
    said = [f"{sources} sources"]
    said += [f"{many[it]} {word}" for it, word in _UNWELL.items() if many[it]]
    if due:
        said.append(f"next {due[0].astimezone(zone):%H:%M} {due[1]}")
    return ", ".join(said)


class Notifier:
    """Tells systemd how the service is; silent where no systemd asked for it."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        if self._address.startswith("@"):  # an abstract socket: its name begins with a zero byte
            self._address = "\0" + self._address[1:]
        elif not self._address.startswith("/"):
            self._address = ""
        self.watchdog_seconds = self._watchdog(environ)
        """How long systemd waits for a sign of life before it kills us; None: it does not."""
        self._status = ""

    def ready(self) -> None:
        """Say that the service is up, or up again after `reloading`."""
        self._send("READY=1")

    def reloading(self) -> None:
        """Say that the configuration is being read again; `Type=notify-reload` needs the time, too."""
        self._send("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """Say that the service ends."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """Give a sign of life."""
        if self.watchdog_seconds:
            self._send("WATCHDOG=1")

    def status(self, said: str) -> None:
        """Show a line in `systemctl status`; one that is there already is not sent again."""
        if said != self._status:
            self._status = said
            self._send(f"STATUS={one_line(said)}")

    def _watchdog(self, environ: Mapping[str, str]) -> float | None:
        usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(os.getpid()))
        ours = bool(self._address) and usec.isdecimal() and pid == str(os.getpid())
        return int(usec) / 1e6 or None if ours else None

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
                sock.settimeout(0)  # a full queue must not hold up the crawls
                sock.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.debug("systemd could not be told %s: %s", lines[0], error)
