"""`gisa run` on one core and on two: what parsing beside the event loop gains, in one run after the other.

python -m benchmarks --only cores [--pages 2000] [--rounds 3]

On one core it is bound to the first, and the server of the pages has the other one to itself. On two it shares
them with the server. Whatever else runs takes its share of both: the clock says so, CPU does not.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys

from benchmarks import whole
from benchmarks.processes import Used
from benchmarks.whole_gisa import home

_ROWS = {(1, False): "one core", (2, False): "two cores",
         (1, True): "one core, pages kept", (2, True): "two cores, pages kept"}  # fmt: skip


def main(pages: int, rounds: int) -> None:
    """Print the table.

    Raises:
        SystemExit: there are no two cores.
    """
    if len(os.sched_getaffinity(0)) < 2:
        raise SystemExit("this part needs two cores")
    turns: dict[tuple[int, bool], list[Used]] = {row: [] for row in _ROWS}
    before = _children()
    with whole.course(whole.plan_of(pages)) as it:
        for number in range(rounds):
            for cores, archive in _ROWS:
                shutil.rmtree(it.folder / "cores", ignore_errors=True)
                made = home(
                    it.folder / "cores", it.site, sources=6, archive=archive, processes=cores
                )
                used, _ = made.run(cores)
                if made.headlines() != it.site.headlines:
                    raise SystemExit("not all pages were stored as they are")
                turns[cores, archive].append(used)
                said = f"round {number + 1}: {_ROWS[cores, archive]} {used.wall:.1f} s"
                print(said, file=sys.stderr)
    of_server = _children() - before - sum(used.cpu for its in turns.values() for used in its)
    _show(turns, pages, of_server / (pages * rounds * len(_ROWS)))


def _children() -> float:
    """Return the CPU seconds of all processes that we started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _show(turns: dict[tuple[int, bool], list[Used]], pages: int, of_server: float) -> None:
    print("| gisa run | pages/s | × one core | CPU s / 1,000 pages | cores busy | peak MB |")
    print("|---|---|---|---|---|---|")
    for (cores, archive), its in turns.items():
        speed = whole.spread([pages / used.wall for used in its], 0)
        alone = turns[1, archive]
        gain = whole.spread([one.wall / used.wall for one, used in zip(alone, its, strict=True)], 2)
        cpu = whole.spread([used.cpu / pages * 1000 for used in its])
        busy = whole.spread([used.cpu / used.wall for used in its], 2)
        peak = max(used.peak_megabytes for used in its)
        print(f"| {_ROWS[cores, archive]} | {speed} | {gain} | {cpu} | {busy} | {peak:.0f} |")
    print(f"\nThe server took {of_server * 1000:.2f} ms of CPU a page.")
