"""Which article an address means: its id as it stands there, or another id of the same article."""

from __future__ import annotations

from urllib.parse import quote, unquote

from datasette.utils.asgi import Request, Response

from jobs.web.asked import Missing
from pipeline.records import StoredArticle
from pipeline.store import Store


def asked_id(request: Request) -> str:
    """Return the id that the address of a request names."""
    return unquote(request.url_vars["id"])


def address(article_id: str) -> str:
    """Return the address of an article's page; `.json` and `/diff` follow it."""
    return f"/article/{quote(article_id, safe=':')}"


def found(store: Store, article_id: str) -> StoredArticle | str:
    """Return the article of an id, or the id that it is stored under.

    Raises:
        Missing: there is none.
    """
    stored = store.articles.get(article_id)
    if stored:
        return stored
    known = store.aliases.of([article_id]).get(article_id)
    if known is None:
        raise Missing
    return known


def elsewhere(request: Request, article_id: str, behind: str = "") -> Response:
    """Send to the same page of the id that the article is stored under; that may change, so not for ever."""
    query = f"?{request.query_string}" if request.query_string else ""
    return Response.redirect(f"{address(article_id)}{behind}{query}", status=302)
