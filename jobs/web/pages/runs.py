"""One run: how it ended, what it counted, and its problems by reason."""

from __future__ import annotations

import json
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from jobs.source_state import outcome_of
from jobs.web import asked
from jobs.web.asked import Missing
from jobs.web.language import translator
from jobs.web.rendering import language_of, rendered
from jobs.web.site import site_of
from jobs.web.standing import Said

COUNTS = (
    "listed", "new", "revised", "unchanged", "removed", "skipped", "quarantined", "errors", "open", "requests",
)  # fmt: skip
_PROBLEMS = 200


async def view(datasette: Datasette, request: Request) -> Response:
    """Return the page.

    Raises:
        Missing: there is no run of this number, or it was pruned.
    """
    site = site_of(datasette)
    number = asked.place_number(request, "run")
    run = await site.read(datasette, lambda store: store.runs.get(number))
    if run is None:
        raise Missing
    problems = json.loads(run["problems"])
    outcome, detail = outcome_of(site.config, run["source"], run)
    context = {
        "said": Said(translator(language_of(request)), site.config.zone, site.now()),
        "run": run | {"outcome": outcome, "detail": detail},
        "counts": [(name, run[name]) for name in COUNTS],
        "groups": _by_reason(problems[:_PROBLEMS]),
        "problems": len(problems),
        "shown": min(len(problems), _PROBLEMS),
    }
    return await rendered(datasette, request, "run.html", context)


def _by_reason(problems: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the problems of each reason, the most frequent first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for problem in problems:
        groups.setdefault(str(problem["reason"]), []).append(problem)
    return sorted(groups.items(), key=lambda group: -len(group[1]))
