"""Fixtures of the command's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.alerting import sending
from jobs.alerting.sending import Letter, Outcome
from jobs.sample_portal import SamplePortal
from pipeline.store import sqlite_build
from tests.jobs.desk import Desk
from tests.jobs.receivers import Hook, Mailbox, hook, mailbox


@pytest.fixture(autouse=True)
def _good_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """What commands print must not depend on whether this machine's SQLite has a bug."""
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 51, 3))


@pytest.fixture
def desk(tmp_path: Path, portal: SamplePortal) -> Iterator[Desk]:
    """A configured source `politics` on the sample portal."""
    it = Desk(tmp_path, portal)
    it.configure("politics")
    yield it
    for process in it.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def receiver() -> Iterator[Hook]:
    with hook() as running:
        yield running


@pytest.fixture
def mail() -> Iterator[Mailbox]:
    with mailbox() as running:
        yield running


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What would be sent; every receiver takes it. The process that sends has tests of its own."""
    kept: list[Letter] = []

    async def send(some: list[Letter]) -> list[Outcome]:
        kept.extend(some)
        return ["sent"] * len(some)

    monkeypatch.setattr(sending, "send", send)
    return kept
