"""A disk that fills up at many points: for each limit a child writes batches until it may write no more.

python -m tests.pipeline.store.filling FOLDER LIMIT…

FOLDER/LIMIT.db is the child's own database. RLIMIT_FSIZE stands for the full disk: no file may grow beyond it.
This process has imported everything and has no threads, so it may fork. A line of JSON for each limit.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from datetime import timedelta
from pathlib import Path

from pipeline.errors import StoreError
from pipeline.records import Entry, Source
from pipeline.store import Store, open_store
from pipeline.store.visits import NEVER_SEEN
from tests.pipeline.store.neighbours import START, article

BATCH = 3
MOST = 120


def save_batch(store: Store, number: int) -> None:
    """What a crawl does: note what is listed, then store articles and settle their visits."""
    now = START + timedelta(minutes=number)
    ids = [f"daum:{number}-{n}" for n in range(BATCH)]
    entries = [Entry(i, f"http://h/{i}", f"http://h/{i}", n, i) for n, i in enumerate(ids, 1)]
    store.sources.remember(Source("s", "daum", ("http://h",)), now)
    store.visits.discover("s", "http://h", entries, now)
    with store.writing():
        store.articles.save_all([article(i, f"{number} " + "가" * 300, 0) for i in ids], "s")
        for visit in store.visits.due("s", now):
            store.visits.settle(visit, "new", now, again=None, seen=NEVER_SEEN)


def fill(path: Path, limit: int) -> None:
    """The life of a child."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    saved, said = 0, ""
    try:
        with open_store(path) as store:
            # the log is folded into the file all the time, so that both meet the limit
            store.db.conn.execute("PRAGMA wal_autocheckpoint = 16")
            for saved in range(MOST):
                save_batch(store, saved)
            saved = MOST
    except StoreError as error:
        said = str(error)
    os.write(1, (json.dumps({"limit": limit, "saved": saved, "said": said}) + "\n").encode())


def main() -> None:
    for limit in sys.argv[2:]:
        child = os.fork()
        if child == 0:
            try:
                fill(Path(sys.argv[1]) / f"{limit}.db", int(limit))
            finally:
                sys.stderr.flush()
                os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
