"""gisa's own fetcher with all its guards on, delay 0: as a client of `fetching.py`, or part by part.

python -m benchmarks.fetching_gisa whole|parts BASE PAGES CONNECTIONS; prints JSON. `parts` also says where
the CPU time goes, in seconds.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.fetching_course import Course, Result, run
from benchmarks.fetching_parts import Parts
from pipeline.fetch import Fetcher, Limits
from pipeline.store import open_store
from pipeline.urls import authority


def main() -> None:
    what, base, pages, connections = sys.argv[1:]
    course = Course(base, int(pages), int(connections))
    if what == "whole":
        asyncio.run(_run(course)).say()
        return
    parts = Parts()
    parts.watch()
    result = asyncio.run(_run(course, parts.forget))
    print(json.dumps(parts.shared_out(result.cpu)))


async def _run(course: Course, when_warm: Callable[[], None] = lambda: None) -> Result:
    limits = Limits(
        delay=timedelta(0),
        concurrency=course.connections,
        private=frozenset({authority(course.base)}),
    )
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "gisa.db") as store:
        fetcher = Fetcher(
            limits, store.hosts, contact="https://gisa.example/", clock=lambda: datetime.now(UTC)
        )
        async with fetcher:

            async def text_of(url: str) -> str:
                page = await fetcher.page(url)
                assert page is not None
                return page.html

            return await run(course, text_of, when_warm)


if __name__ == "__main__":
    main()
