"""The tables that `extracting.py` prints."""

from __future__ import annotations

import statistics
from collections.abc import Iterable

from benchmarks.extracting_scores import Quality, quality
from benchmarks.extracting_sets import PageSet
from benchmarks.extracting_turns import CONTESTANTS, FLAT_MARKS, PARSE, TRAFILATURA, Turn

Turns = dict[str, list[list[Turn]]]
"""By contestant, by round, a turn for each set."""


def show_quality(sets: list[PageSet], turns: Turns) -> None:
    """Print how well each contestant read each set."""
    print(f"{'set':<15} {'pages':>5}  {'extractor':<24} {'body F1':>7} {'prec.':>6} {'recall':>6} {'head.':>6}"
          f" {'auth.':>6} {'publ.':>6} {'begins':>6} {'ends':>6} {'none':>5}")  # fmt: skip
    for place, pages in enumerate(sets):
        for view, known in pages.views():
            for name in turns:
                if name != PARSE:
                    said = quality(known, turns[name][0][place].answers)
                    print(f"{view:<15} {said.pages:>5}  {CONTESTANTS[name]:<24} {_figures(said)}")
    print()


def _figures(said: Quality) -> str:
    figures = [
        *(said.body or (None, None, None)),
        said.headline,
        said.authors,
        said.published_at,
        said.begins,
        said.ends,
    ]
    printed = " ".join("     -" if value is None else f"{value:6.3f}" for value in figures)
    return f" {printed} {said.unanswered:>5}"


def show_speed(turns: Turns) -> None:
    """Print what a page costs each contestant, over all sets; ratios are taken within a round."""
    print(f"{'extractor':<24} {'CPU ms/page':>19} {'x bare parse':>19} {'x faster than trafilatura':>26}"
          f" {'longest page':>12} {'peak MB':>8}")  # fmt: skip
    cpu = {name: [_whole(each) for each in rounds] for name, rounds in turns.items()}
    for name, rounds in turns.items():
        count = sum(len(turn.seconds) for turn in rounds[0])
        each = _spread([seconds / count * 1000 for seconds in cpu[name]])
        parse = _ratios(cpu[name], cpu.get(PARSE))
        faster = _ratios(cpu.get(TRAFILATURA), cpu[name])
        longest = max(max(turn.seconds.values()) for turn in _all(rounds))
        peak = max(turn.peak_kilobytes for turn in _all(rounds)) / 1024
        print(f"{CONTESTANTS[name]:<24} {each:>19} {parse:>19} {faster:>26}"
              f" {longest:10.2f} s {peak:8.0f}")  # fmt: skip


def show_longest(sets: list[PageSet], turns: Turns) -> None:
    """Print the longest page of each contestant by its id: where to look."""
    print("\nlongest pages, in the round that was longest:")
    for name, rounds in turns.items():
        seconds, page = max(
            (seconds, f"{pages.name} {page}")
            for each in rounds
            for pages, turn in zip(sets, each, strict=True)
            for page, seconds in turn.seconds.items()
        )
        print(f"{CONTESTANTS[name]:<24} {seconds:6.2f} s  {page}")


def show_memory(memory: dict[str, list[int]]) -> None:
    """Print the memory after so many pages."""
    marks = " ".join(f"{f'after {mark:,}':>14}" for mark in FLAT_MARKS)
    print(f"\n{'memory in MB':<24} {marks}")
    for name, kilobytes in memory.items():
        print(f"{CONTESTANTS[name]:<24} {' '.join(f'{each / 1024:14.0f}' for each in kilobytes)}")


def _whole(turns: Iterable[Turn]) -> float:
    return sum(sum(turn.seconds.values()) for turn in turns)


def _all(rounds: Iterable[Iterable[Turn]]) -> list[Turn]:
    return [turn for turns in rounds for turn in turns]


def _ratios(over: list[float] | None, under: list[float] | None) -> str:
    if over is None or under is None:
        return "-"
    return _spread([one / other for one, other in zip(over, under, strict=True)])


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})"
