"""Feeds of any search, and of a watch: the newest articles that fit, for readers that ask again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import parse_qs, urlencode

from datasette.app import Datasette
from datasette.utils.asgi import BadRequest, Request, Response

from jobs.feeding import Feed, Format, Wanted, feed_of
from jobs.web.asked import Missing
from jobs.web.search_form import Form
from jobs.web.site import Site, site_of
from pipeline.store import Store
from pipeline.store.updates import Selection

_ITEMS = 50
_FORMATS: dict[str, Format] = {"atom": "atom", "json": "json"}


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the feed, or 304 to a reader who has it as it is."""
    site = site_of(datasette)
    form = Form.read(request.query_string)
    watch = parse_qs(request.query_string).get("watch", [""])[-1]
    if watch and form.q:
        raise BadRequest("a watch has its own words: not with q")
    if watch and watch not in site.config.watches:
        raise Missing
    wanted = _wanted(request, site, form, watch)
    selection = _selection(form, site.now(), watch)
    feed = await site.read(datasette, lambda store: _feed(store, selection, wanted))
    headers = {
        "etag": feed.etag,
        "last-modified": format_datetime(feed.last_modified.astimezone(UTC), usegmt=True),
        "cache-control": "private, no-cache",
    }
    content_type = f"{feed.media_type}; charset=utf-8"
    if _has_it(request, feed):
        return Response(b"", status=304, headers=headers, content_type=content_type)
    return Response(feed.body, headers=headers, content_type=content_type)


def _feed(store: Store, selection: Selection, wanted: Wanted) -> Feed:
    if selection.source is not None and not store.sources.is_known(selection.source):
        raise Missing
    return feed_of(store, selection, wanted)


def _wanted(request: Request, site: Site, form: Form, watch: str) -> Wanted:
    base = f"{request.scheme}://{request.host}"
    own = form.feed(f"/feed.{request.url_vars['format']}")
    if watch:
        own += ("&" if "?" in own else "?") + urlencode({"watch": watch})
    return Wanted(
        owner=site.config.pipeline.contact,
        format=_FORMATS[request.url_vars["format"]],
        limit=_ITEMS,
        self_url=base + own,
        home_url=base + form.url(sort=""),
    )


def _selection(form: Form, now: datetime, watch: str) -> Selection:
    only = form.only(now)
    return Selection(
        watch=watch or None,
        query=form.q or None,
        source=only.source,
        publisher=only.publisher,
        section=only.section,
        author=only.author,
        rights=only.rights,
        published_since=only.since,
        published_until=only.until,
    )


def _has_it(request: Request, feed: Feed) -> bool:
    """Say whether a conditional request (RFC 9110, 13.1) is of a reader who has this feed."""
    known = request.headers.get("if-none-match")
    if known is not None:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return feed.etag in tags or tags == ["*"]
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and feed.last_modified.replace(microsecond=0) <= since
