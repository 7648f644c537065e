"""gisa's extractor as a contestant of `extracting.py`: the generic one alone, or the portals' parsers first.

python -m benchmarks.extracting_gisa generic|portals FILE
"""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.extracting_course import Record, run
from pipeline import portals
from pipeline.extract.article import parse_article
from pipeline.record_json import record
from pipeline.records import Article, Page

_FIELDS = ("headline", "subheadline", "summary", "authors", "published_at", "text")


def _generic(page: Record) -> Article:
    return parse_article(_page(page))


def _portals_first(page: Record) -> Article:
    read = _page(page)
    portal = portals.for_page(read)
    return portal.parse_article(read) if portal is not None else parse_article(read)


def _page(page: Record) -> Page:
    said = page.get("fetched_at")
    at = datetime.fromisoformat(said) if said else datetime.now(UTC)
    return Page(page.get("url") or "", page["html"], at if at.tzinfo else at.replace(tzinfo=UTC))


def _said(article: Article) -> Record:
    whole = record(article)
    return {name: whole[name] for name in _FIELDS}


if __name__ == "__main__":
    run({"generic": (_generic, _said), "portals": (_portals_first, _said)})
