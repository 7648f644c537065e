"""What an export costs: memory and CPU for many articles, each format in a process of its own.

python -m benchmarks.exporting [--articles 10000,100000]

Peak memory is that of the process, from the kernel. Articles are those of `make bench-store`, two thousand
different ones under many ids.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from benchmarks.storing_articles import NOW, SOURCE, articles
from jobs.exporting.encoding import FORMATS
from pipeline.records import Article
from pipeline.store import open_store

_DIFFERENT = 2000
_BATCH = 500
_MEASURED = r"""
import json, re, sys, time
from pathlib import Path
from jobs.__main__ import main
code = main(sys.argv[1:])
# not ru_maxrss: that begins with the memory of the process that started this one
peak = int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
print(json.dumps([code, peak, time.process_time()]), file=sys.stderr)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", default="10000,100000")
    args = parser.parse_args()
    print(f"{'articles':>9}  {'format':<22}{'peak MB':>9}{'CPU s':>8}{'us each':>9}{'MB':>8}")
    for count in map(int, args.articles.split(",")):
        with tempfile.TemporaryDirectory(prefix="gisa-bench-export-") as folder:
            _fill(Path(folder), count)
            for name in FORMATS:
                _measure(Path(folder), count, "--format", name)
            _measure(Path(folder), count, "--format", "jsonl", "--purpose", "analysis")
            _measure(Path(folder), count, "--format", "jsonl", "--query", "예산")


def _fill(folder: Path, count: int) -> None:
    (folder / "config.toml").write_text(
        '[pipeline]\ncontact = "mailto:desk@newsroom.example"\n'
        '[source.bench]\nportal = "daum"\nlistings = ["https://news.daum.net/politics"]\n',
        encoding="utf-8",
    )
    with open_store(folder / "gisa.db") as store:
        store.sources.remember(SOURCE, NOW)
        numbered = _numbered(count)
        while some := list(islice(numbered, _BATCH)):
            store.articles.save_all(some, SOURCE.name)


def _numbered(count: int) -> Iterator[Article]:
    made = articles(_DIFFERENT)
    for number in range(count):
        key = f"{number:017d}"
        like = made[number % _DIFFERENT]
        yield replace(like, id=f"daum:{key}", canonical_url=f"https://v.news.example/v/{key}")


def _measure(folder: Path, count: int, *options: str) -> None:
    command = [sys.executable, "-c", _MEASURED, "export", "--config", str(folder / "config.toml")]
    out = folder / "out"
    command += ["--output", str(out), "--force", "-q", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, peak, cpu = json.loads(done.stderr.splitlines()[-1])
    assert code == 0
    size = out.stat().st_size / 1e6
    name = " ".join(options[1:])
    print(f"{count:9}  {name:<22}{peak:9.0f}{cpu:8.1f}{cpu / count * 1e6:9.0f}{size:8.0f}")


if __name__ == "__main__":
    main()
