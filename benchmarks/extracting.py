"""What an extracted page costs and how right it is: gisa's extractor beside others, in turns.

python -m benchmarks.extracting [CORPUS] [--set NAME] [--rounds 3] [--only NAME] [--flat]

CORPUS is a folder of files NAME.jsonl.gz: benchmarks/extracting_sets.py says what stands in them. Without it
a few fictional pages are read, for the speed alone. Every extractor is a process of its own and counts the
CPU time of extractions. The first run makes an environment in .bench/.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from benchmarks.environment import environment
from benchmarks.extracting_sets import PageSet, fictional_set, names_in, read_set
from benchmarks.extracting_tables import (
    Turns,
    show_longest,
    show_memory,
    show_quality,
    show_speed,
)
from benchmarks.extracting_turns import CONTESTANTS, FLAT_MARKS, GISA, memory_after, take_turn


def main() -> None:
    chosen = _arguments()
    names = [name for name in CONTESTANTS if name in (chosen.only or CONTESTANTS)]
    own = f"selectolax=={version('selectolax')}"
    others = environment("extract", needs=own) if names != [GISA] else Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        sets = _sets(chosen, Path(folder))
        turns = _turns(names, sets, others, chosen.rounds)
        counts = ", ".join(f"{len(pages.known)} of {pages.name}" for pages in sets)
        print(
            f"python {sys.version.split()[0]}, pages: {counts}; {chosen.rounds} rounds in turns\n"
        )
        if chosen.corpus:
            show_quality(sets, turns)
        else:
            print("fictional pages: speed alone; figures of quality need a corpus\n")
        show_speed(turns)
        show_longest(sets, turns)
        if chosen.flat:
            long = names if chosen.only else [GISA]
            show_memory({name: memory_after(name, sets, others) for name in long})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", nargs="?", type=Path, help="a folder of files NAME.jsonl.gz")
    parser.add_argument("--set", action="append", metavar="NAME",
                        help="a set of the corpus; may be given again")  # fmt: skip
    parser.add_argument("--rounds", type=_at_least_one, default=3)
    parser.add_argument("--only", action="append", choices=CONTESTANTS, metavar="NAME",
                        help=f"one of {', '.join(CONTESTANTS)}; may be given again")  # fmt: skip
    parser.add_argument("--flat", action="store_true",
                        help=f"memory over {FLAT_MARKS[-1]:,} pages, too")  # fmt: skip
    chosen = parser.parse_args()
    if chosen.set and not chosen.corpus:
        parser.error("--set needs a corpus")
    return chosen


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"should be 1 or more, not {text!r}")
    return int(text)


def _sets(chosen: argparse.Namespace, folder: Path) -> list[PageSet]:
    if not chosen.corpus:
        return [fictional_set(folder)]
    names = list(dict.fromkeys(chosen.set or names_in(chosen.corpus)))
    if not names:
        raise SystemExit(f"{chosen.corpus} has no files NAME.jsonl.gz")
    return [read_set(chosen.corpus, name, folder) for name in names]


def _turns(names: list[str], sets: list[PageSet], others: Path, rounds: int) -> Turns:
    """Let the contestants take turns, set by set; the answers of later rounds say nothing new."""
    turns: Turns = {name: [[] for _ in range(rounds)] for name in names}
    for number in range(rounds):
        for pages in sets:
            for name in names:
                turn = take_turn(name, pages, others)
                turns[name][number].append(turn)
                if number:
                    turn.answers.clear()
    return turns


if __name__ == "__main__":
    main()
