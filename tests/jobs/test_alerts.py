"""Alerts end to end: the sample portal, the command, and receivers on loopback."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs import wiring
from jobs.alerting import outage, sending, troubles
from jobs.alerting.listening import Pinged
from jobs.alerting.sending import Letter, Outcome
from jobs.sample_portal import Answer
from pipeline.config import load
from pipeline.errors import StoreError
from pipeline.records import CrawlReport
from pipeline.store import open_store
from tests.jobs.desk import Desk, Ended
from tests.jobs.receivers import SECRET, Hook, Mailbox


def configure(
    desk: Desk, *urls: str, alerts: str = "", sections: tuple[str, ...] = ("politics",)
) -> None:
    listed = ", ".join(f'"{url}"' for url in urls)
    desk.configure(*sections)
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f"[alerts]\nurls = [{listed}]\n{alerts}\n")


def subjects(letters: list[Letter]) -> list[str]:
    return [letter.subject for letter in letters]


def pass_time(desk: Desk, length: timedelta) -> None:
    """Make what was noted older."""
    with closing(sqlite3.connect(desk.database)) as db, db:
        seconds = f"-{length.total_seconds():.0f} seconds"
        for table, columns in (
            ("alerts", ("since", "sent_at", "reminded_at")),
            ("messages", ("made_at", "next_at")),
            ("runs", ("started_at", "finished_at")),
        ):
            for column in columns:
                db.execute(
                    f"UPDATE {table} SET {column} = strftime('%Y-%m-%dT%H:%M:%SZ', {column}, ?)",
                    [seconds],
                )


def holds_secret(desk: Desk, *ended: Ended) -> list[str]:
    """Where the secret is found, of all places where it must not be."""
    found = [name for it in ended for name in ("out", "err") if SECRET in getattr(it, name)]
    files = [path for path in desk.folder.rglob("*") if path.is_file() and path != desk.config]
    return found + [path.name for path in files if SECRET.encode() in path.read_bytes()]


def test_drift_is_told_once_by_mail_and_hook_and_so_is_recovery(
    desk: Desk, receiver: Hook, mail: Mailbox
) -> None:
    configure(desk, mail.url, receiver.url)
    first = desk.gisa("run", "-v")
    desk.portal.break_layout("listing")
    second, third = desk.gisa("run", "-v"), desk.gisa("run")
    assert (first.code, second.code, third.code) == (0, 4, 4)
    ((subject, body),) = mail.mails
    assert receiver.said == [(subject, body)]
    assert subject == "gisa: politics drift"
    lines = body.splitlines()
    assert re.fullmatch(r"politics: drift since \d{4}-\d\d-\d\d \d\d:\d\d KST", lines[0])
    assert "layout_changed" in lines[1]
    assert re.fullmatch(r"last good run: \d{4}-\d\d-\d\d \d\d:\d\d KST", lines[2])
    assert lines[3].startswith(
        f"first problem: {desk.portal.listing_url('politics')} layout_changed"
    )
    assert lines[4].startswith("look: gisa ")
    desk.portal.heal_layout()
    fourth, fifth = desk.gisa("run"), desk.gisa("run")
    assert receiver.subjects == ["gisa: politics drift", "gisa: politics recovered"]
    assert [said for said, _ in mail.mails] == receiver.subjects
    assert re.search(r"politics: well again\ndrift from \S+ \S+ KST until ", mail.mails[1][1])
    told = [desk.gisa("alerts"), desk.gisa("config"), desk.gisa("alerts", "--format", "json")]
    assert holds_secret(desk, first, second, third, fourth, fifth, *told) == []
    assert "1 mailto://127.0.0.1, 2 json://127.0.0.1" in told[0].out
    assert "no open alert" in told[0].out


def test_a_block_is_told_at_once(desk: Desk, letters: list[Letter]) -> None:
    configure(desk, "json://hook.example")
    desk.portal.answer("/politics", Answer(status=403))
    desk.gisa("run")
    desk.gisa("run")
    assert subjects(letters) == ["gisa: politics blocked"]
    assert "last good run: none yet" in letters[0].body


def test_failures_in_a_row_are_told_from_the_third_on_and_one_good_run_ends_the_row(
    desk: Desk, letters: list[Letter]
) -> None:
    configure(desk, "json://hook.example")
    for failing in (True, True, False, True, True):
        if failing:
            desk.portal.answer("/politics", Answer(status=500))
        else:
            desk.portal.heal()
        desk.gisa("run")
    assert letters == []
    done = desk.gisa("run")
    assert done.code == 1
    assert subjects(letters) == ["gisa: politics failed again and again"]
    assert "3 failed runs in a row, the last: answered 500" in letters[0].body
    desk.gisa("run")
    desk.portal.heal()
    desk.gisa("run")
    assert subjects(letters)[1:] == ["gisa: politics recovered"]


def test_what_a_signal_stopped_is_no_failure(desk: Desk, letters: list[Letter]) -> None:
    configure(desk, "json://hook.example", alerts="failures = 2")
    desk.portal.answer("/politics", Answer(status=500))
    desk.gisa("run")
    with closing(sqlite3.connect(desk.database)) as db, db:
        db.execute(
            "INSERT INTO runs (source, started_at, outcome, detail) VALUES"
            " ('politics', '2099-01-01T00:00:00Z', 'failed', 'stopped by a signal')"
        )
    desk.portal.heal()
    desk.gisa("run", "--limit", "1")
    assert letters == []


def test_a_pass_over_several_sources_is_told_in_one_message(
    desk: Desk, letters: list[Letter]
) -> None:
    configure(desk, "json://hook.example", sections=("politics", "society", "culture"))
    desk.portal.break_layout("listing")
    desk.gisa("run")
    (letter,) = letters
    assert letter.subject.startswith("gisa: 3 messages: ")
    for name in ("politics", "society", "culture"):
        assert f"{name}: drift since " in letter.body
    desk.portal.heal_layout()
    desk.gisa("run")
    assert len(letters) == 2
    assert letters[1].body.count("well again") == 3


def test_what_lasts_is_told_again_after_a_day(desk: Desk, letters: list[Letter]) -> None:
    configure(desk, "json://hook.example")
    desk.portal.break_layout("listing")
    desk.gisa("run")
    pass_time(desk, timedelta(hours=23))
    desk.gisa("run")
    assert len(letters) == 1
    pass_time(desk, timedelta(hours=2))
    desk.gisa("run")
    desk.gisa("run")
    assert subjects(letters) == ["gisa: politics drift", "gisa: politics drift, still"]
    assert "still drift, for 25 h" in letters[1].body
    pass_time(desk, timedelta(hours=24))
    desk.gisa("run")
    assert "still drift, for 2 days" in letters[2].body


def test_a_source_whose_runs_are_missed_is_told_by_whoever_runs(
    desk: Desk, letters: list[Letter]
) -> None:
    configure(desk, "json://hook.example", sections=("politics", "society"))
    text = desk.config.read_text().replace("[source.society]", '[source.society]\nevery = "10m"')
    desk.config.write_text(text)
    desk.gisa("run")
    pass_time(desk, timedelta(minutes=31))
    desk.gisa("run", "politics")
    assert subjects(letters) == ["gisa: society missed its schedule"]
    assert "no run for three intervals" in letters[0].body
    assert desk.gisa("alerts", "--check").code == 0
    assert len(letters) == 1
    desk.gisa("run", "society")
    assert subjects(letters)[1:] == ["gisa: society recovered"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("missed", 1)], "1 times due and not run"),
        ([("missed", 48)], "48 times due and not run"),
        ([("overrun", 2)], None),
        ([("overrun", 3)], "3 times due while its last crawl was still running"),
        ([("overrun", 1), ("overrun", 2)], "3 times due while its last crawl was still running"),
        ([("missed", 1), ("ok", 1)], None),
    ],
)
def test_rows_of_the_scheduler_are_looked_at(
    desk: Desk, letters: list[Letter], rows: list[tuple[str, int]], said: str | None
) -> None:
    configure(desk, "json://hook.example")
    with open_store(desk.database) as store:
        now = wiring.now()
        store.sources.remember(load(desk.config).sources["politics"], now)
        store.runs.begin("politics", now - timedelta(hours=1), "")
        with store.writing() as db:
            db.execute("UPDATE runs SET outcome = 'ok'")
            for minutes, (outcome, times) in enumerate(rows):
                at = f"{now - timedelta(minutes=30 - minutes):%Y-%m-%dT%H:%M:%SZ}"
                db.execute(
                    "INSERT INTO runs (source, started_at, outcome, times)"
                    " VALUES ('politics', ?, ?, ?)",
                    [at, outcome, times],
                )
    desk.gisa("alerts", "--check")
    assert [said in letter.body for letter in letters] == ([True] if said else [])


def test_a_receiver_that_answers_500_gets_it_later_and_only_so_often(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(desk, "json://good.example", "json://bad.example")
    tried: list[str] = []

    async def send(some: list[Letter]) -> list[Outcome]:
        tried.extend(letter.url for letter in some)
        return ["sent" if "good" in letter.url else "failed" for letter in some]

    monkeypatch.setattr(sending, "send", send)
    desk.portal.break_layout("listing")
    done = desk.gisa("run")
    assert done.code == 4
    assert "not sent to 2 json://bad.example: it was not taken; it is tried again" in done.err
    desk.gisa("run")
    assert tried == ["json://good.example", "json://bad.example"]
    for _ in range(8):
        pass_time(desk, timedelta(minutes=65))
        last = desk.gisa("run")
    assert tried == ["json://good.example", *["json://bad.example"] * 5]
    assert "given up" in desk.gisa("alerts").out
    assert "not sent" not in last.err


def test_a_receiver_that_hangs_or_fails_keeps_nobody_waiting(
    desk: Desk, receiver: Hook, mail: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.hangs = True
    drips = receiver.url.replace("rto=0.5", "rto=30")
    configure(desk, drips, mail.url)
    monkeypatch.setattr(sending, "SECONDS", 2.0)
    desk.portal.break_layout("listing")
    began = datetime.now(UTC)
    done = desk.gisa("run")
    assert datetime.now(UTC) - began < timedelta(seconds=10)
    assert done.code == 4
    assert [subject for subject, _ in mail.mails] == ["gisa: politics drift"]
    assert "not sent to 1 json://127.0.0.1" in done.err
    receiver.hangs, receiver.status = False, 500
    receiver.released.set()
    pass_time(desk, timedelta(minutes=5))
    again = desk.gisa("run")
    assert "not sent to 1 json://127.0.0.1" in again.err
    receiver.status = 200
    pass_time(desk, timedelta(minutes=5))
    desk.gisa("run")
    assert receiver.subjects == ["gisa: politics drift"]
    assert len(mail.mails) == 1
    assert holds_secret(desk, done, again) == []


def test_quiet_sends_nothing_and_tells_afterwards_what_lasts(
    desk: Desk, letters: list[Letter]
) -> None:
    configure(desk, "json://hook.example", sections=("politics", "society"))
    assert desk.gisa("run").code == 0
    assert re.search(r"^muted until \d{4}-", desk.gisa("alerts", "--mute", "2h").out, re.MULTILINE)
    desk.portal.break_layout("listing")
    desk.gisa("run")
    assert letters == []
    assert len(desk.gisa("alerts", "--format", "json").json["open"]) == 2
    desk.gisa("alerts", "--unmute")
    desk.gisa("alerts", "--check", env={"GISA_ALERTS_QUIET": "1"})
    assert letters == []
    desk.portal.heal_layout()
    desk.gisa("run", "society", env={"GISA_ALERTS_QUIET": "true"})
    desk.gisa("alerts", "--check")
    assert subjects(letters) == ["gisa: politics drift"]


def test_receivers_come_from_the_environment_and_its_files(
    desk: Desk, letters: list[Letter], tmp_path: Path
) -> None:
    (tmp_path / "urls").write_text(f"json://a.example/{SECRET}\n\nslack://{SECRET}/b/c\n")
    done = desk.gisa("alerts", "--test", env={"GISA_ALERTS_URLS_FILE": str(tmp_path / "urls")})
    assert (done.code, done.out) == (0, "sent    1 json://a.example\nsent    2 slack://…\n")
    assert [letter.url for letter in letters] == [
        f"json://a.example/{SECRET}",
        f"slack://{SECRET}/b/c",
    ]
    shown = desk.gisa(
        "config", env={"GISA_ALERTS_URLS": f"tgram://{SECRET}/1 json://u:{SECRET}@b.example/"}
    )
    assert re.search(r"alerts.urls +tgram://…, json://b.example +GISA_ALERTS_URLS", shown.out)
    assert SECRET not in shown.out + shown.err + done.err
    none = desk.gisa("alerts", "--test")
    assert none.code == 2
    assert "no receiver" in none.err


@pytest.mark.parametrize(
    "alerts",
    [
        f'[alerts]\nurls = ["{SECRET}"]',
        f'[alerts]\nurls = "{SECRET}"',
        f'[alerts]\nurls = [{{a = "{SECRET}"}}]',
        f'[alerts]\nping = "{SECRET}"',
        f'[watch]\na = "{SECRET}"',
        f'[watch.a]\nany = ["b"]\nurls = ["{SECRET}"]',
    ],
)
def test_a_wrong_url_is_refused_without_being_quoted(desk: Desk, alerts: str) -> None:
    desk.configure("politics")
    desk.config.write_text(desk.config.read_text() + alerts + "\n")
    done = desk.gisa("config")
    assert done.code == 2
    assert re.search(r"config.toml:\d+: (alerts|watch)\.\S+: should be ", done.err)
    assert SECRET not in done.out + done.err


def test_a_hand_without_the_receivers_leaves_messages_to_the_daemon(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(some: list[Letter]) -> list[Outcome]:
        return ["failed"] * len(some)

    configure(desk)
    with desk.config.open("a") as file:
        file.write('[watch.w]\nany = ["x"]\nurls = ["json://own.example"]\n')
    desk.portal.break_layout("listing")
    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", down)
        desk.gisa("run", env={"GISA_ALERTS_URLS": "json://hook.example"})
    pass_time(desk, timedelta(minutes=2))
    desk.gisa("run")
    assert letters == []
    desk.gisa("run", env={"GISA_ALERTS_URLS": "json://hook.example"})
    assert subjects(letters) == ["gisa: politics drift"]


def test_the_test_message_says_which_receiver_failed(
    desk: Desk, receiver: Hook, mail: Mailbox
) -> None:
    configure(desk, mail.url, f"nosuch://{SECRET}", receiver.url)
    receiver.status = 500
    done = desk.gisa("alerts", "--test")
    assert done.code == 1
    assert done.out == (
        "sent    1 mailto://127.0.0.1\nunknown 2 nosuch://… (no URL that Apprise knows)\n"
        "failed  3 json://127.0.0.1\n"
    )
    ((subject, body),) = mail.mails
    assert subject == "gisa: a test"
    assert "시험입니다" in body
    assert SECRET not in done.out + done.err


def test_two_processes_at_once_send_once(desk: Desk, receiver: Hook) -> None:
    configure(desk, receiver.url)
    desk.portal.break_layout("listing")
    desk.gisa("run", env={"GISA_ALERTS_QUIET": "1"})
    both = [desk.start("alerts", "--check") for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (0, "")
    assert receiver.subjects == ["gisa: politics drift"]


def test_a_message_whose_sender_was_killed_is_sent_by_the_next(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(desk, "json://hook.example")
    desk.portal.break_layout("listing")

    async def killed(some: list[Letter]) -> list[Outcome]:
        raise SystemExit(137)

    with monkeypatch.context() as patched:
        patched.setattr(sending, "send", killed)
        desk.gisa("run")
    desk.gisa("run")
    assert letters == []
    pass_time(desk, timedelta(minutes=3))
    desk.gisa("run")
    assert subjects(letters) == ["gisa: politics drift"]


def test_a_daemon_that_began_anew_knows_who_is_unwell(desk: Desk, receiver: Hook) -> None:
    """A restart, or a reload, must not tell the monitor that all is well."""
    configure(desk, alerts=f'ping = "{receiver.monitor}"', sections=("politics", "society"))
    desk.portal.answer("/politics", Answer(status=500))
    desk.gisa("run")
    config = load(desk.config, {})
    well = CrawlReport("society", wiring.now(), wiring.now(), "ok")
    with open_store(desk.database) as store:
        asyncio.run(Pinged(config, store)(config.sources["society"], well))
        assert receiver.pings[-1] == "/fail"
        desk.portal.heal("/politics")
        desk.gisa("run", "politics")
        asyncio.run(Pinged(config, store)(config.sources["society"], well))
        assert receiver.pings[-1] == ""


def test_a_monitor_is_pinged_at_the_start_and_by_how_it_went(desk: Desk, receiver: Hook) -> None:
    configure(desk, alerts=f'ping = "{receiver.monitor}"')
    done = [desk.gisa("run")]
    desk.portal.answer("/politics", Answer(status=500))
    done.append(desk.gisa("run"))
    assert receiver.pings == ["/start", "", "/start", "/fail"]
    desk.gisa("run", "--dry-run")
    assert len(receiver.pings) == 4
    receiver.status = 500
    done.append(desk.gisa("run"))
    done.append(desk.gisa("config"))
    assert re.search(r"^alerts.ping +http://127.0.0.1 ", done[-1].out, re.MULTILINE)
    assert holds_secret(desk, *done) == []


def test_a_database_that_fails_is_told_once_an_hour_and_its_recovery(
    desk: Desk, letters: list[Letter]
) -> None:
    configure(desk, "json://hook.example")
    desk.database.write_bytes(b"this is no database, whatever its name says" * 100)
    assert desk.gisa("run").code == 1
    outage._told_at.clear()  # as another process
    assert desk.gisa("run").code == 1
    assert subjects(letters) == ["gisa: the database cannot be used"]
    assert "the file is no SQLite database" in letters[0].body
    desk.database.unlink()
    assert desk.gisa("run").code == 0
    assert desk.gisa("run").code == 0
    assert subjects(letters)[1:] == ["gisa: the database can be used again"]


def test_a_database_that_fails_after_a_crawl_is_told(
    desk: Desk, letters: list[Letter], monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(desk, "json://hook.example")

    def full(*args: object) -> None:
        raise StoreError("gisa.db: database or disk is full: free space")

    with monkeypatch.context() as patched:
        patched.setattr(troubles, "note_crawl", full)
        assert desk.gisa("run").code == 0
    assert subjects(letters) == ["gisa: the database cannot be used"]
    assert "disk is full" in letters[0].body
    desk.gisa("run")
    assert subjects(letters)[1:] == ["gisa: the database can be used again"]


def test_the_daemon_tells_and_pings(desk: Desk, receiver: Hook) -> None:
    configure(desk, receiver.url, alerts=f'ping = "{receiver.monitor}"')
    text = desk.config.read_text().replace("[source.politics]", '[source.politics]\nevery = "1s"')
    desk.config.write_text(text)
    desk.portal.break_layout("listing")
    daemon = desk.start("daemon")
    assert receiver.came.wait(20)
    desk.portal.heal_layout()
    receiver.came.clear()
    assert receiver.came.wait(20)
    daemon.terminate()
    out, err = daemon.communicate(timeout=20)
    assert receiver.subjects == ["gisa: politics drift", "gisa: politics recovered"]
    assert receiver.pings[:3] == ["/start", "/fail", ""]
    assert "sent to 1 json://127.0.0.1: gisa: politics drift" in err
    assert holds_secret(desk, Ended(0, out, err)) == []
