"""SIGHUP: the daemon takes over a changed configuration, refuses a bad one, and tells systemd."""

from __future__ import annotations

import re
import signal
import socket
import threading
from pathlib import Path
from urllib.request import urlopen

import pytest

from jobs.sample_portal import Answer
from tests.jobs.desk import Desk
from tests.jobs.test_daemon import EVERY_HOUR, lines_until, stop


def crawls(desk: Desk) -> list[tuple[str, str]]:
    return desk.rows("SELECT source, outcome FROM runs ORDER BY id")


def test_sources_come_and_go_and_a_crawl_under_way_ends_as_it_began(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    release = threading.Event()
    desk.portal.answer("/politics", Answer(stall=release, times=1))
    asked = desk.first_request("/politics")
    daemon = desk.start("daemon")
    assert asked.wait(20)
    # another gap: politics has a fetcher that the new sources do not share
    desk.configure("society", "culture", source='every = "2h"', pipeline='delay = "50ms"')
    daemon.send_signal(signal.SIGHUP)
    log = lines_until(daemon, r"SIGHUP: configuration read again; 2 sources scheduled")
    assert any("politics is not scheduled any more" in line for line in log)
    assert any("society every 2h, next " in line for line in log)
    lines_until(daemon, r"(society|culture) ok in ")
    lines_until(daemon, r"(society|culture) ok in ")
    release.set()
    lines_until(daemon, r"politics ok in ")
    stop(daemon)
    assert sorted(crawls(desk)) == [("culture", "ok"), ("politics", "ok"), ("society", "ok")]


def test_other_settings_are_taken_over_too(desk: Desk) -> None:
    desk.configure("politics", source='every = "1s"')
    daemon = desk.start("daemon")
    lines_until(daemon, r"politics ok in ")
    desk.configure(
        "politics", source='every = "1s"', pipeline='log_format = "json"\nkeep_emails = false'
    )
    daemon.send_signal(signal.SIGHUP)
    (line,) = lines_until(daemon, r'"SIGHUP: configuration read again')[-1:]
    assert line.startswith("{")
    lines_until(daemon, r'"outcome": ?"ok"')
    stop(daemon)


def test_metrics_are_of_the_sources_in_force(desk: Desk) -> None:
    listen = '[metrics]\nlisten = "127.0.0.1:0"\n'
    desk.configure("politics", source=EVERY_HOUR)
    desk.config.write_text(desk.config.read_text() + listen)
    daemon = desk.start("daemon")
    log = lines_until(daemon, r"politics ok in ")
    url = next(it[1] for line in log if (it := re.search(r"metrics at (http://\S+)", line)))
    desk.configure("politics", "society", source=EVERY_HOUR)
    desk.config.write_text(desk.config.read_text() + listen)
    daemon.send_signal(signal.SIGHUP)
    lines_until(daemon, r"society ok in ")
    with urlopen(url, timeout=10) as answer:
        assert 'gisa_source_enabled{source="society"} 1.0' in answer.read().decode()
    stop(daemon)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("[pipelin]\n", ["pipelin: unknown key; did you mean 'pipeline'?"]),
        (
            '[source.x]\nportal = "nope"\nlistings = []\n',
            ["source.x.portal: should be the name", "source.x.listings: should have at least one"],
        ),
        (
            '[source.x]\nportal = "daum"\nlistings = ["http://h/"]\ncron = "0 0 30 2 *"\n',
            ["'0 0 30 2 *' never comes due"],
        ),
        ("=", ["config.toml:"]),
    ],
)
def test_a_bad_configuration_is_refused_with_all_its_faults(
    desk: Desk, change: str, said: list[str]
) -> None:
    desk.configure("politics", source='every = "1s"')
    daemon = desk.start("daemon")
    lines_until(daemon, r"politics ok in ")
    desk.config.write_text(desk.config.read_text(encoding="utf-8") + change, encoding="utf-8")
    daemon.send_signal(signal.SIGHUP)
    log = lines_until(daemon, "SIGHUP: running on with the configuration as it was")
    for fault in said:
        assert any(fault in line and " error " in line for line in log), log
    lines_until(daemon, r"politics ok in ")
    stop(daemon)


def test_another_database_needs_a_restart(desk: Desk) -> None:
    desk.configure("politics", source=EVERY_HOUR)
    daemon = desk.start("daemon")
    lines_until(daemon, r"politics ok in ")
    desk.configure("politics", source=EVERY_HOUR, pipeline='database = "other.db"')
    daemon.send_signal(signal.SIGHUP)
    log = lines_until(daemon, "SIGHUP: running on with the configuration as it was")
    said = "config.toml:3: pipeline.database: another database needs a restart"
    assert any(said in line for line in log)
    stop(daemon)
    assert not (desk.folder / "other.db").exists()


def test_systemd_hears_of_it(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(20)

        def heard_until(wanted: str) -> list[str]:
            said = [sock.recv(4096).decode()]
            while not said[-1].startswith(wanted):
                said.append(sock.recv(4096).decode())
            return said

        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "200000")
        desk.configure("politics", source=EVERY_HOUR)
        daemon = desk.start("daemon")
        assert heard_until("READY=1") == ["READY=1"]
        assert heard_until("STATUS=")[-1].startswith("STATUS=1 sources, next ")
        heard_until("WATCHDOG=1")
        heard_until("WATCHDOG=1")
        lines_until(daemon, r"politics ok in ")
        desk.configure("politics", "society", source=EVERY_HOUR)
        daemon.send_signal(signal.SIGHUP)
        assert "MONOTONIC_USEC=" in heard_until("RELOADING=1")[-1]
        heard_until("READY=1")
        heard_until("STATUS=2 sources, next ")
        daemon.send_signal(signal.SIGTERM)
        heard_until("STOPPING=1")
        assert daemon.wait(10) == 0
