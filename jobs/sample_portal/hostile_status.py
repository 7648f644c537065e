"""Hostile cases of the status: failures with the looks of an article, odd waits, bodies where none may be."""

from typing import Final

from jobs.sample_portal.hostile_case import (
    PAGE,
    SMUGGLED,
    Act,
    Case,
    answer,
    drips,
    either,
    head,
    pours,
    refused,
    sends,
)
from pipeline.errors import Reason

_BLOCKED: Final = (401, 403, 451)
_GONE: Final = (404, 410)
_NO_PAGE: Final = (
    201, 202, 205, 206, 207, 226, 300, 305, 306, 400, 402, 405, 406, 407, 408, 409, 411, 418, 421, 422, 425,
    426, 428, 431, 444, 499, 500, 501, 502, 504, 505, 507, 508, 511, 520, 521, 522, 523, 524, 525, 526, 527,
    530, 599, 600, 700,
)  # fmt: skip
_PAST: Final = "Thu, 01 Jan 1970 00:00:00 GMT"
_WAITS: Final = {
    "none": "",
    "seconds": "120",
    "negative": "-5",
    "float": "1.5",
    "exponent": "1e9",
    "full-width": "１２０",
    "past": _PAST,
    "day": "86400",
    "century": "3153600000",
    "400-digits": "9" * 400,
    "5000-digits": "9" * 5000,
    "words": "soon, perhaps",
    "list": "120, 240",
    "year-9999": "Fri, 31 Dec 9999 23:59:59 GMT",
    "year-5000-digits": f"Fri, 31 Dec {'9' * 5000} 23:59:59 GMT",
    "zone": "Fri, 31 Dec 9999 23:59:59 -9999",
    "day-32": "Wed, 32 Foo 2026 25:61:61 GMT",
    "commas": "," * 20_000,
    "brackets": "(" * 20_000,
    "blanks": "Fri" + " " * 20_000 + "x",
}


def _failing(status: int, *headers: str) -> Act:
    return sends(answer(PAGE, *headers, status=f"{status} Sorry"))


def _all(reason: Reason, *statuses: int) -> tuple[Case, ...]:
    return tuple(refused(f"status-{status}", _failing(status), reason) for status in statuses)


def _waiting(status: int) -> tuple[Case, ...]:
    return tuple(
        refused(
            f"status-{status}-wait-{name}",
            _failing(status, f"Retry-After: {value}"),
            "rate_limited",
        )
        for name, value in _WAITS.items()
    )


_CHALLENGE: Final = "cf-mitigated: challenge"
_EVIL: Final = answer(SMUGGLED)
_NOT_MODIFIED: Final = "304 Not Modified"
_NO_CONTENT: Final = "204 No Content"
_FAILED: Final[tuple[Reason, ...]] = ("server_error", "truncated")

_BODILESS: Final = (
    refused("unasked-304", sends(head('ETag: "1"', status=_NOT_MODIFIED)), "server_error"),
    refused("304-with-body", sends(answer(PAGE, status=_NOT_MODIFIED)), *_FAILED),
    refused("304-with-answer", sends(answer(_EVIL, status=_NOT_MODIFIED)), *_FAILED),
    refused(
        "304-then-answer", sends(head(status=_NOT_MODIFIED) + _EVIL), "server_error", "truncated"
    ),
    refused("204-with-body", sends(answer(PAGE, status=_NO_CONTENT)), *_FAILED),
    refused("204-with-answer", sends(answer(_EVIL, status=_NO_CONTENT)), *_FAILED),
    refused(
        "204-chunked",
        sends(head("Transfer-Encoding: chunked", status=_NO_CONTENT) + _EVIL),
        "server_error",
        "truncated",
    ),
    refused("status-304-location", _failing(304, "Location: /good/1"), *_FAILED),
)

_BODIES: Final = (
    either("status-203", _failing(203), "server_error"),
    refused("status-404-endless", pours(head(status="404 Gone"), b"x" * 65_536), "gone"),
    refused("status-500-endless", pours(head(status="500 Oops"), b"x" * 65_536), "server_error"),
    refused("status-404-drip", drips(head(status="404 Gone"), b"x"), "gone", "timeout"),
    refused("status-500-location", _failing(500, "Location: /good/1"), "server_error"),
    refused("status-200-challenge", _failing(200, _CHALLENGE), "blocked"),
    refused("status-403-challenge", _failing(403, _CHALLENGE), "blocked"),
    refused("status-503-challenge", _failing(503, _CHALLENGE), "blocked", "rate_limited"),
)

STATUS: Final[tuple[Case, ...]] = (
    *_all("blocked", *_BLOCKED),
    *_all("gone", *_GONE),
    *_all("server_error", *_NO_PAGE),
    *_waiting(429),
    *_waiting(503),
    *_BODILESS,
    *_BODIES,
)
