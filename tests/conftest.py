"""Fixtures that the tests of the library and of the commands share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jobs.sample_portal import SamplePortal


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running
