"""Stories: what several places published, who was first, and how the others told it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from urllib.parse import urlencode

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from jobs.web.asked import Missing
from jobs.web.charts_story import story_line, story_lines
from jobs.web.language import Translate, translator
from jobs.web.rendering import language_of, rendered
from jobs.web.revision_diff import FieldDiff, field_diff
from jobs.web.site import site_of
from jobs.web.wording import length, word
from pipeline.store import Store
from pipeline.store.stories import Member, Order, Story
from pipeline.text import one_line

_DAYS = (1, 7, 30, 0)
"""How far back, in days; 0 is without end."""
_LEAST = (2, 3, 5, 10)
_PAGE = 20
_PAGES_MOST = 500
_NAMED_MOST = 6
_MEMBERS_MOST = 200
_HEADLINE_MOST = 300
_ALIKE = 0.3
"""Share of the shorter headline that must stand in the other one for a diff of the two to be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, within what there is."""

    order: Order
    days: int
    least: int
    publisher: str
    page: int

    @property
    def query(self) -> str:
        """The parameters, but for the page."""
        said = {"sort": self.order, "days": self.days, "least": self.least}
        return urlencode(said | ({"publisher": self.publisher} if self.publisher else {}))


@dataclass(frozen=True, slots=True)
class Told:
    """A member of a story: how much later than the first, and how its headline differs from that one's; None
    where the two have little in common: marks all over a line tell nothing.
    """

    member: Member
    after: timedelta
    is_same: bool
    headline: FieldDiff | None


@dataclass(frozen=True, slots=True)
class Line:
    """A story in the list: its earliest members, and how many more there are."""

    story: Story
    told: tuple[Told, ...]
    rest: int
    chart: Markup


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the list of stories."""
    site, t = site_of(datasette), translator(language_of(request))
    asked = _asked(request)
    now = site.now()

    def look(store: Store) -> list[Line]:
        found = store.stories.list(
            _PAGE + 1,
            since=now - timedelta(days=asked.days) if asked.days else None,
            least=asked.least,
            order=asked.order,
            publisher=asked.publisher or None,
            offset=(asked.page - 1) * _PAGE,
        )
        return [_line(story, t) for story in found]

    lines = await site.read(datasette, look)
    context = {
        "lines": lines[:_PAGE],
        "more": len(lines) > _PAGE and asked.page < _PAGES_MOST,
        "asked": asked,
        "days": _DAYS,
        "least": _LEAST,
        "word": partial(word, t),
        "length": partial(length, t),
    }
    return await rendered(datasette, request, "stories.html", context)


async def one(datasette: Datasette, request: Request) -> Response:
    """Return the page of a story, or the way to the one that its first article is in by now."""
    site, t = site_of(datasette), translator(language_of(request))
    asked = request.url_vars["number"]
    if not re.fullmatch(r"[0-9]{1,15}", asked):
        raise Missing

    def look(store: Store) -> Story | int | None:
        return store.stories.get(int(asked)) or store.stories.story_of(int(asked))

    story = await site.read(datasette, look)
    if story is None:
        raise Missing
    if isinstance(story, int):
        return Response.redirect(f"/stories/{story}", status=302)
    shown = story.members[:_MEMBERS_MOST]
    context = {
        "story": story,
        "told": [_told(member, shown[0]) for member in shown],
        "rest": len(story.members) - len(shown),
        "chart": story_lines(shown, _said(story, t)),
        "word": partial(word, t),
        "length": partial(length, t),
    }
    return await rendered(datasette, request, "story.html", context)


def _appeared(member: Member) -> datetime:
    """Return when an article was published; where that is unknown, when gisa saw it first."""
    return member.published_at or member.first_seen_at


def _line(story: Story, t: Translate) -> Line:
    named = story.members[:_NAMED_MOST]
    return Line(
        story,
        tuple(_told(member, named[0]) for member in named),
        len(story.members) - len(named),
        story_line(story.members[:_MEMBERS_MOST], _said(story, t)),
    )


def _told(member: Member, first: Member) -> Told:
    before, after = (one_line(it.headline, _HEADLINE_MOST) for it in (first, member))
    diff = field_diff("headline", before, after, whole=True)
    kept = sum(len(change.text) for change in diff.changes if change.kind == "same")
    is_telling = before != after and kept >= _ALIKE * min(len(before), len(after))
    return Told(
        member, _appeared(member) - _appeared(first), before == after, diff if is_telling else None
    )


def _said(story: Story, t: Translate) -> str:
    first, last = story.members[0], story.members[-1]
    return t(
        "stories.chart",
        n=story.articles,
        first=one_line(first.publisher or first.portal, 60),
        span=length(t, (_appeared(last) - _appeared(first)).total_seconds()),
    )


def _asked(request: Request) -> Asked:
    args = request.args
    order = "biggest" if args.get("sort") == "biggest" else "newest"
    return Asked(
        cast(Order, order),
        _among(args.get("days"), _DAYS, 7),
        _among(args.get("least"), _LEAST, 2),
        one_line((args.get("publisher") or "")[:1000], 100),
        _page(args.get("page")),
    )


def _among(asked: str | None, choices: tuple[int, ...], otherwise: int) -> int:
    return next((choice for choice in choices if asked == str(choice)), otherwise)


def _page(asked: str | None) -> int:
    is_number = asked is not None and re.fullmatch(r"[0-9]{1,6}", asked)
    return min(max(int(asked), 1), _PAGES_MOST) if is_number and asked else 1
