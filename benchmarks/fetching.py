"""What a fetched page costs: gisa's fetcher beside httpx, aiohttp and Scrapy, in turns, on loopback.

python -m benchmarks.fetching [--pages 1500] [--rounds 5] [--connections 16] [--only NAME]

Pages of 60 to 150 kB, gzipped, with keep-alive; every client is a process of its own and counts its CPU time
after a warm-up. Ratios are taken within a round. The first run makes an environment in .bench/.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.environment import environment
from benchmarks.fetching_course import Result

ROOT = Path(__file__).parent.parent
HTTPX, SCRAPY, GISA = "httpx", "scrapy", "gisa"
CONTESTANTS = {
    HTTPX: "httpx as it comes",
    "httpx-aiohttp": "httpx over httpx-aiohttp",
    "aiohttp": "aiohttp",
    SCRAPY: "Scrapy",
    GISA: "gisa, all guards on",
}
Rounds = dict[str, list[Result]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=1500, help="counted pages of a client's turn")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--only", action="append", choices=CONTESTANTS, metavar="NAME",
                        help=f"one of {', '.join(CONTESTANTS)}; may be given again")  # fmt: skip
    chosen = parser.parse_args()
    names = [name for name in CONTESTANTS if name in (chosen.only or CONTESTANTS)]
    others = environment("fetch") if names != [GISA] else Path(sys.executable)
    numbers = [str(chosen.pages), str(chosen.connections)]
    results: Rounds = {name: [] for name in names}
    shares: list[dict[str, float]] = []
    with _server() as base:
        for _ in range(chosen.rounds):
            for name in names:
                results[name].append(Result(**_said(_command(name, others), [base, *numbers])))
            if GISA in names:
                shares.append(_said(_gisa("parts"), [base, *numbers]))
    _refuse_different_texts(results)
    print(f"python {sys.version.split()[0]}, {chosen.rounds} rounds of {chosen.pages} pages each,"
          f" {chosen.connections} connections; median (least to most)\n")  # fmt: skip
    _show(results, chosen.pages)
    if shares:
        _show_shares(shares, chosen.pages)


@contextmanager
def _server() -> Iterator[str]:
    """Start the server of the pages, and yield its address."""
    command = [sys.executable, "-m", "benchmarks.fetching_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            base = server.stdout.readline().strip()
            if not base:
                raise SystemExit("the server of the pages did not start")
            yield base
            server.stdin.close()
            server.wait(10)
        finally:
            server.kill()


def _command(name: str, others: Path) -> list[str]:
    return (
        _gisa("whole") if name == GISA else [str(others), "-m", "benchmarks.fetching_clients", name]
    )


def _gisa(what: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.fetching_gisa", what]


def _said(command: list[str], course: list[str]) -> dict[str, float]:
    seconds = 60 + int(course[1]) / 10  # of a page that takes milliseconds
    ended = subprocess.run(
        [*command, *course], cwd=ROOT, stdout=subprocess.PIPE, timeout=seconds, check=True
    )
    said: dict[str, float] = json.loads(ended.stdout)
    return said


def _refuse_different_texts(results: Rounds) -> None:
    read = {name: {turn.characters for turn in turns} for name, turns in results.items()}
    if len(set().union(*read.values())) > 1:
        raise SystemExit(f"they did not read the same texts; characters: {read}")


def _show(results: Rounds, pages: int) -> None:
    print(f"{'client':<25} {'CPU ms/page':>17} {'pages/CPU s':>11} {'x httpx':>17} {'x Scrapy':>17}"
          f" {'pages/s':>8} {'peak MB':>8}")  # fmt: skip
    for name, turns in results.items():
        cpu = [turn.cpu for turn in turns]
        each = _spread([seconds / pages * 1000 for seconds in cpu])
        per_second = statistics.median(pages / seconds for seconds in cpu)
        ratios = [_ratios(results.get(base), cpu) for base in (HTTPX, SCRAPY)]
        speed = statistics.median(pages / turn.wall for turn in turns)
        peak = max(turn.peak_kilobytes for turn in turns) / 1024
        print(f"{CONTESTANTS[name]:<25} {each:>17} {per_second:11.0f} {ratios[0]:>17} {ratios[1]:>17}"
              f" {speed:8.0f} {peak:8.0f}")  # fmt: skip


def _ratios(base: list[Result] | None, cpu: list[float]) -> str:
    if base is None:
        return "-"
    return _spread([other.cpu / own for other, own in zip(base, cpu, strict=True)])


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def _show_shares(shares: list[dict[str, float]], pages: int) -> None:
    print(f"\n{'gisa, part by part':<32} {'share':>6} {'us/page':>8}")
    middle = {part: statistics.median(share[part] for share in shares) for part in shares[0]}
    whole = sum(middle.values())
    for part, seconds in middle.items():
        print(f"{part:<32} {seconds / whole:6.1%} {seconds / pages * 1e6:8.0f}")


if __name__ == "__main__":
    main()
