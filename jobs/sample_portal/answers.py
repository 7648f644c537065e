"""What goes over the wire: usual replies with their validators, and answers a test has ordered."""

import gzip
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Final

HTML: Final = "text/html; charset=utf-8"
# Below this size compression costs more bytes than it saves.
_WORTH_COMPRESSING: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What replaces the usual answer of a path; a 200 with `body=None` keeps the usual page."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | bytes | None = None
    hold: float = 0.0
    stall: threading.Event | None = None
    times: int | None = None


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request as it arrived; header names are in lower case, `path` keeps its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent: status, headers and the whole body, before compression."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def html(cls, text: str, status: int = 200) -> "Reply":
        """Return a page."""
        return cls(status, text.encode(), {"Content-Type": HTML})

    def with_validators(self, last_modified: datetime) -> "Reply":
        """Add ETag and Last-Modified; the tag is weak: it stands for every encoding of the page."""
        digest = hashlib.sha256(self.body).hexdigest()[:24]
        stamp = format_datetime(_in_utc(last_modified), usegmt=True)
        validators = {"ETag": f'W/"{digest}"', "Last-Modified": stamp, "Vary": "Accept-Encoding"}
        return replace(self, headers={**self.headers, **validators})

    def for_request(self, headers: Mapping[str, str]) -> "Reply":
        """Return 304 if the client has the page already, else the page, compressed if it may be."""
        if self.status == HTTPStatus.OK and _is_fresh(self.headers, headers):
            kept = {name: self.headers[name] for name in ("ETag", "Last-Modified", "Vary")}
            return Reply(HTTPStatus.NOT_MODIFIED, b"", kept)
        accepts_gzip = "gzip" in headers.get("accept-encoding", "").lower()
        if not accepts_gzip or len(self.body) < _WORTH_COMPRESSING or self.is_encoded:
            return self
        packed = gzip.compress(self.body, 5, mtime=0)
        return replace(self, body=packed, headers={**self.headers, "Content-Encoding": "gzip"})

    @property
    def is_encoded(self) -> bool:
        """Tell whether a test has set an encoding of its own."""
        return any(name.lower() == "content-encoding" for name in self.headers)


def ordered(answer: Answer, usual: Reply) -> Reply:
    """Return what an ordered answer sends in place of the usual reply."""
    if answer.body is None and answer.status == HTTPStatus.OK:
        return replace(usual, headers={**usual.headers, **answer.headers})
    body = answer.body if answer.body is not None else _error_text(answer.status)
    content = body.encode() if isinstance(body, str) else body
    return Reply(answer.status, content, {"Content-Type": HTML, **answer.headers})


def _is_fresh(ours: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    if "ETag" not in ours:
        return False
    tags = theirs.get("if-none-match")
    if tags is not None:  # RFC 9110: then If-Modified-Since does not count.
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or ours["ETag"].removeprefix("W/") in known
    since = theirs.get("if-modified-since")
    try:
        return since is not None and (
            parsedate_to_datetime(ours["Last-Modified"]) <= parsedate_to_datetime(since)
        )
    except (TypeError, ValueError):  # not a date, or one without a zone
        return False


def _error_text(status: int) -> str:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return "" if status in (204, 304) else f"<!doctype html><title>{status} {phrase}</title>"


def _in_utc(when: datetime) -> datetime:
    return datetime.fromtimestamp(int(when.timestamp()), UTC)
