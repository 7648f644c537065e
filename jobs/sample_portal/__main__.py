"""Serves the sample portal for experiments by hand: `python -m jobs.sample_portal`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from jobs.sample_portal import naver_api
from jobs.sample_portal.server import SamplePortal

_HINTS = """control (answers are JSON):
  curl {base}/_control/state
  curl -X POST '{base}/_control/edit?id={newest}'
  curl -X POST '{base}/_control/remove?id={newest}'
  curl -X POST '{base}/_control/publish?section={section}'
  curl -X POST '{base}/_control/break?what=listing'      (or article; undo: /_control/heal)
  curl -X POST '{base}/_control/answer?path=/{section}&status=429&retry_after=5&times=1'
  curl -X POST '{base}/_control/advance?minutes=60'
search, as Naver's API: {base}{search} (docs/sources.md)
  GISA_NAVER_CLIENT_ID={client_id} GISA_NAVER_CLIENT_SECRET={client_secret}
Ctrl-C stops."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m jobs.sample_portal", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 takes any free port")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--page-weight", type=int, default=0, metavar="BYTES")
    chosen = parser.parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        portal = SamplePortal(
            seed=chosen.seed,
            articles=chosen.articles,
            port=chosen.port,
            page_weight=chosen.page_weight,
        )
    except OSError as error:
        sys.stderr.write(f"cannot listen on port {chosen.port}: {error.strerror}\n")
        return 1
    with portal:
        sys.stdout.write(_welcome(portal))
        sys.stdout.flush()
        stopped.wait()
    return 0


def _welcome(portal: SamplePortal) -> str:
    sections = portal.newsroom.sections
    lines = [portal.listing_url(section) for section in sections]
    newest = next(iter(portal.newsroom.ids()), "ID")
    hints = _HINTS.format(
        base=portal.base_url, newest=newest, section=sections[0], search=naver_api.HUB,
        client_id=naver_api.CLIENT_ID, client_secret=naver_api.CLIENT_SECRET,
    )  # fmt: skip
    return "\n".join([*lines, "", hints, ""])


if __name__ == "__main__":
    sys.exit(main())
