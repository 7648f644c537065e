"""One module a page: it reads through the store, and names a template."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Response

from jobs.web.pages import (
    article,
    article_diff,
    feeds,
    front,
    quarantine,
    runs,
    search,
    sources,
    stories,
)

ROUTES: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
    (r"^/$", front.view),
    (r"^/sources$", sources.all_sources),
    (r"^/sources/(?P<name>[^/]+)$", sources.one_source),
    (r"^/runs/(?P<run>[0-9]+)$", runs.view),
    (r"^/quarantine$", quarantine.all_pages),
    (r"^/quarantine/(?P<number>[0-9]+)$", quarantine.one_page),
    (r"^/article/(?P<id>[^/]+)/diff$", article_diff.view),
    (r"^/article/(?P<id>[^/]+)\.json$", article.as_json),
    (r"^/article/(?P<id>[^/]+)$", article.view),
    (r"^/stories$", stories.view),
    (r"^/stories/(?P<number>[^/]+)$", stories.one),
    (r"^/search$", search.view),
    (r"^/feed\.(?P<format>atom|json)$", feeds.view),
]
