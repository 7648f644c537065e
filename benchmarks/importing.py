"""Pages a second a core: gisa's import beside fundus and news-please, on one web archive of the sample portal.

python -m benchmarks.importing [--pages 300] [--weight 60000] [--rounds 3] [--only NAME]

Every contestant is a process of its own, and counts its own CPU time of one reading of the archive, after
having read a short one. The first run makes an environment in .bench/.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.environment import ROOT, environment
from jobs.sample_portal import Newsroom
from jobs.sample_portal.warc import packed, pages_of

READ, WHOLE = "gisa, read", "gisa import"
OTHERS = ("fundus", "news-please")
NAMES = (*OTHERS, READ, WHOLE)
_SHORT = 20


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--weight", type=int, default=60_000, help="bytes of a page, at least")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", choices=NAMES)
    chosen = parser.parse_args()
    names = [name for name in NAMES if name in (chosen.only or NAMES)]
    python = environment("import") if set(OTHERS) & set(names) else Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        truth = _archives(Path(folder), chosen.pages, chosen.weight)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        turns: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        for _ in range(chosen.rounds):
            for name in names:
                turns[name].append(_turn(name, Path(folder), server.server_port, python))
        server.shutdown()
        server.server_close()
    _show(turns, chosen.pages, truth)


def _archives(folder: Path, pages: int, weight: int) -> int:
    """Write the archive and a short one; return how many of its pages are articles."""
    newsroom = Newsroom(1, pages)
    records = [page.record() for page in pages_of(newsroom, page_weight=weight)]
    (folder / "pages.warc.gz").write_bytes(packed(records))
    other = Newsroom(2, _SHORT)
    short = [page.record() for page in pages_of(other, page_weight=weight)]
    (folder / "short.warc.gz").write_bytes(packed(short))
    size = (folder / "pages.warc.gz").stat().st_size
    print(
        f"python {sys.version.split()[0]}, {pages} pages, {size // pages:,} bytes a page packed\n"
    )
    return sum(article.kind == "article" for article in newsroom.articles())


def _turn(name: str, folder: Path, port: int, python: Path) -> dict[str, Any]:
    files = [str(folder / f"{each}.warc.gz") for each in ("pages", "short")]
    if name in (READ, WHOLE):
        how = "read" if name == READ else "import"
        command = [sys.executable, "-m", "benchmarks.importing_gisa", how, *files]
    else:
        addresses = [f"http://127.0.0.1:{port}/{Path(each).name}" for each in files]
        given = addresses if name == "fundus" else files
        command = [str(python), "-m", "benchmarks.importing_others", name, *given]
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=1200)
    said: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return said


def _show(turns: dict[str, list[dict[str, Any]]], pages: int, truth: int) -> None:
    print("| reader | pages a CPU second | × fundus | × news-please | articles read |")
    print("|---|---|---|---|---|")
    for name, its in turns.items():
        rate = statistics.median(pages / turn["seconds"] for turn in its)
        cells = [f"{rate:.0f}"]
        for other in OTHERS:
            ratios = [
                b["seconds"] / a["seconds"] for a, b in zip(its, turns.get(other, ()), strict=False)
            ]
            cells.append(f"{statistics.median(ratios):.1f}" if ratios else "–")
        print(f"| {name} | {' | '.join(cells)} | {its[-1]['articles']} of {truth} |")
    for turn in turns.get(WHOLE, ())[-1:]:
        share = turn["writer"] / turn["seconds"]
        print(f"\nof gisa import, the process that reads and writes takes {share:.0%};")
        print(
            f"grouping into stories comes on top: {turn['stories'] / pages * 1000:.1f} ms of CPU a page"
        )


if __name__ == "__main__":
    main()
