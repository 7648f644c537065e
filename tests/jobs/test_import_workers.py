"""The pool of workers: answers in order, and what a page that kills or holds up a worker costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.importing.workers import Pool
from pipeline.errors import GisaError
from pipeline.importing.found import Found, Item, Passed
from pipeline.importing.reading import Reading
from tests.jobs import hostile_worker

AT = datetime(2026, 9, 27, tzinfo=UTC)
HOW = Reading(1000)


def page(number: int, body: bytes = b"", url: str = "") -> Found:
    return Found("response", number, number, body, AT, url)


def pool(
    processes: int, seconds: float = 30.0, target: Callable[..., None] = hostile_worker.main
) -> Pool:
    return Pool(processes, HOW, seconds=seconds, target=target)


def outcomes(workers: Pool, items: list[Item]) -> list[str]:
    found = list(workers.map(items))
    assert [item.number for item, _ in found] == [item.number for item in items]
    return [read.outcome if read else "passed" for _, read in found]


def test_answers_come_in_order_and_those_of_others_are_not_lost(tmp_path: Path) -> None:
    items: list[Item] = [page(n) if n % 7 else Passed("revisit", n, n) for n in range(1, 300)]
    expected = [f"read {n}" if n % 7 else "passed" for n in range(1, 300)]
    for at, body, outcome in (
        (20, b"kills", "crashed"), (101, b"kills once", "read again"), (250, b"breaks", "bug")
    ):  # fmt: skip
        items[at] = page(at + 1, body, str(tmp_path / "once"))
        expected[at] = outcome
    with pool(2) as workers:
        assert outcomes(workers, items) == expected
        assert outcomes(workers, items[200:]) == expected[200:]


def test_a_page_that_holds_a_worker_up_costs_itself() -> None:
    items: list[Item] = [page(n, b"hangs" if n == 5 else b"") for n in range(1, 40)]
    with pool(1, seconds=0.3) as workers:
        assert outcomes(workers, items) == [
            "timeout" if n == 5 else f"read {n}" for n in range(1, 40)
        ]


def test_no_more_is_taken_than_is_worked_at() -> None:
    taken: list[int] = []

    def source() -> object:
        for n in range(1, 10_000):
            taken.append(n)
            yield page(n, bytes(1000))

    with pool(1) as workers:
        done = workers.map(source())  # type: ignore[arg-type]
        for number, _ in enumerate(done, 1):
            assert len(taken) <= number + 200
            if number == 400:
                break
        done.close()  # type: ignore[attr-defined]
        # a map that was given up leaves nothing behind for the next one
        assert outcomes(workers, [page(1)]) == ["read 1"]


def test_workers_that_cannot_start_are_given_up() -> None:
    with (
        pool(1, target=hostile_worker.dead) as workers,
        pytest.raises(GisaError, match="cannot start"),
    ):
        list(workers.map([page(1)]))
