"""When the article appeared and changed: data, microdata, visible times, address, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from pipeline.extract.moments import Moment, read_moment
from pipeline.extract.nearby import Nearby
from pipeline.extract.scripted import read_scripted
from pipeline.extract.witnesses import Witnesses, short_text
from pipeline.select import attribute, texts_of

_PUBLISHED = (
    "article:published_time", "article:published", "article:published:time", "og:published_time",
    "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "article.published",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "og:regdate", "dcterms.created",
    "dcterms.issued", "dc.date.issued", "dc.date.created", "dc.date", "dcterms.date", "date",
    "dd:published_time", "article_date_original", "rnews:datepublished", "og:pubdate", "dc.created",
    "creation_date", "date.created",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "article:modified", "article:modified:time", "og:updated_time",
    "og:article:modified_time", "datemodified", "lastmod", "last-modified", "article.updated",
    "dcterms.modified", "dc.date.modified", "revision_date", "dd:modified_time",
)  # fmt: skip
_VISIBLE = (
    "time, [class*=date i], [class*=time i], [class*=publish i], [id*=date i], [class*=posted i]"
)
_VISIBLE_MOST, _VISIBLE_LONGEST = 60, 160
_CHANGED = re.compile(
    r"수정|업데이트|최종|updated|modified|aktualis|aktualiz|geändert|actualis|actualiz|modifi|aggiorn"
    r"|bijgewerkt|opdatert|oppdatert|uppdaterad|päivitetty|güncelle|обновл|更新|edited|stand:",
    re.IGNORECASE,
)
_IN_PATH = re.compile(r"/(20\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|\d{6}|$)")
_BETWEEN = re.compile(
    r"(?<=\S)\s(?=(?:최종\s?)?(?:입력|등록|송고|수정|업데이트|승인)\s?[:：]?\s?\[?\d)"
)
_LABEL_LONGEST = 40
_SAME = timedelta(minutes=2)
Source = Literal["meta", "json-ld", "text", "url"]


@dataclass(frozen=True, slots=True)
class Times:
    """When the article appeared and changed, and which witness says so."""

    published_at: datetime | None
    modified_at: datetime | None
    source: Source | None
    warnings: tuple[str, ...]


def read_times(witnesses: Witnesses, nearby: Nearby) -> Times:
    """Weigh the witnesses: an offset counts for more than none, a clock for more than a day."""
    stated = list(_stated(witnesses))
    visible = _Visible(witnesses, nearby)
    warnings: list[str] = []
    source, published = _best(stated, visible, witnesses, warnings)
    modified = _modified(witnesses) or visible.modified
    if modified and published:
        modified = _in_true_zone(modified, published, stated)
        if modified.at < published.at:
            if modified.has_clock and published.at - modified.at > _SAME:
                warnings.append(f"modified {modified.at.isoformat()} before published")
            modified = None
    if source is None and (scripted := read_scripted(witnesses)):
        published, modified, source = scripted[0], scripted[1], "text"
    return Times(_at(published), _at(modified), source, tuple(warnings))


def _at(moment: Moment | None) -> datetime | None:
    return moment.at if moment else None


def _in_true_zone(
    modified: Moment, published: Moment, stated: list[tuple[Source, Moment]]
) -> Moment:
    """A page that states one clock with two offsets errs in the modified time as it does in the other."""
    for _, other in stated:
        if other.at.utcoffset() == modified.at.utcoffset() and _is_zone_conflict(other, published):
            return replace(modified, at=modified.at.replace(tzinfo=published.at.tzinfo))
    return modified


def _stated(witnesses: Witnesses) -> Iterator[tuple[Source, Moment]]:
    said: list[tuple[Source, str]] = []
    if witnesses.data.published:
        said.append(("json-ld", witnesses.data.published))
    for name in _PUBLISHED:
        if values := witnesses.head.meta.get(name):
            said.append(("meta", values[0]))
        if name == "datepublished" and (values := witnesses.items.get(name)):
            said.append(("meta", values[0]))
    for source, value in said:
        if found := _read(value, witnesses):
            yield source, found


def _best(
    stated: list[tuple[Source, Moment]],
    visible: _Visible,
    witnesses: Witnesses,
    warnings: list[str],
) -> tuple[Source | None, Moment | None]:
    if not stated:
        if visible.published:
            return "text", visible.published
        found = _from_path(witnesses)
        return ("url", found) if found else (None, None)
    ranked = sorted(stated, key=lambda pair: (not pair[1].has_clock, not pair[1].has_zone))
    source, best = ranked[0]
    if not best.has_clock:
        shown = visible.published
        if (
            shown
            and shown.has_clock
            and shown.at.date() == best.at.astimezone(shown.at.tzinfo).date()
        ):
            return "text", shown
        warnings.append("the published time is a day only")
        return source, best
    for other_source, other in stated:
        if other.has_clock and other.has_zone and abs(other.at - best.at) > _SAME:
            warnings.append(
                f"published: {source} {best.at.isoformat()}, {other_source} {other.at.isoformat()}"
            )
            if _is_zone_conflict(best, other) and visible.clock_is(other, witnesses):
                return other_source, other
            break
    return source, best


def _is_zone_conflict(a: Moment, b: Moment) -> bool:
    if a.at == b.at:
        return False
    return a.at.replace(tzinfo=None, microsecond=0) == b.at.replace(tzinfo=None, microsecond=0)


def _modified(witnesses: Witnesses) -> Moment | None:
    meta = witnesses.head.meta
    said = [witnesses.data.modified or ""]
    said += [values[0] for name in _MODIFIED if (values := meta.get(name))]
    said += witnesses.items.get("datemodified", ())[:1]
    found = [moment for value in said if value and (moment := _read(value, witnesses))]
    found.sort(key=lambda moment: (not moment.has_clock, not moment.has_zone))
    return found[0] if found else None


def _read(value: str, witnesses: Witnesses) -> Moment | None:
    return read_moment(
        value, zone=witnesses.zone, now=witnesses.now, month_first=witnesses.month_first
    )


def _from_path(witnesses: Witnesses) -> Moment | None:
    try:
        path = urlsplit(witnesses.page.url).path
    except ValueError:
        return None
    match = _IN_PATH.search(path)
    return _read("-".join(match.groups()), witnesses) if match else None


class _Visible:
    """Times that the page shows, read only when somebody asks."""

    def __init__(self, witnesses: Witnesses, nearby: Nearby) -> None:
        self._witnesses, self._nearby = witnesses, nearby
        self._found: tuple[Moment | None, Moment | None] | None = None

    @property
    def published(self) -> Moment | None:
        return self._read()[0]

    @property
    def modified(self) -> Moment | None:
        return self._read()[1] if self._witnesses.language == "ko" else None

    def clock_is(self, moment: Moment, witnesses: Witnesses) -> bool:
        """Does the page print this moment's clock, as it stands in the publisher's zone?"""
        shown = self.published
        return shown is not None and shown.at.replace(second=0) == moment.at.astimezone(
            witnesses.zone
        ).replace(second=0, microsecond=0)

    def _read(self) -> tuple[Moment | None, Moment | None]:
        if self._found is None:
            self._found = self._search()
        return self._found

    def _search(self) -> tuple[Moment | None, Moment | None]:
        published = modified = None
        for label, moment in self._shown():
            if _CHANGED.search(label):
                modified = modified or moment
            elif published is None or _is_finer(moment, published):
                published = moment
            if published and published.has_clock and modified:
                break
        return published or modified, modified

    def _shown(self) -> Iterator[tuple[str, Moment]]:
        yield from self._labelled(self._nearby.lines)
        for node in self._witnesses.tree.css(_VISIBLE)[:_VISIBLE_MOST]:
            said = short_text(node, _VISIBLE_LONGEST)
            if not said:
                continue
            stamp = attribute(node, "datetime") if node.tag == "time" else None
            found = _read(stamp, self._witnesses) if stamp else None
            if found and found.has_clock:
                yield said, found
            else:
                yield from self._labelled([*texts_of(node), said])

    def _labelled(self, lines: Iterable[str]) -> Iterator[tuple[str, Moment]]:
        """Yield times with what stands before them: "수정", "Updated:", on the line or on the one above."""
        label = ""
        for line in (piece for said in lines for piece in _BETWEEN.split(said)):
            found = _read(line, self._witnesses)
            if found:
                yield f"{label} {line}", found
            label = line if found is None and len(line) <= _LABEL_LONGEST else ""


def _is_finer(moment: Moment, other: Moment) -> bool:
    return moment.has_clock and not other.has_clock and moment.at.date() == other.at.date()
