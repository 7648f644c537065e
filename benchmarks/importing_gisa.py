"""gisa over a web archive: what a worker does, in one process; or the whole import with one worker.

python -m benchmarks.importing_gisa read|import ARCHIVE SHORT
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.importing_course import run
from jobs.importing.job import Job, Stop, group, import_unit
from jobs.importing.workers import Pool
from jobs.terminal import silent
from pipeline.importing.found import EVERYTHING, Found, Start
from pipeline.importing.reading import Reading, read
from pipeline.importing.units import Bounds, opened, units
from pipeline.records import Source
from pipeline.store import open_store

BOUNDS = Bounds(15_000_000, EVERYTHING, {})
HOW = Reading(BOUNDS.most)


def texts_of(path: str) -> Iterator[str | None]:
    """What a worker does, and the reading of the file."""
    (unit,) = units([Path(path)])
    with opened(unit, BOUNDS, Start()) as items:
        for item in items:
            article = read(item, HOW).article if isinstance(item, Found) else None
            yield article.text if article else None


def import_whole(path: str, short: str) -> None:
    """Print CPU seconds of both processes for a whole import into a new database, and of the stories."""
    stop = Stop()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(Path(folder) / "gisa.db") as store,
        Pool(1, HOW) as pool,
    ):
        store.sources.remember(Source("import", "import", ()), datetime.now(UTC))
        job = Job(
            store.path, store, lambda: datetime.now(UTC), silent, "import", BOUNDS, "{}", stop
        )
        for name in (short, path):
            (unit,) = units([Path(name)])
            begin = time.process_time(), _of_workers(pool)
            done = import_unit(unit, job, pool)
            ours, theirs = time.process_time() - begin[0], _of_workers(pool) - begin[1]
        begin_stories = time.process_time()
        group(store, stop)
        said = {
            "articles": done.counts["new"],
            "characters": store.rows("SELECT sum(length(text)) AS n FROM articles")[0]["n"],
            "seconds": ours + theirs,
            "writer": ours,
            "stories": time.process_time() - begin_stories,
        }
    print(json.dumps(said))


def _of_workers(pool: Pool) -> float:
    """CPU seconds of the workers that live. They are no children of ours: getrusage does not know them."""
    seconds = 0.0
    for pid in pool.pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


if __name__ == "__main__":
    if sys.argv.pop(1) == "read":
        run(texts_of)
    else:
        import_whole(*sys.argv[1:3])
