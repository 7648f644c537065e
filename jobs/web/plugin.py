"""What Datasette asks of us: routes, texts for templates, the connection, and what an error looks like."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Generator
from typing import Any, TypeVar

from datasette import hookimpl as _hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import Base400, Forbidden, Request, Response
from datasette.views.base import DatasetteError

from jobs.web import pages
from jobs.web.rendering import rendered, variables
from jobs.web.site import DATABASE, TooSlow, is_ours
from pipeline.errors import StoreError
from pipeline.text import one_line

F = TypeVar("F", bound=Callable[..., Any])
hookimpl: Callable[[F], F] = _hookimpl  # datasette ships no types
_hookwrapper: Callable[[F], F] = _hookimpl(hookwrapper=True)

_INTERRUPTED = "SQL Interrupted"
"""How Datasette calls a query that took longer than it may; its message is HTML."""

log = logging.getLogger("gisa.web")


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Our pages come before Datasette's own."""
    return pages.ROUTES if is_ours(datasette) else []


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Give every template, Datasette's too, our texts and filters."""
    return variables(datasette, request) if is_ours(datasette) else {}


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Datasette) -> None:
    """A second bolt: the file is opened read-only already."""
    if is_ours(datasette) and database == DATABASE:
        conn.execute("PRAGMA query_only = ON")


@_hookwrapper
def handle_exception(
    datasette: Datasette, request: Request, exception: Exception
) -> Generator[None, Any, None]:
    """Take the place of Datasette's own answer, which prints the locals of every frame."""
    outcome = yield
    if is_ours(datasette):
        outcome.force_result([_answer_to(datasette, request, exception)])


def _answer_to(
    datasette: Datasette, request: Request, exception: Exception
) -> Callable[[], Awaitable[Response]]:
    """Say what is wrong without an echo of what was asked, and without a traceback."""

    async def said() -> Response:
        status, detail = _meant(exception)
        if isinstance(exception, StoreError):
            log.error("%s", one_line(str(exception), 500))
        elif status == 500:
            log.error("%s failed", request.path.partition("?")[0], exc_info=exception)
        if request.path.partition("?")[0].endswith(".json"):
            body = {"ok": False, "error": detail or "error", "status": status}
            return Response.json(body, status=status)
        is_unreadable = isinstance(exception, StoreError)
        context = {"status": status, "detail": detail, "is_unreadable": is_unreadable}
        return await rendered(datasette, request, "error.html", context, status=status)

    return said


def _meant(exception: Exception) -> tuple[int, str]:
    """Return the status of an error and what may be told of it: faults in somebody's SQL, no more."""
    if isinstance(exception, TooSlow) or getattr(exception, "title", "") == _INTERRUPTED:
        return 503, ""
    if isinstance(exception, StoreError):
        return 503, ""
    if isinstance(exception, Forbidden):
        return 403, ""
    if isinstance(exception, DatasetteError):  # its 500 are questions that make no sense
        is_html = exception.message_is_html
        status = 400 if exception.status == 500 else exception.status
        return status, "" if is_html else one_line(str(exception.message), 300)
    if isinstance(exception, ValueError) and "null character" in str(exception):
        return 400, ""
    if isinstance(exception, Base400):
        return exception.status, ""
    return 500, ""
