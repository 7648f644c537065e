"""One module a page: it reads through the store, and names a template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Response

from jobs.web.pages import feeds, front, search

ROUTES: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
    (r"^/$", front.view),
    (r"^/search$", search.view),
    (r"^/feed\.(?P<format>atom|json)$", feeds.view),
]
