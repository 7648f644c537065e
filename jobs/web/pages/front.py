"""The front page: how every source is, what came, what changed."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.web.rendering import rendered
from jobs.web.site import site_of


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page."""
    site = site_of(datasette)
    count = await site.read(datasette, lambda store: store.articles.count())
    return await rendered(datasette, request, "front.html", {"articles": count})
