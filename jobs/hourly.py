"""What the last whole hour of each source should have brought: a look at weeks of history."""

from __future__ import annotations

from datetime import datetime

from jobs import wiring
from jobs.coverage import Examiner
from pipeline.config import Config
from pipeline.pauses import HOUR, whole


def last_hours(config: Config, now: datetime) -> dict[str, tuple[float, int]]:
    """Return of each enabled source what is expected of its last hour that is over and was looked at, and
    what it brought; sources with too little history are left out.

    Opens the database by itself, so it may run in a thread of its own.

    Raises:
        StoreError: the database cannot be read.
    """
    found = {}
    with wiring.read_only(config) as store, store.reading():
        examiner = Examiner.at(store, config.zone, now, now)
        for source in config.sources.values():
            looks = [run.at for run in examiner.runs(source.name, now) if run.looked]
            if not source.enabled or not looks:
                continue
            hour = whole(looks[-1]) - HOUR
            history = examiner.history(source.name, looks)
            if expected := history.expected(hour):
                found[source.name] = (expected.articles, history.counts.get(hour, 0))
    return found
