"""Coroutines side by side: results in order, and the first failure as itself."""

from __future__ import annotations

import asyncio
import traceback

import pytest

from pipeline.errors import StoreError
from pipeline.together import together


async def value(of: int) -> int:
    await asyncio.sleep(0)
    return of


def test_results_come_in_order() -> None:
    assert asyncio.run(together(value(n) for n in range(5))) == [0, 1, 2, 3, 4]
    assert asyncio.run(together([])) == []


def test_a_failure_cancels_the_others_and_keeps_its_cause() -> None:
    ended = []

    async def waits() -> int:
        try:
            return await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def fails() -> int:
        await asyncio.sleep(0)
        try:
            raise OSError("the disk")
        except OSError as error:
            raise StoreError("no database") from error

    with pytest.raises(StoreError) as caught:
        asyncio.run(together([waits(), fails(), together([waits()])]))
    assert ended == [True, True]
    assert isinstance(caught.value.__cause__, OSError)
    assert "the disk" in "".join(traceback.format_exception(caught.value))
    assert "ExceptionGroup" not in "".join(traceback.format_exception(caught.value))


def test_a_cancelled_run_is_cancelled() -> None:
    async def cancelled() -> None:
        task = asyncio.create_task(together([asyncio.Event().wait()]))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())
