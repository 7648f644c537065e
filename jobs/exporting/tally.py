"""What an export kept and dropped, counted as it goes: memory grows with publishers, not with articles."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from pipeline.record_json import in_zone
from pipeline.records import Article
from pipeline.rights_gate import Verdict
from pipeline.store.changes import Taken

_EXAMPLES = 3
_SIGNALS = 5
_SAID_MOST = 200  # characters of a piece of evidence in an example; its hash is of the whole
_NOTICES_MOST = 500


@dataclass(slots=True)
class Span:
    """The first and the last of some times."""

    first: datetime | None = None
    last: datetime | None = None

    def take(self, at: datetime) -> None:
        """Take one more time."""
        self.first = min(self.first or at, at)
        self.last = max(self.last or at, at)


@dataclass(slots=True)
class Notice:
    """A copyright line as it was printed, and how many articles with it were kept and dropped."""

    text: str
    kept: int = 0
    dropped: int = 0


@dataclass
class Tally:
    """Counts of one export; `zone` is whose days they are counted by."""

    zone: tzinfo
    kept: int = 0
    verdicts: dict[str, Counter[tuple[bool, str]]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    notices: dict[str, Notice] = field(default_factory=dict)
    withheld: Counter[str] = field(default_factory=Counter)
    by: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    published: Span = field(default_factory=Span)
    first_seen: Span = field(default_factory=Span)
    rights_read: Span = field(default_factory=Span)

    def judged(self, taken: Taken, verdict: Verdict) -> None:
        """Count what the gate said of an article."""
        article = taken.stored.article
        self.verdicts[article.publisher or ""][verdict.kept, verdict.reason] += 1
        self.rights_read.take(in_zone(article.fetched_at, self.zone))
        if len(self.examples[verdict.reason]) < _EXAMPLES:
            self.examples[verdict.reason].append(_example(article, verdict, self.zone))
        if notice := article.rights.notice:
            key = hashed_text(notice)
            if key not in self.notices and len(self.notices) >= _NOTICES_MOST:
                return
            known = self.notices.setdefault(key, Notice(notice[:_SAID_MOST]))
            known.kept += verdict.kept
            known.dropped += not verdict.kept

    def exported(self, taken: Taken) -> None:
        """Count an article that leaves."""
        article, seen = taken.stored.article, taken.stored.observed
        at = article.published_at or seen.first_seen_at
        self.kept += 1
        if article.published_at:
            self.published.take(in_zone(article.published_at, self.zone))
        self.first_seen.take(in_zone(seen.first_seen_at, self.zone))
        uses = article.rights.uses
        for name, value in (
            ("day", in_zone(at, self.zone).date().isoformat()),
            ("source", taken.source),
            ("portal", article.portal),
            ("publisher", article.publisher or ""),
            ("language", article.language or ""),
            ("parser", article.parser),
            ("redistribute", uses.redistribute),
            ("tdm", uses.tdm),
            ("ai_train", uses.ai_train),
            ("license", article.rights.license_url or ""),
            ("state", "removed" if seen.removed_at else "standing"),
            ("edited", "edited" if seen.revision > 1 else "as first seen"),
            ("time", "published_at" if article.published_at else "first_seen_at"),
        ):
            self.by[name][value] += 1

    @property
    def dropped(self) -> int:
        """How many articles the gate held back."""
        return sum(self.reasons(kept=False).values())

    def reasons(self, *, kept: bool) -> dict[str, int]:
        """Return how many articles were kept, or dropped, for which reason."""
        counts: Counter[str] = Counter()
        for of_publisher in self.verdicts.values():
            for (was_kept, reason), times in of_publisher.items():
                if was_kept == kept:
                    counts[reason] += times
        return dict(counts.most_common())


def hashed_text(text: str) -> str:
    """Return the SHA-256 (hex) of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def _example(article: Article, verdict: Verdict, zone: tzinfo) -> dict[str, Any]:
    return {
        "id": article.id,
        "publisher": article.publisher,
        "use": verdict.use,
        "fetched_at": in_zone(article.fetched_at, zone),
        "signals": [
            {
                "type": it.type,
                "value": it.value[:_SAID_MOST],
                "sha256": hashed_text(it.value),
                "seen_at": in_zone(it.seen_at, zone),
            }
            for it in article.rights.signals[:_SIGNALS]
        ],
    }
