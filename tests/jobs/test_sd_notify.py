"""What systemd is told, on real sockets: of a path, and of the abstract name space."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.sd_notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def systemd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """The name in NOTIFY_SOCKET, and the socket behind it."""
    if request.param == "abstract" and sys.platform != "linux":
        pytest.skip("abstract sockets are of Linux")
    name = f"@gisa-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(name.replace("@", "\0", 1))
        sock.settimeout(5)
        yield name, sock


def test_it_is_told_in_its_own_words(systemd: tuple[str, socket.socket]) -> None:
    name, sock = systemd
    notifier = Notifier({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "20000000"})
    assert notifier.watchdog_seconds == 20
    notifier.ready()
    notifier.status("12 sources,\nnext 10:20 daum-politics")
    notifier.status("12 sources,\nnext 10:20 daum-politics")
    notifier.alive()
    notifier.reloading()
    notifier.stopping()
    said = [sock.recv(4096).decode() for _ in range(5)]
    assert said[:3] == ["READY=1", "STATUS=12 sources, next 10:20 daum-politics", "WATCHDOG=1"]
    reloading, at = said[3].split("\n")
    assert reloading == "RELOADING=1"
    assert int(at.removeprefix("MONOTONIC_USEC=")) > 0
    assert said[4] == "STOPPING=1"


@pytest.mark.parametrize("name", ["", "/nowhere/notify", "vsock:2:1234", "@nobody-listens-there"])
def test_without_systemd_it_is_silent(name: str) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": name})
    notifier.ready()
    notifier.alive()
    assert notifier.watchdog_seconds is None


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [
        ("3000000", "ours", 3.0),
        ("3000000", "1", None),  # a child inherits the variable and is not watched
        ("0", "ours", None),
        ("soon", "ours", None),
    ],
)
def test_the_watchdog_is_meant_for_one_process(usec: str, pid: str, seconds: float | None) -> None:
    environ = {
        "NOTIFY_SOCKET": "/run/notify",
        "WATCHDOG_USEC": usec,
        "WATCHDOG_PID": pid.replace("ours", str(os.getpid())),
    }
    assert Notifier(environ).watchdog_seconds == seconds


def test_a_full_queue_holds_nothing_up(tmp_path: Path) -> None:
    name = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(name)
        notifier = Notifier({"NOTIFY_SOCKET": name})
        for number in range(2000):
            notifier.status(str(number))
        assert sock.recv(100) == b"STATUS=0"
