"""Fixtures that the tests of the library and of the commands share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from jobs.sample_portal import SamplePortal


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running


def pytest_collection_finish() -> None:
    """Spare the garbage collector some 7,000 collected tests, looked through again each time."""
    gc.collect()
    gc.freeze()
