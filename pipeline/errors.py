"""Everything that can go wrong, by cause. What an error does to a crawl: the table of `pipeline/crawl.py`.

GisaError
├── PageError                 one URL; carries `url`, `reason` and `detail`
│   ├── Unreachable           temporary: try again after a back-off
│   ├── RateLimited           we are too fast: wait until `retry_at`
│   ├── Blocked               we are not welcome: stop, tell the operator, never work around it
│   ├── Gone                  removed by the publisher: keep what we have, note when
│   ├── BadAnswer             an answer that is no page: refuse it, try a few times more
│   ├── NotAnArticle          video, gallery, shell: not for us
│   ├── LayoutChanged         a selector did not match as declared: our parser is out of date
│   ├── TextLost              a known article came back without its text: keep what we have, look again
│   └── ParserFailed          no parser came back from it: its process was killed, or died; try a few times more
├── PageDamaged               a kept page that cannot be unpacked any more: it alone is lost
├── RecordRefused             one record that no column can hold: it alone is left out
├── ConfigError               config.toml or a GISA_… variable: the operator mends it
├── StoreError                the database cannot be used: says what to do
└── LockHeld                  another run works on this source
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, TypeVar

Reason = Literal[
    "dns",
    "connect",
    "tls",
    "timeout",
    "too_large",
    "bad_encoding",
    "truncated",
    "redirect_loop",
    "forbidden_address",
    "robots",
    "blocked",
    "rate_limited",
    "gone",
    "server_error",
    "not_html",
    "not_an_article",
    "layout_changed",
    "text_lost",
    "bad_record",
    "parser_failed",
]
"""Why a page could not be had or read: the fixed vocabulary of reports, `runs` and `gisa status`."""


class GisaError(Exception):
    """Root of every error that gisa raises on purpose."""


class PageError(GisaError):
    """Something about one URL. `detail` is a sentence for people, `reason` a word for machines."""

    def __init__(self, url: str, reason: Reason, detail: str) -> None:
        super().__init__(url, reason, detail)
        self.url = url
        self.reason: Reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[Any, ...]:
        # as exceptions are pickled by themselves, subclasses would be called with what is not their arguments
        return _again, (type(self), self.args, self.__dict__)

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail} ({self.url})"


E = TypeVar("E", bound=PageError)


def _again(kind: type[E], args: tuple[Any, ...], attributes: dict[str, Any]) -> E:
    """Return an error that comes from another process as it was there."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(attributes)
    return error


class Unreachable(PageError):
    """Time-out, DNS, connection, 5xx, cut body: temporary."""


class RateLimited(PageError):
    """429 or 503, or a wait that the host asked for earlier and that is not over."""

    def __init__(self, url: str, detail: str, retry_at: datetime | None = None) -> None:
        super().__init__(url, "rate_limited", detail)
        self.retry_at = retry_at


class Blocked(PageError):
    """401, 403, 451, robots.txt, a challenge or a login page."""

    def __init__(self, url: str, detail: str, reason: Reason = "blocked") -> None:
        super().__init__(url, reason, detail)


class Gone(PageError):
    """404, 410 or the portal's own page that says the article was deleted."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(url, "gone", detail)


class BadAnswer(PageError):
    """The server answered, but with nothing that we may take for the page."""


class NotAnArticle(PageError):
    """A page of another kind: video only, gallery, an empty shell.

    `may_become` one: a flash headline whose text is still to come is worth another look.
    """

    def __init__(self, url: str, detail: str, *, may_become: bool = False) -> None:
        super().__init__(url, "not_an_article", detail)
        self.may_become = may_become


class LayoutChanged(PageError):
    """A required selector matched fewer elements than it declares."""

    def __init__(self, url: str, selector: str, *, expected: int, found: int) -> None:
        super().__init__(
            url, "layout_changed", f"{selector!r} matched {found}, expected at least {expected}"
        )
        self.selector = selector
        self.expected = expected
        self.found = found


class TextLost(PageError):
    """An article that we know came back empty, or with little of its text, for the first time."""

    def __init__(self, url: str, *, before: int, now: int) -> None:
        super().__init__(
            url, "text_lost", f"{now} characters where {before} are known: these are kept"
        )


class ParserFailed(PageError):
    """The page kept a parser busy for too long, or ended the process that read it."""

    def __init__(self, url: str, detail: str) -> None:
        super().__init__(url, "parser_failed", detail)


class PageDamaged(GisaError):
    """A kept page whose bytes in the database are not what was written."""

    def __init__(self, digest: str, detail: str) -> None:
        super().__init__(
            f"the kept page {digest[:12]}… is damaged ({detail}): restore a backup, or leave it: the next "
            "crawl that finds its article changed keeps a new one"
        )
        self.digest = digest


class RecordRefused(GisaError):
    """A record that holds what no column can: a number for a text, a text of many megabytes."""

    def __init__(self, article_id: str, detail: str) -> None:
        super().__init__(f"{article_id[:100]!r}: {detail}")
        self.article_id = article_id
        self.detail = detail


class ConfigError(GisaError):
    """The configuration cannot be used; every fault found is a line of the message."""


class StoreError(GisaError):
    """The database cannot be opened or written; the message says what to do."""


class LockHeld(GisaError):
    """Another process works on the same source."""

    def __init__(self, source: str, holder: str) -> None:
        super().__init__(f"{source}: another run holds the lock ({holder})")
        self.source = source
        self.holder = holder
