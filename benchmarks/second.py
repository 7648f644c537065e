"""The second pass: every article of an unchanged portal is asked for again, beside the first pass.

python -m benchmarks --only second [--pages 2000] [--rounds 3]

`revisit` says that an article is looked at again after a day; the benchmark lets that day pass for all of them
at once. The server answers 304, so that nothing is read but the listings.
"""

from __future__ import annotations

import shutil
import statistics
import sys

from benchmarks import whole
from benchmarks.processes import Used
from benchmarks.whole_gisa import home


def main(pages: int, rounds: int) -> None:
    """Print the table."""
    first: list[Used] = []
    second: list[Used] = []
    with whole.course(whole.plan_of(pages)) as it:
        for number in range(rounds):
            shutil.rmtree(it.folder / "second", ignore_errors=True)
            made = home(it.folder / "second", it.site, sources=6, archive=True)
            for passes, counted in ((first, "new"), (second, "unchanged")):
                used, said = made.run()
                if said["totals"][counted] != pages:
                    raise SystemExit(f"{said['totals']}: not all of {pages} pages are {counted}")
                passes.append(used)
                made.all_due()
            print(
                f"round {number + 1}: {first[-1].cpu:.1f} s, {second[-1].cpu:.1f} s",
                file=sys.stderr,
            )
    print(f"{pages} pages, {rounds} rounds, pages kept; median (least to most)\n")
    print("| pass | CPU ms a page | pages/s | peak MB |")
    print("|---|---|---|---|")
    for name, passes in (("first", first), ("second, all 304", second)):
        cpu = whole.spread([used.cpu / pages * 1000 for used in passes], 2)
        speed = statistics.median(pages / used.wall for used in passes)
        peak = max(used.peak_megabytes for used in passes)
        print(f"| {name} | {cpu} | {speed:.0f} | {peak:.0f} |")
    times = whole.spread([a.cpu / b.cpu for a, b in zip(first, second, strict=True)])
    print(f"\nfirst / second: {times}")
