"""How long `gisa` takes to say anything: whole processes, beside `python -c pass`, in turns, medians.

python -m benchmarks.startup [--runs 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
GISA = str(Path(sys.executable).parent / "gisa")
CONFIG = ["--config", str(ROOT / "config.toml")]

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "gisa --help": [GISA, "--help"],
    "gisa --version": [GISA, "--version"],
    "gisa parse --help": [GISA, "parse", "--help"],
    "gisa config": [GISA, "config", *CONFIG],
    "gisa sources": [GISA, "sources", *CONFIG],
    "gisa parse PAGE": [
        GISA, "parse", str(ROOT / "tests/pages/daum/article_plain.html"), *CONFIG,
    ],
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    runs = parser.parse_args().runs
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(runs + 1):
            for name, command in COMMANDS.items():
                taken = _time(command, folder)
                if number:  # the first round warms the caches
                    seconds[name].append(taken)
    base = statistics.median(seconds["python -c pass"])
    print(f"python {sys.version.split()[0]}, {runs} runs of each in turns, median wall time")
    print(f"{'command':<22} {'ms':>6} {'x pass':>7}")
    for name, taken in seconds.items():
        median = statistics.median(taken)
        print(f"{name:<22} {median * 1000:6.0f} {median / base:7.1f}")


def _time(command: list[str], folder: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
