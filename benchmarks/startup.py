"""How long `gisa` takes to say anything: whole processes, beside `python -c pass`, in turns.

python -m benchmarks --only startup, or python -m benchmarks.startup [--runs 15]

"Nothing to do" is a run over one source whose listing shows 20 articles that are known, none of them due: it
fetches robots.txt and the listing, reads it, and ends.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import Used, measured
from benchmarks.whole_gisa import home
from benchmarks.whole_site import Written
from jobs.sample_portal import SamplePortal

ROOT = Path(__file__).parent.parent
NOTHING = "gisa run, nothing to do"
GISA = str(Path(sys.executable).parent / "gisa")
CONFIG = ["--config", str(ROOT / "config.toml")]

_LISTED = 20

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
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each command")
    measure(parser.parse_args().runs)


def measure(runs: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, SamplePortal(entries=_LISTED) as portal:
        commands = COMMANDS | {NOTHING: _with_nothing_to_do(Path(folder), portal)}
        taken: dict[str, list[Used]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                used = measured(command)
                if number:  # the first round warms the caches
                    taken[name].append(used)
    _show(taken, runs)


def _show(taken: dict[str, list[Used]], runs: int) -> None:
    print(f"python {sys.version.split()[0]}, {runs} runs of each in turns, medians\n")
    print("| command | wall, ms | × `python -c pass` | CPU, ms | × `python -c pass` |")
    print("|---|---|---|---|---|")
    medians = {
        name: (
            statistics.median(used.wall for used in its) * 1000,
            statistics.median(used.cpu for used in its) * 1000,
        )
        for name, its in taken.items()
    }
    base = medians["python -c pass"]
    for name, (wall, cpu) in medians.items():
        times = f"{wall:.0f} | {wall / base[0]:.1f} | {cpu:.0f} | {cpu / base[1]:.1f}"
        print(f"| `{name}` | {times} |")


def _with_nothing_to_do(folder: Path, portal: SamplePortal) -> list[str]:
    """Crawl a source once, and return the command that crawls it again."""
    section = portal.newsroom.sections[0]
    site = Written(portal.base_url, (portal.listing_url(section),), {}, 0, 0)
    made = home(folder / "nothing", site, sources=1, archive=False)
    _, said = made.run()
    if not said["totals"]["new"]:
        raise SystemExit(f"the first run stored nothing: {said['totals']}")
    return made.command()


if __name__ == "__main__":
    main()
