"""The whole job, from listings to the upsert with search index: `gisa run` beside what others would write.

python -m benchmarks --only whole [--pages 2000] [--rounds 3] [--client NAME]

Every client is a process of its own and is counted from its start to its end, by CPU time of it and of all that
it starts. Clients take turns, ratios are taken within a round. All must have stored the same articles under the
same headlines. The floor is what fetching, parsing and storing alone cost (`whole_floor.py`), in these rounds.
"""

from __future__ import annotations

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environment import environment
from benchmarks.processes import Used, measured
from benchmarks.whole_gisa import CONNECTIONS, Home, headlines_in, home
from benchmarks.whole_server import free_port, served, server_name
from benchmarks.whole_site import Plan, Written, write_site

GISA, KEEPING, PARSEL, SELECTOLAX = "gisa", "gisa-archive", "scrapy-parsel", "scrapy-selectolax"
NEWS_PLEASE, FUNDUS = "news-please", "fundus"
CLIENTS = {
    GISA: "gisa run",
    KEEPING: "gisa run, pages kept",
    PARSEL: "Scrapy, parsel",
    SELECTOLAX: "Scrapy, selectolax",
    FUNDUS: "fundus",
    NEWS_PLEASE: "news-please",
}
FLOOR = ("fetch", "parse", "insert")
_SOURCES, _ENTRIES = 6, 40
_ENVIRONMENTS = {PARSEL: "whole", SELECTOLAX: "whole", NEWS_PLEASE: "import", FUNDUS: "import"}
_MODULES = {"whole": "benchmarks.whole_scrapy", "import": "benchmarks.whole_others"}
_LENIENT = (NEWS_PLEASE, FUNDUS)
"""What they miss of a portal that is not theirs is counted, and not refused."""
_ONCE = (NEWS_PLEASE,)
"""So slow that it runs in the first round only."""


@dataclass(frozen=True, slots=True)
class Course:
    """A site that is being served, and a folder to work in."""

    site: Written
    folder: Path

    @property
    def pages(self) -> int:
        return len(self.site.headlines)

    def file(self, name: str, urls: Sequence[str]) -> str:
        """Return the path of a JSON file with addresses."""
        path = self.folder / name
        path.write_text(json.dumps(urls), encoding="utf-8")
        return str(path)


@dataclass(slots=True)
class Turns:
    """What each client used, round by round; `right` is how many headlines were as they should be."""

    used: dict[str, list[Used]] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    floor: dict[str, list[float]] = field(default_factory=dict)


@contextmanager
def course(plan: Plan) -> Iterator[Course]:
    """Write a site and serve it."""
    with tempfile.TemporaryDirectory(prefix="gisa-bench-") as name:
        folder, port = Path(name), free_port()
        site = write_site(folder / "pages", f"http://127.0.0.1:{port}", plan)
        with served(folder / "pages", folder / "nginx", port):
            yield Course(site, folder)


def plan_of(pages: int) -> Plan:
    """Return a portal whose listings hold some forty articles each."""
    return Plan(pages, max(_SOURCES, pages // _ENTRIES))


def main(pages: int, rounds: int, clients: Sequence[str]) -> None:
    """Print the table."""
    for name in {_ENVIRONMENTS[client] for client in clients if client in _ENVIRONMENTS}:
        environment(name)
    turns = Turns()
    with course(plan_of(pages)) as it:
        _print_head(it, rounds)
        for number in range(rounds):
            for client in clients:
                if number and client in _ONCE:
                    continue
                turns.used.setdefault(client, []).append(_turn(it, client, turns))
                _progress(number, client, turns.used[client][-1])
            if GISA in clients:
                _measure_floor(it, turns)
    show(turns, pages)


def _progress(number: int, client: str, used: Used) -> None:
    print(f"round {number + 1}: {client} {used.cpu:.1f} s of CPU", file=sys.stderr)


def _turn(it: Course, client: str, turns: Turns) -> Used:
    folder = it.folder / client
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if client in (GISA, KEEPING):
        made = home(folder, it.site, sources=_SOURCES, archive=client == KEEPING)
        used, _ = made.run()
        found = made.headlines()
    else:
        kind, database = _ENVIRONMENTS[client], folder / "articles.db"
        command = [str(environment(kind)), "-m", _MODULES[kind], client.removeprefix("scrapy-")]
        listings = it.file("listings.json", it.site.listings)
        used = measured([*command, str(database), str(CONNECTIONS), listings])
        found = headlines_in(database, "SELECT id, headline FROM articles")
    right = sum(found.get(key) == headline for key, headline in it.site.headlines.items())
    if client not in _LENIENT and found != it.site.headlines:
        raise SystemExit(f"{client} stored {len(found)} articles, {right} of {it.pages} right")
    turns.right[client] = right
    return used


def _measure_floor(it: Course, turns: Turns) -> None:
    urls = [*it.site.listings, *(f"{it.site.base}/v/{key}" for key in it.site.headlines)]
    arguments = {
        "fetch": [it.file("all.json", urls), str(CONNECTIONS)],
        "parse": [str(it.folder / "pages")],
        "insert": [str(Home(it.folder / GISA).database)],
    }
    for part in FLOOR:
        used = measured([sys.executable, "-m", "benchmarks.whole_floor", part, *arguments[part]])
        turns.floor.setdefault(part, []).append(json.loads(used.said))


def _print_head(it: Course, rounds: int) -> None:
    print(f"python {sys.version.split()[0]}, {server_name()}, {it.pages} pages of {it.site.kilobytes:.0f} kB"
          f" ({it.site.packed_kilobytes:.0f} packed) on {len(it.site.listings)} listings,"
          f" {CONNECTIONS} connections, {rounds} rounds; median (least to most)\n")  # fmt: skip


def show(turns: Turns, pages: int) -> None:
    """Print what was measured as tables in Markdown."""
    base = turns.used.get(GISA, [])
    print("| client | CPU s / 1,000 pages | pages a CPU s, gisa = 1 | pages/s | peak MB | right |")
    print("|---|---|---|---|---|---|")
    for client, its in turns.used.items():
        cpu = spread([used.cpu / pages * 1000 for used in its])
        ratio = spread([own.cpu / used.cpu for own, used in zip(base, its, strict=False)], 2)
        speed = spread([pages / used.wall for used in its], 0)
        peak = max(used.peak_megabytes for used in its)
        print(
            f"| {CLIENTS[client]} | {cpu} | {ratio} | {speed} | {peak:.0f} | {turns.right[client]} |"
        )
    if turns.floor:
        _show_floor(turns, pages)


def _show_floor(turns: Turns, pages: int) -> None:
    print("\n| floor | CPU s / 1,000 pages | gisa = 1 |")
    print("|---|---|---|")
    base = turns.used[GISA]
    sums = [sum(parts) for parts in zip(*turns.floor.values(), strict=True)]
    for name, its in (*turns.floor.items(), ("sum", sums)):
        share = spread([cpu / own.cpu for cpu, own in zip(its, base, strict=True)], 2)
        print(f"| {name} | {spread([cpu / pages * 1000 for cpu in its], 2)} | {share} |")
    times = spread([own.cpu / cpu for own, cpu in zip(base, sums, strict=True)], 2)
    print(f"\ngisa / floor: {times}")


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return the median, and in brackets the least and the most."""
    if not values:
        return "–"
    form: Callable[[float], str] = f"{{:.{digits}f}}".format
    return f"{form(statistics.median(values))} ({form(min(values))}–{form(max(values))})"
