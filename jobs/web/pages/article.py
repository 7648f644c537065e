"""One article: its text, where it comes from, what may be done with it, where it stood, how it changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import PurePath

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from jobs import json_text
from jobs.web.article_address import address, asked_id, elsewhere, found
from jobs.web.article_blocks import Body, body_of
from jobs.web.charts_rank import Span, rank_chart, said_of, span_of, worst_of
from jobs.web.language import Translate, translator
from jobs.web.rendering import language_of, rendered
from jobs.web.revision_diff import FieldDiff, field_diff
from jobs.web.site import site_of
from jobs.web.wording import length, word
from pipeline.personal import without_emails
from pipeline.record_json import record
from pipeline.records import StoredArticle
from pipeline.store import Store
from pipeline.store.revisions import Turn
from pipeline.store.sightings import Course, ListedHeadline, Standing
from pipeline.store.stories import Story

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_STANDINGS_MOST = 20
_HEADLINES_MOST = 50
_STAYS_MOST = 200
"""Rows of the table below a chart; of more the newest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """How an article stood on one listing; `chart` is None where every single look was pruned."""

    standing: Standing
    course: Course | None
    chart: Markup | None
    worst: int
    headlines: tuple[tuple[ListedHeadline, FieldDiff | None], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A state of an article, and whether headline and length of its text differ from the state before."""

    turn: Turn
    headline: FieldDiff | None
    longer: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows, as it was at one moment."""

    stored: StoredArticle
    body: Body
    listed: tuple[Listed, ...]
    span: Span | None
    steps: tuple[Step, ...]
    story: Story | None
    origins: tuple[str, ...]
    is_kept: bool


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page, or the way to the id that the article is stored under."""
    site, key, t = site_of(datasette), asked_id(request), translator(language_of(request))
    seen = await site.read(datasette, lambda store: _look(store, key, t))
    if isinstance(seen, str):
        return elsewhere(request, seen)
    it = seen.stored.article
    if not site.config.pipeline.keep_emails:  # what was stored before is not shown either
        it = without_emails(it)
    context = {
        "it": it,
        "seen": seen.stored.observed,
        "found": seen,
        "address": address(it.id),
        "language_of_text": it.language if _LANGUAGE.fullmatch(it.language or "") else None,
        "word": partial(word, t),
        "length": partial(length, t),
        "stays_most": _STAYS_MOST,
    }
    return await rendered(datasette, request, "article.html", context)


async def as_json(datasette: Datasette, request: Request) -> Response:
    """Return the record, as `gisa show --format json` prints it."""
    site, key = site_of(datasette), asked_id(request)

    def look(store: Store) -> tuple[str, str]:
        stored = found(store, key)
        if isinstance(stored, str):
            return stored, ""
        it = record(stored.article, stored.observed, zone=site.config.zone)
        return "", json_text.dumps(it, indent=2) + "\n"

    other, text = await site.read(datasette, look)
    if other:
        return elsewhere(request, other, ".json")
    return Response(text, content_type="application/json; charset=utf-8")


def _look(store: Store, key: str, t: Translate) -> Found | str:
    stored = found(store, key)
    if isinstance(stored, str):
        return stored
    courses = store.sightings.courses(key)
    span = span_of(courses)
    return Found(
        stored,
        body_of(stored.article),
        tuple(_listed(store.sightings.of(key), courses, span, t)),
        span,
        tuple(_steps(store.revisions.turns(key))),
        store.stories.of(key),
        tuple(f"{PurePath(it.path).name} #{it.place.number}" for it in store.imports.origins(key)),
        store.archive.source_of(key) is not None,
    )


def _listed(
    standings: list[Standing], courses: list[Course], span: Span | None, t: Translate
) -> list[Listed]:
    by_listing = {(course.source, course.listing): course for course in courses}
    listed = []
    for it in standings[:_STANDINGS_MOST]:
        course = by_listing.get((it.source, it.listing))
        chart = rank_chart(course, span, said_of(course, t)) if course and span else None
        heads = it.headlines[-_HEADLINES_MOST:]
        diffs = [field_diff("", a.headline, b.headline) for a, b in pairwise(heads)]
        worst = worst_of(course) if course else it.best_rank
        listed.append(
            Listed(it, course, chart, worst, tuple(zip(heads, [None, *diffs], strict=False)))
        )
    return listed


def _steps(turns: list[Turn]) -> list[Step]:
    """Return states, newest first, each with what differs from the one before."""
    steps = []
    for turn, before in pairwise([*turns, None]):
        assert turn
        headline, longer = None, None
        if (
            before
            and turn.headline != before.headline
            and None not in (turn.headline, before.headline)
        ):
            headline = field_diff("headline", before.headline or "", turn.headline or "")
        if before and turn.characters is not None and before.characters is not None:
            longer = turn.characters - before.characters
        steps.append(Step(turn, headline, longer))
    return steps
