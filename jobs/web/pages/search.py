"""The search: hits, what they could be narrowed down by, and what to try where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from jobs.web.rendering import rendered
from jobs.web.search_form import LONGEST_VALUE, PAGES, PER_PAGE, WITHIN, Form
from jobs.web.search_hints import simpler
from jobs.web.site import site_of
from pipeline.search_passages import Range
from pipeline.search_query import parse
from pipeline.store import Store
from pipeline.store.filters import USES
from pipeline.store.finding import Found
from pipeline.text import one_line

_FACETS = ("source", "section", "publisher", "author", "day")
_TIMES = ("within", "since", "until")
_COUNTED = 100
"""Up to here the articles are counted that a search with less in it would find."""
_LONGEST_HEADLINE = 300


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a search has or could have, and the search with it, or where it is chosen, without it."""

    name: str
    value: str
    form: Form
    count: int = 0

    @property
    def url(self) -> str:
        """Its address."""
        return self.form.url()


@dataclass(frozen=True, slots=True)
class Help:
    """Where nothing is found: searches with less in them that find something, and what the index lacks."""

    queries: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    missing: int


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page; an address that says the same in another way leads to the one that is shared."""
    form = Form.read(request.query_string)
    if not form.is_written_so(request.query_string):
        return Response.redirect(form.url(page=form.page))
    site = site_of(datasette)
    now = site.now()
    found, helped = await site.read(datasette, lambda store: _look(store, form, now))
    context = {
        "form": form,
        "found": found,
        "most": _COUNTED,
        "has_words": bool(parse(form.q).wanted),
        "chosen": list(chosen(form)),
        "bare": Form(q=form.q, sort=form.sort).url(),
        "facets": [(name, _values(form, found, name)) for name in (*_FACETS, *USES)],
        "spans": WITHIN,
        "help": helped,
        "marked": marked,
        "page": found.offset // PER_PAGE + 1,
        "pages": PAGES,
        "feeds": (("Atom", form.feed("/feed.atom")), ("JSON Feed", form.feed("/feed.json"))),
    }
    return await rendered(datasette, request, "search.html", context)


def marked(text: str, ranges: tuple[Range, ...]) -> Markup:
    """Return a text with its ranges as `<mark>`; a headline that is no headline any more is cut."""
    cut = text[:_LONGEST_HEADLINE]
    html, at = Markup(), 0
    for start, end in ranges:
        if start < len(cut):
            html += Markup("{}<mark>{}</mark>").format(cut[at:start], cut[start:end])
            at = min(end, len(cut))
    return html + cut[at:] + "…" * (len(text) > len(cut))


def chosen(form: Form) -> Iterator[Choice]:
    """Yield what a search is limited to, each with the search without it."""
    nothing = Form()
    for name in (*_FACETS, *_TIMES):
        if value := getattr(form, name):
            yield Choice(name, str(value), replace(form, **{name: getattr(nothing, name)}, page=1))
    for use, value in form.rights:
        yield Choice(use, value, form.with_right(use, None))


def _look(store: Store, form: Form, now: datetime) -> tuple[Found, Help | None]:
    zone = now.tzinfo
    assert zone is not None
    found = store.finding.find(
        form.q,
        form.only(now),
        zone=zone,
        by_time=form.sort == "newest",
        limit=PER_PAGE,
        offset=(form.page - 1) * PER_PAGE,
    )
    return found, _help(store, form, now) if not found.total and form != Form() else None


def _help(store: Store, form: Form, now: datetime) -> Help:
    def counted(choices: Iterator[Choice]) -> tuple[Choice, ...]:
        counts = ((it, _count(store, it.form, now)) for it in choices)
        return tuple(replace(it, count=count) for it, count in counts if count)

    queries = (Choice("q", query, replace(form, q=query, page=1)) for query in simpler(form.q))
    missing = store.search_index.missing() if form.q else 0
    return Help(counted(queries), counted(chosen(form)), missing)


def _count(store: Store, form: Form, now: datetime) -> int:
    return store.finding.count(form.q, form.only(now), most=_COUNTED)


def _values(form: Form, found: Found, name: str) -> list[Choice]:
    """Return the values of a facet that can be chosen; one that is chosen already has no others."""
    if name in dict(form.rights) or getattr(form, name, None):
        return []
    return [
        Choice(name, value, _with(form, name, value), count)
        for value, count in found.facets.get(name, ())
        if len(value) <= LONGEST_VALUE and one_line(value)
    ]


def _with(form: Form, name: str, value: str) -> Form:
    if name in USES:
        return form.with_right(name, value)
    changed: Any = date.fromisoformat(value) if name == "day" else value
    return replace(form, **{name: changed}, page=1)
