"""Where the CPU time of `gisa run` goes: py-spy looks at it 200 times a second while it does the whole job.

python -m benchmarks --profile [--pages 2000]

Every sample goes to the innermost function that has a part of its own below; a library's time mostly goes to
who called it. The stacks stay in .bench/profile/stacks.txt, for any viewer of folded stacks. py-spy needs the
right to look into another process, which not every kernel gives to all.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks import whole
from benchmarks.environment import environment
from benchmarks.processes import ROOT, environ
from benchmarks.whole_gisa import home

RATE = 200
STACKS = ROOT / ".bench/profile/stacks.txt"
_FRAME = re.compile(r"^(?P<name>.*) \((?P<file>[^:)]*)(?::\d+)?\)$")
_WHOLE = (
    ("_bootstrap", "start: imports"),
    ("pipeline/store/stories.py Stories.group", "stories: grouping"),
    ("pipeline/discovering.py read_listing", "listings: parse, visits, looks"),
    ("pipeline/judging.py article_read", "judging: second opinion, measures"),
)
"""Functions to which all belongs that they call; fetching a listing is below the event loop, and not theirs."""
_PARTS = (
    (r"^isal/|fetch/decoders", "decompression"),
    (r"fetch/client\.py decode|^pipeline/encoding", "decoding text"),
    (r"^pipeline/(fetch|store/hosts)", "fetch: transport, robots, turns, checks"),
    (r"^aiohttp/|^yarl/", "fetch: transport, robots, turns, checks"),
    (r"^pipeline/markup", "parse: gate"),
    (r"^pipeline/select\.py parse$", "parse: the tree"),
    (r"^pipeline/structured", "parse: head and structured data"),
    (r"^pipeline/(rights|boilerplate)|_around\.py rights_of", "parse: rights and notices"),
    (r"_around\.py (related_links|original_url|portal_summary)|daum\.py _related", "parse: related links"),
    (r"^pipeline/portals/(_blocks|_dmcf|_body|_pictures)", "parse: body"),
    (r"^pipeline/(portals|bylines|headlines|dates|reading|naming)", "parse: other fields"),
    (r"^pipeline/(judging|measures|extract|second_opinion)", "judging: second opinion, measures"),
    (r"^pipeline/(search_terms|store/search_index)", "search index: terms and insert"),
    (r"^pipeline/store/(archive|pages|kept_pages)", "archive: packing and keeping"),
    (r"connection\.py (Connection\.)?_transaction", "store: BEGIN and COMMIT"),
    (r"^pipeline/(store|records|record_json|hashing)", "store: rows, hashes, visits"),
    (r"^pipeline/(crawl|visiting|under_way|tally|due|together)|^jobs/", "crawl: all other code"),
    (r"^asyncio/", "event loop"),
)  # fmt: skip
_ROUTES = [(re.compile(pattern), part) for pattern, part in _PARTS]


def main(pages: int) -> None:
    """Print parts and functions."""
    environment("profile")
    py_spy = str(ROOT / ".bench/profile/bin/py-spy")
    with whole.course(whole.plan_of(pages)) as it:
        made = home(it.folder / "profile", it.site, sources=6, archive=True)
        recording = ["record", "--rate", str(RATE), "--format", "raw", "--output", str(STACKS)]
        command = [py_spy, *recording, "--", *made.command()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ())
        used, _ = home(it.folder / "plain", it.site, sources=6, archive=True).run()
    each = used.cpu / pages * 1000
    print(
        f"python {sys.version.split()[0]}, {pages} pages, all kept; {each:.1f} ms of CPU a page without it\n"
    )
    stacks = list(read(STACKS.read_text(encoding="utf-8")))
    show("part", shares(stacks), each)
    print()
    show("function, with all it calls", inclusive(stacks), each, most=60)


Stack = tuple[Sequence[str], int]


def read(text: str) -> Iterator[Stack]:
    """Yield stacks as `file function`, outermost first, each with its samples."""
    for line in text.splitlines():
        frames, _, count = line.rpartition(" ")
        yield [_named(frame) for frame in frames.split(";")], int(count)


def _named(frame: str) -> str:
    found = _FRAME.match(frame)
    return f"{found['file']} {found['name']}" if found else frame


def shares(stacks: Sequence[Stack]) -> Counter[str]:
    """Return samples by part."""
    counted: Counter[str] = Counter()
    for frames, count in stacks:
        counted[part_of(frames)] += count
    return counted


def part_of(frames: Sequence[str]) -> str:
    """Return the part of the innermost frame that has one."""
    for name, part in _WHOLE:
        if any(name in frame for frame in frames):
            return part
    for frame in reversed(frames):
        for pattern, part in _ROUTES:
            if pattern.search(frame):
                return part
    return "other code"


def inclusive(stacks: Sequence[Stack]) -> Counter[str]:
    """Return samples by function of gisa, with what it calls."""
    counted: Counter[str] = Counter()
    for frames, count in stacks:
        for frame in {frame for frame in frames if frame.startswith(("pipeline/", "jobs/"))}:
            counted[frame] += count
    return counted


def show(what: str, counted: Counter[str], each: float, *, most: int | None = None) -> None:
    """Print the largest first; `each` is what a page costs, in ms of CPU."""
    whole_count = sum(counted.values()) if most is None else max(counted.values())
    print(f"| {what} | share | ms a page |")
    print("|---|---|---|")
    for name, count in counted.most_common(most):
        share = count / whole_count
        print(f"| {name} | {share:.1%} | {share * each:.2f} |")
