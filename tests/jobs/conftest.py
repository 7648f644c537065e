"""Fixtures of the command's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.sample_portal import SamplePortal
from tests.jobs.desk import Desk


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
