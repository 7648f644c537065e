"""How long the pages of `gisa serve` take with 100,000 articles: as a visitor waits, and as the server works.

python -m benchmarks.serving [--articles 100000] [--rounds 30] [--folder FOLDER]

`gisa serve` is a process of its own; every page is asked for over one kept connection, once to warm up, then
in as many rounds. CPU time is the server's, from the kernel; ratios are of CPU. With --folder the database is
kept there and used again; times in it end when it was made, so make a new one after some hours.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx

from benchmarks.serving_set import LIVED_ID, REVISIONS, SIGHTINGS, made
from pipeline import open_store

_SMALLEST = "/static/gisa.css"
_AIM_MS = 200
_TICK = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    now = datetime.now(UTC).replace(microsecond=0)
    with tempfile.TemporaryDirectory(prefix="gisa-bench-") as scratch:
        folder = args.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        config = made(folder, args.articles, now)
        pages = _pages(folder)
        with _served(config) as (address, pid), httpx.Client(base_url=address) as client:
            print(f"load {os.getloadavg()[0]:.1f}; {args.rounds} rounds; ms")
            _measure(client, pid, pages, args.rounds)
            print(f"load {os.getloadavg()[0]:.1f}; resident {_resident(pid)} MB")


def _pages(folder: Path) -> dict[str, str]:
    """Return the addresses of all pages, by what to call them."""
    with open_store(folder / "gisa.db") as store:
        story = store.stories(order="biggest", limit=1)[0].id
        run, odd = (
            store.sql(f"SELECT max(id) AS id FROM {t}")[0]["id"] for t in ("runs", "quarantine")
        )
        some = store.sql("SELECT * FROM articles ORDER BY seq DESC LIMIT 1")[0]
        rare = some["headline"].split()[-2].strip("…")
        author = store.sql(
            "SELECT name FROM article_authors JOIN authors ON authors.id = author_id WHERE article_id = ?",
            [some["id"]],
        )[0]["name"]
    filters = {"source": some["source"], "publisher": some["publisher"], "section": some["section"]}
    every = filters | {"author": author, "rights": f"tdm:{some['tdm']}", "within": "30d"}
    return {
        "the style sheet, which is the least": _SMALLEST,
        "front": "/",
        "search, the form": "/search",
        "search, a rare word": _search(rare),
        "search, a word of a quarter": _search("정부"),
        "search, two frequent words": _search("정부 경제"),
        "search, the newest": _search("정부", sort="newest"),
        "search, page 5": _search("정부", page="5"),
        "search, filtered": _search("정부", **filters),
        "search, all filters": _search("정부", **every),
        "filters without a word": _search("", **filters),
        "one article": f"/article/{some['id']}",
        f"article, {REVISIONS} revisions, {SIGHTINGS} sightings": f"/article/{LIVED_ID}",
        "article as JSON": f"/article/{LIVED_ID}.json",
        "diff": f"/article/{LIVED_ID}/diff?from=1&to={REVISIONS}",
        "stories": "/stories",
        "one story": f"/stories/{story}",
        "sources": "/sources",
        "one source": "/sources/press-05",
        "run": f"/runs/{run}",
        "quarantine": "/quarantine",
        "one page in quarantine": f"/quarantine/{odd}",
        "feed.atom": "/feed.atom",
        "feed.atom, a word of a quarter": f"/feed.atom?{urlencode({'q': '정부'})}",
        "feed.json": "/feed.json",
        "Datasette's table": "/data/articles",
        "Datasette's table, facets": "/data/articles?_facet=source&_facet=section",
    }


def _search(query: str, **asked: str) -> str:
    """As the form writes it: another order would be redirected."""
    order = ("source", "publisher", "section", "author", "rights", "within", "sort", "page")
    pairs = [("q", query), *((name, asked[name]) for name in order if name in asked)]
    return f"/search?{urlencode([(name, said) for name, said in pairs if said])}"


def _measure(client: httpx.Client, pid: int, pages: dict[str, str], rounds: int) -> None:
    print(f"{'page':<48}{'median':>8}{'p95':>8}{'CPU':>8}{'x the least':>12}{'kB':>7}")
    least = _times(client, pid, _SMALLEST, max(rounds, 30) * 10)[
        1
    ]  # the clock of the CPU is coarse
    for name, path in pages.items():
        size = len(_asked(client, path).content)
        waits, cpu = _times(client, pid, path, rounds)
        median, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
        late = "  over the aim" if p95 > _AIM_MS else ""
        print(
            f"{name:<48}{median:8.1f}{p95:8.1f}{cpu:8.1f}{cpu / least:12.0f}{size / 1000:7.0f}{late}",
            flush=True,
        )


def _times(client: httpx.Client, pid: int, path: str, rounds: int) -> tuple[list[float], float]:
    """Return how long each answer took, and the CPU of the server an answer: milliseconds."""
    begin, waits = _cpu(pid), []
    for _ in range(rounds):
        start = time.perf_counter()
        _asked(client, path)
        waits.append((time.perf_counter() - start) * 1000)
    return waits, (_cpu(pid) - begin) / rounds * 1000


def _asked(client: httpx.Client, path: str) -> httpx.Response:
    answer = client.get(path, headers={"accept-language": "ko"})
    if answer.status_code != 200:
        raise SystemExit(f"{path}: {answer.status_code}")
    return answer


@contextmanager
def _served(config: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "jobs", "serve", "--config", str(config), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        found = next(filter(None, (re.search(r"http://\S+", line) for line in process.stderr)))
        try:
            yield found[0], process.pid
        finally:
            process.terminate()


def _cpu(pid: int) -> float:
    """Seconds of CPU that a process took, with those of its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _resident(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) // 1024


if __name__ == "__main__":
    main()
