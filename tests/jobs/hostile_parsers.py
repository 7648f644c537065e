"""A worker process that pages can kill, hold up, break or have log, in place of the real one."""

from __future__ import annotations

import logging
import os
import signal
import sys
from datetime import datetime

from jobs.parsing import worker
from pipeline.reading import Reader
from pipeline.records import Article, Page

MODULE = __name__ if __name__ != "__main__" else "tests.jobs.hostile_parsers"


class Odd(Exception):
    """A stranger's exception: it cannot be made again from its arguments."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{what} {where}")


_found = Reader.found


def hostile(
    self: Reader, page: Page, listed_url: str, published_at: datetime | None = None
) -> Article:
    """What a page does stands in it."""
    if "<!--kills-->" in page.html:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "<!--hangs-->" in page.html:
        while True:
            pass
    if "<!--breaks-->" in page.html:
        raise Odd("a", "bug")
    if "<!--odd-->" in page.html:
        return lambda: None  # type: ignore[return-value]
    if "<!--logs-->" in page.html:
        logging.getLogger("stranger").warning("seen %s", page.url)
    return _found(self, page, listed_url, published_at)


if __name__ == "__main__":
    Reader.found = hostile  # type: ignore[method-assign]
    worker.main(float(sys.argv[1]))
