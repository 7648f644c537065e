"""Articles and their revisions for human eyes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from jobs import json_text
from pipeline.diffs import Change, around, word_diff
from pipeline.records import StoredArticle
from pipeline.store.articles import Revision
from pipeline.store.imports import Origin
from pipeline.store.search import Hit
from pipeline.store.stories import Member, Story
from pipeline.text import one_line

_STYLES = {"removed": "red strike", "added": "green underline", "same": ""}
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}
_CAUSES = {
    "publisher": "edited by the publisher",
    "parser": "read anew by another version of our parser",
    "removed": "taken down by the publisher; the text is kept",
    "restored": "back again",
}
_COMPARED = ("headline", "subheadline", "text", "publisher", "published_at", "modified_at")
_LISTED = ("authors", "images", "labels")


def article(stored: StoredArticle, zone: ZoneInfo) -> Iterator[Text]:
    """Yield the article as lines to read."""
    it, seen = stored.article, stored.observed
    labels = "".join(f"[{label}] " for label in it.labels)
    yield Text(one_line(labels + it.headline), style="bold")
    by = ", ".join(" ".join(filter(None, (a.name, a.role, a.email))) for a in it.authors)
    yield Text(one_line(" · ".join(filter(None, (it.publisher, by, it.section)))))
    times = {"published": it.published_at, "modified": it.modified_at, "removed": seen.removed_at}
    said = [f"{name} {at.astimezone(zone):%F %H:%M %Z}" for name, at in times.items() if at]
    yield Text(", ".join([*said, f"revision {seen.revision}"]))
    yield Text(one_line(it.canonical_url), style="dim")
    if it.summary:
        yield Text(f"summary by {it.summary.by}: {one_line(it.summary.text)}", style="italic")
    for block in it.body:
        yield Text("")
        style = {"subhead": "bold", "caption": "dim", "quote": "italic"}.get(block.type, "")
        for line in block.text.split("\n"):
            yield Text(one_line(line), style=style)
    uses = it.rights.uses
    yield Text("")
    yield Text(one_line(it.rights.notice or "no rights notice"), style="dim")
    yield Text(
        f"redistribute: {uses.redistribute}, tdm: {uses.tdm}, ai_train: {uses.ai_train}",
        style="dim",
    )


def origins(found: list[Origin]) -> Iterator[Text]:
    """Yield where states of an article were imported from; nothing for one that was crawled."""
    if not found:
        return
    yield Text("")
    yield Text("imported", style="bold")
    for it in found:
        at = it.place.name or ("line" if it.kind == "jsonl" else "byte")
        at += (
            ""
            if it.place.name
            else f" {it.place.number if it.kind == 'jsonl' else it.place.position}"
        )
        yield Text("   " + one_line(f"revision {it.revision} {it.path} {at} (source {it.source})"))


def copies(story: Story, article_id: str, zone: ZoneInfo) -> Iterator[Text]:
    """Yield the other articles of an article's story, the earliest published first."""
    yield Text("")
    yield Text(
        f"in one story with ({_counted(story.publishers, 'publisher')} in all)", style="bold"
    )
    for member in story.members:
        if member.id != article_id:
            yield Text("   ") + _member(member, zone)


def story(it: Story, zone: ZoneInfo) -> Iterator[Text]:
    """Yield a story with its articles, the earliest published first."""
    first = it.members[0]
    by = f"first {first.publisher or first.portal}"
    yield Text(
        one_line(
            f"story {it.id}: {it.articles} articles, {_counted(it.publishers, 'publisher')}, {by}"
        ),
        style="bold",
    )
    for member in it.members:
        yield Text("   ") + _member(member, zone)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _member(it: Member, zone: ZoneInfo) -> Text:
    at = (it.published_at or it.first_seen_at).astimezone(zone)
    how = "" if it.likeness is None else f"{it.relation} {it.likeness:.0%}"
    gone = "removed" if it.removed_at else ""
    said = (f"{at:%F %H:%M}", f"{how:<9}", it.publisher or it.portal, it.headline, it.id, gone)
    return Text("  ".join(one_line(each) if each.strip() else each for each in said).rstrip())


def hit(found: Hit, zone: ZoneInfo, *, colour: bool) -> Iterator[Text]:
    """Yield an article that was found as lines to read, with what was looked for marked in them."""
    yield _marked(found.headline, found.headline_ranges, colour=colour, style="bold")
    said = [found.publisher, ", ".join(found.authors)]
    if found.published_at:
        said.append(f"{found.published_at.astimezone(zone):%F %H:%M}")
    said += ["taken down"] if found.removed_at else []
    yield Text(one_line(" · ".join(filter(None, [*said, found.article_id]))), style="dim")
    yield _marked(found.snippet, found.ranges, colour=colour)
    yield Text("")


def _marked(
    text: str, ranges: tuple[tuple[int, int], ...], *, colour: bool, style: str = ""
) -> Text:
    """Return one line with the ranges in colour or «marked»; what a hit has is one harmless line already."""
    line, at = Text(style=style), 0
    for start, end in ranges:
        line.append(text[at:start])
        line.append(text[start:end] if colour else f"«{text[start:end]}»", style="bold yellow")
        at = end
    line.append(text[at:])
    return line


def history(revisions: list[Revision], zone: ZoneInfo, *, colour: bool) -> Iterator[Text]:
    """Yield each revision with what changed in it, as a word diff."""
    first = revisions[0]
    yield Text(f"1  {first.seen_at.astimezone(zone):%F %H:%M}  first seen", style="bold")
    for before, after in pairwise(revisions):
        when = f"{after.seen_at.astimezone(zone):%F %H:%M}"
        yield Text(f"{after.revision}  {when}  {_CAUSES[after.cause]}", style="bold")
        yield from changes(before.record, after.record, zone, colour=colour)


def changes(
    before: dict[str, Any],
    after: dict[str, Any],
    zone: ZoneInfo,
    *,
    names: Iterable[str] = (),
    colour: bool,
) -> Iterator[Text]:
    """Yield what differs between two records, a field a line; of `names` also fields that readers of an
    article care less for.
    """
    yield from _changes(_local(before, zone), _local(after, zone), colour=colour)
    for name in names:
        if name not in (*_COMPARED, *_LISTED, "body"):
            old, new = (json_text.dumps(state.get(name), indent=None) for state in (before, after))
            yield diff_line(name, around(word_diff(old, new)), colour=colour)


def _local(state: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    times = {name: state.get(name) for name in ("published_at", "modified_at")}
    return state | {
        name: f"{datetime.fromisoformat(at).astimezone(zone):%F %H:%M:%S}" if at else None
        for name, at in times.items()
    }


def _changes(before: dict[str, Any], after: dict[str, Any], *, colour: bool) -> Iterator[Text]:
    for name in _COMPARED:
        old, new = str(before.get(name) or ""), str(after.get(name) or "")
        if old != new:
            yield diff_line(name, around(word_diff(old, new)), colour=colour)
    for name in _LISTED:
        old, new = _flat(before.get(name)), _flat(after.get(name))
        if old != new:
            yield diff_line(name, word_diff(old, new), colour=colour)


def diff_line(name: str, changes: list[Change], *, colour: bool) -> Text:
    """Return what changed of something: in colour, or between marks."""
    line = Text(f"   {name}: ")
    for change in changes:
        left, right = ("", "") if colour else _MARKS[change.kind]
        line.append(f"{left}{one_line(change.text)}{right}", style=_STYLES[change.kind])
        line.append(" ")
    return line


def _flat(values: Any) -> str:
    said = [
        " ".join(map(str, filter(None, v.values()))) if isinstance(v, dict) else str(v)
        for v in values or ()
    ]
    return ", ".join(said)
