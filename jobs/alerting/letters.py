"""What is written: one short subject line, and a body that says what, since when and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.text import one_line
from pipeline.urls import redacted

Text = tuple[str, str]
_WHAT = {
    "drift": "drift",
    "blocked": "blocked",
    "failed": "failed again and again",
    "missed": "missed its schedule",
}
_LISTED = 50
_NAMED = 3


def began(alert: Mapping[str, Any], zone: ZoneInfo) -> Text:
    """Return the message about a trouble that is new."""
    return _head(alert), _body(
        alert, zone, [f"{_WHAT[alert['kind']]} since {_at(alert, 'since', zone)}"]
    )


def lasts(alert: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> Text:
    """Return the reminder of a trouble that lasts."""
    since = datetime.fromisoformat(alert["since"])
    said = (
        f"still {_WHAT[alert['kind']]}, for {_long(now - since)}: since {_at(alert, 'since', zone)}"
    )
    return f"{_head(alert)}, still", _body(alert, zone, [said])


def ended(alerts: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Text:
    """Return the message that a source is well again, whatever it had."""
    source = one_line(alerts[0]["source"])
    lines = [
        f"{_WHAT[it['kind']]} from {_at(it, 'since', zone)} until {_at(it, 'recovered_at', zone)}"
        for it in alerts
    ]
    return f"gisa: {source} recovered", "\n".join([f"{source}: well again", *lines])


def together(texts: Sequence[Text]) -> Text:
    """Return several messages as one: who loses the network is told once of all sources."""
    if len(texts) == 1:
        return texts[0]
    named = ", ".join(subject.removeprefix("gisa: ") for subject, _ in texts[:_NAMED])
    more = ", …" if len(texts) > _NAMED else ""
    return f"gisa: {len(texts)} messages: {named}{more}", "\n\n".join(body for _, body in texts)


def digest(watch: str, hits: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> Text:
    """Return what a watch found."""
    first = one_line(hits[0]["headline"], 80)
    many = f"{len(hits)} articles: " if len(hits) > 1 else ""
    blocks = [_hit(hit, zone) for hit in hits[:_LISTED]]
    if len(hits) > _LISTED:
        blocks.append(f"and {len(hits) - _LISTED} more: gisa watches {watch}")
    return f"gisa: {watch}: {many}{first}", "\n\n".join(blocks)


def database(detail: str, host: str) -> Text:
    """Return the message that nothing can be stored."""
    said = f"on {host}: {one_line(detail, 400)}\n\nNothing is stored meanwhile.\nlook: gisa doctor --full"
    return "gisa: the database cannot be used", said


def database_well(host: str) -> Text:
    """Return the message that it can be used again."""
    return "gisa: the database can be used again", f"on {host}: crawls are stored again"


def _head(alert: Mapping[str, Any]) -> str:
    return f"gisa: {one_line(alert['source'])} {_WHAT[alert['kind']]}"


def _body(alert: Mapping[str, Any], zone: ZoneInfo, lines: list[str]) -> str:
    source = one_line(alert["source"])
    said = [f"{source}: {lines[0]}", *lines[1:]]
    if alert["detail"]:
        said.append(one_line(alert["detail"], 400))
    last_ok = alert["last_ok_at"]
    said.append(f"last good run: {_at(alert, 'last_ok_at', zone) if last_ok else 'none yet'}")
    if alert["problem"]:
        said.append(f"first problem: {one_line(redacted(alert['problem']), 400)}")
    look = [f"gisa drift {source}"] if alert["kind"] == "drift" else []
    said.append("look: " + ", ".join([*look, "gisa status"]))
    return "\n".join(said)


def _hit(hit: Mapping[str, Any], zone: ZoneInfo) -> str:
    when = _at(hit, "published_at" if hit["published_at"] else "first_seen_at", zone)
    edited = ", edited" if hit["revision"] > 1 else ""
    by = one_line(hit["publisher"] or hit["source"])
    return "\n".join(
        (
            one_line(hit["headline"]),
            f"{by}, {when}{edited}",
            redacted(one_line(hit["url"])),
            f"has: {', '.join(hit['terms'])}",
        )
    )


def _at(row: Mapping[str, Any], key: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(row[key]).astimezone(zone):%F %H:%M %Z}"


def _long(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} h"
