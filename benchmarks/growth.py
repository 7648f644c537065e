"""Does a page cost more where there is more already: articles in the database, sources in the configuration?

python -m benchmarks --only growth [--pages 2000] [--rounds 3]; a quarter of the pages is crawled each time.

The same new pages are crawled beside 1,000, 10,000 and 100,000 stored articles, in turns. Then 1,000 listings
are spread over 10, 100 and 1,000 sources: the documents that are fetched stay the same. Both are drawn in
docs/benchmarks-growth.svg.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path

from benchmarks import whole
from benchmarks.growth_store import grown
from benchmarks.plotting import write_plot
from benchmarks.processes import ROOT, Used
from benchmarks.whole_gisa import home
from benchmarks.whole_site import Plan

ARTICLES, SOURCES = (1_000, 10_000, 100_000), (10, 100, 1_000)
PLOT = ROOT / "docs/benchmarks-growth.svg"
Turns = dict[int, list[Used]]


def main(
    pages: int,
    rounds: int,
    *,
    articles: tuple[int, ...] = ARTICLES,
    sources: tuple[int, ...] = SOURCES,
    plot: Path = PLOT,
) -> None:
    """Print two tables and write the plot."""
    by_articles = _beside_articles(pages, rounds, articles)
    listings = max(sources)
    of_sources = max(pages, listings)
    by_sources = _over_sources(Plan(of_sources, listings), rounds, sources)
    lines = {
        "articles before, a page": _points(by_articles, pages),
        "sources, a document": _points(by_sources, of_sources + listings),
    }
    _show("articles stored before", by_articles, pages, "page")
    _show("sources", by_sources, of_sources + listings, "page or listing")
    write_plot(plot, "CPU a page, by what there is already", lines, x="articles or sources", y="ms")


def _beside_articles(pages: int, rounds: int, articles: tuple[int, ...]) -> Turns:
    turns: Turns = {count: [] for count in articles}
    filled = {count: grown(count) for count in articles}
    with whole.course(whole.plan_of(pages)) as it:
        for _ in range(rounds):
            for count in articles:
                folder = it.folder / "grown"
                shutil.rmtree(folder, ignore_errors=True)
                made = home(folder, it.site, sources=6, archive=False)
                shutil.copyfile(filled[count], made.database)
                used, said = made.run()
                _refuse(said["totals"]["new"], pages)
                turns[count].append(used)
                print(f"{count} articles: {used.cpu:.1f} s of CPU", file=sys.stderr)
    return turns


def _over_sources(plan: Plan, rounds: int, sources: tuple[int, ...]) -> Turns:
    turns: Turns = {count: [] for count in sources}
    with whole.course(plan) as it:
        for _ in range(rounds):
            for count in sources:
                shutil.rmtree(it.folder / "spread", ignore_errors=True)
                made = home(it.folder / "spread", it.site, sources=count, archive=False)
                used, said = made.run()
                _refuse(said["totals"]["new"], plan.pages)
                turns[count].append(used)
                print(f"{count} sources: {used.cpu:.1f} s of CPU", file=sys.stderr)
    return turns


def _refuse(new: int, pages: int) -> None:
    if new != pages:
        raise SystemExit(f"{new} of {pages} articles are new")


def _points(turns: Turns, documents: int) -> list[tuple[float, float]]:
    return [
        (count, statistics.median(used.cpu for used in its) / documents * 1000)
        for count, its in turns.items()
    ]


def _show(what: str, turns: Turns, documents: int, unit: str) -> None:
    base = next(iter(turns.values()))
    print(f"\n| {what} | CPU ms a {unit} | × the first row | peak MB |")
    print("|---|---|---|---|")
    for count, its in turns.items():
        cpu = whole.spread([used.cpu / documents * 1000 for used in its], 2)
        ratio = whole.spread([own.cpu / one.cpu for own, one in zip(its, base, strict=True)], 2)
        peak = max(used.peak_megabytes for used in its)
        print(f"| {count:,} | {cpu} | {ratio} | {peak:.0f} |")
