"""The portal's control desk over HTTP: what a test does by method calls, a hand does with curl."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from jobs.sample_portal.answers import Answer, Reply, SeenRequest
from jobs.sample_portal.newsroom import Newsroom
from jobs.sample_portal.pages import Layout

CONTROL: Final = "/_control/"
Json = dict[str, object]


class Controllable(Protocol):
    """What the desk steers: the part of SamplePortal it needs."""

    newsroom: Newsroom
    base_url: str

    @property
    def requests(self) -> list[SeenRequest]:
        """The requests so far."""

    @property
    def broken_layouts(self) -> tuple[Layout, ...]:
        """The layouts that are broken now."""

    def answer(self, path: str, answer: Answer) -> None:
        """Order an answer."""

    def heal(self, path: str | None = None) -> None:
        """Take ordered answers back."""

    def break_layout(self, layout: Layout) -> None:
        """Break a layout."""

    def heal_layout(self) -> None:
        """Mend the layouts."""


def controlled(portal: Controllable, method: str, target: str) -> Reply:
    """Do what a control request asks and say in JSON what came of it."""
    parts = urlsplit(target)
    action = parts.path.removeprefix(CONTROL)
    if action == "state":
        return _json(_state(portal))
    act = _ACTIONS.get(action)
    if act is None:
        return _json({"error": "unknown action", "actions": sorted(_ACTIONS)}, 404)
    if method != "POST":
        return _json({"error": f"use POST for {action}"}, 405)
    try:
        return _json(act(portal, dict(parse_qsl(parts.query, keep_blank_values=True))))
    except KeyError as missing:
        return _json({"error": f"unknown or missing: {missing.args[0]}"}, 400)
    except ValueError as wrong:
        return _json({"error": str(wrong)}, 400)


def _state(portal: Controllable) -> Json:
    newsroom = portal.newsroom
    return {
        "now": newsroom.now.isoformat(),
        "listings": [f"{portal.base_url}/{section}" for section in newsroom.sections],
        "articles": {section: len(newsroom.ids(section)) for section in newsroom.sections},
        "newest": {section: newsroom.ids(section)[:1] for section in newsroom.sections},
        "broken": list(portal.broken_layouts),
        "requests": len(portal.requests),
    }


def _edit(portal: Controllable, query: Mapping[str, str]) -> Json:
    article = portal.newsroom.edit(query["id"])
    modified_at = article.modified_at.isoformat() if article.modified_at else None
    return {"id": article.id, "headline": article.headline, "modified_at": modified_at}


def _remove(portal: Controllable, query: Mapping[str, str]) -> Json:
    portal.newsroom.remove(query["id"])
    return {"removed": query["id"]}


def _publish(portal: Controllable, query: Mapping[str, str]) -> Json:
    article = portal.newsroom.publish(query["section"])
    url = f"{portal.base_url}/v/{article.id}"
    return {"id": article.id, "url": url, "headline": article.headline}


def _break(portal: Controllable, query: Mapping[str, str]) -> Json:
    match query["what"]:
        case "listing" | "article" as layout:
            portal.break_layout(layout)
            return {"broken": list(portal.broken_layouts)}
        case other:
            raise ValueError(f"what= must be listing or article, not {other!r}")


def _heal(portal: Controllable, _query: Mapping[str, str]) -> Json:
    portal.heal()
    portal.heal_layout()
    return {"broken": []}


def _answer(portal: Controllable, query: Mapping[str, str]) -> Json:
    retry_after = query.get("retry_after")
    times = query.get("times")
    answer = Answer(
        status=int(query.get("status", "200")),
        headers={"Retry-After": retry_after} if retry_after else {},
        body="" if query.get("empty") == "1" else None,
        hold=float(query.get("hold", "0")),
        times=int(times) if times else None,
    )
    portal.answer(query["path"], answer)
    return {"path": query["path"], "status": answer.status, "times": answer.times}


def _advance(portal: Controllable, query: Mapping[str, str]) -> Json:
    return {"now": portal.newsroom.advance(timedelta(minutes=float(query["minutes"]))).isoformat()}


def _json(content: Json, status: int = HTTPStatus.OK) -> Reply:
    text = json.dumps(content, ensure_ascii=False) + "\n"
    return Reply(status, text.encode(), {"Content-Type": "application/json; charset=utf-8"})


_ACTIONS: Final[dict[str, Callable[[Controllable, Mapping[str, str]], Json]]] = {
    "edit": _edit,
    "remove": _remove,
    "publish": _publish,
    "break": _break,
    "heal": _heal,
    "answer": _answer,
    "advance": _advance,
}
