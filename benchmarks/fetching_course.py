"""The course that every client of `fetching.py` runs, and the watch that times it."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, field

WARM_UP = 200
"""Pages before the watch starts: connections, caches, lazy imports."""

_FIRST = 20260901000000000


@dataclass(frozen=True, slots=True)
class Course:
    """So many pages, no address twice, over so many connections."""

    base: str
    pages: int
    connections: int

    def urls(self) -> Iterator[str]:
        """Yield the addresses, those of the warm-up first."""
        return (f"{self.base}/v/{_FIRST + number}" for number in range(WARM_UP + self.pages))


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds for the pages after the warm-up; characters of all pages, which all clients must agree on."""

    cpu: float
    wall: float
    characters: int
    peak_kilobytes: int

    def say(self) -> None:
        """Print it for the process that waits."""
        print(json.dumps(asdict(self)))


@dataclass(frozen=True, slots=True)
class Watch:
    """Started by being made."""

    cpu: float = field(default_factory=time.process_time)
    wall: float = field(default_factory=time.perf_counter)

    def stopped(self, characters: int) -> Result:
        """Return what was used since."""
        cpu, wall = time.process_time() - self.cpu, time.perf_counter() - self.wall
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return Result(cpu, wall, characters, peak // 1024 if sys.platform == "darwin" else peak)


async def run(
    course: Course,
    text_of: Callable[[str], Awaitable[str]],
    when_warm: Callable[[], None] = lambda: None,
) -> Result:
    """Run the course with a client that fetches one page at a time in each of its workers."""
    urls = list(course.urls())
    characters = await _fetched(urls[:WARM_UP], course.connections, text_of)
    when_warm()
    watch = Watch()
    characters += await _fetched(urls[WARM_UP:], course.connections, text_of)
    return watch.stopped(characters)


async def _fetched(urls: list[str], workers: int, text_of: Callable[[str], Awaitable[str]]) -> int:
    left = iter(urls)

    async def work() -> int:
        characters = 0
        for url in left:
            characters += len(await text_of(url))
        return characters

    return sum(await asyncio.gather(*(work() for _ in range(workers))))
