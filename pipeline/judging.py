"""What a crawl measures on its way, and the verdict at its end: well, or less than usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline import second_opinion
from pipeline.errors import BadAnswer, LayoutChanged, NotAnArticle
from pipeline.health import signs
from pipeline.history import Sign
from pipeline.measures import AGREES, ARTICLE, TEXT
from pipeline.records import Article, CrawlReport, Entry, Page
from pipeline.store.visits import Visit
from pipeline.visiting import Crawl

_TOLD_MOST = 3


def listing_read(it: Crawl, page: Page, listing: str, entries: Sequence[Entry]) -> None:
    """Measure a listing; call it before its entries are written down."""
    look = it.tools.store.health.look(it.source.name, listing, entries, page.fetched_at)
    it.measures.looks.append(look)
    it.measures.selected(page.matches or {}, "listing-selector")


def listing_unread(it: Crawl, page: Page) -> None:
    """Measure a listing that could not be read."""
    it.measures.selected(page.matches or {}, "listing-selector")


def article_read(it: Crawl, visit: Visit, page: Page, article: Article) -> None:
    """Measure an article that was read."""
    it.measures.article(article)
    it.measures.selected(page.matches or {})
    it.measures.note(TEXT, held=True)
    if visit.state != "settled":
        it.measures.note(ARTICLE, held=True)
    if it.reader.is_web:  # the generic extractor is the first opinion there
        return
    if second_opinion.wanted(article.id, it.measures.count(AGREES), it.measures.parsed):
        it.measures.note(AGREES, held=second_opinion.agrees(page, article))


def unread(
    it: Crawl, visit: Visit, page: Page, error: BadAnswer | LayoutChanged | NotAnArticle
) -> None:
    """Measure a page that gave no article; one that is looked at again was counted the first time."""
    it.measures.selected(page.matches or {})
    if isinstance(error, BadAnswer):
        it.tally.astray += error.reason == "server_error"
    if visit.state == "settled":
        return
    it.measures.note(ARTICLE, held=False)
    if isinstance(error, NotAnArticle) and error.may_become:  # neither text nor video nor picture
        it.measures.note(TEXT, held=False)
    if isinstance(error, BadAnswer) or it.reader.is_web:
        return
    done, read = it.measures.count(AGREES), it.measures.parsed
    if second_opinion.wanted(visit.article_id, done, read, doubtful=True):
        it.measures.note(AGREES, held=second_opinion.agrees(page, None))


def finish(it: Crawl, run: int) -> CrawlReport:
    """Decide how the crawl went, and write it down with what it measured, in one transaction.

    Raises:
        StoreError: the database failed.
    """
    store, name, now = it.tools.store, it.source.name, it.tools.clock()
    report = it.tally.verdict(now, store.visits.count_open(name))
    with store.writing():
        if report.outcome in ("ok", "drift"):
            store.health.note_looks(name, it.measures.looks)
            history = store.health.history(name, now, store.drifts.standing(name))
            found = signs(history, it.measures.looks, it.measures.counts, now)
            report = _with(report, found)
            store.health.learn(name, run, it.measures, _bad(it, report, found), now)
            store.drifts.note(name, run, found, now)
        store.runs.finish(run, report, it.meter)
    return report


def _bad(it: Crawl, report: CrawlReport, found: Sequence[Sign]) -> set[str]:
    """Return the measures that teach nothing: what drifted, and of a run that is drift also its selectors."""
    bad = {sign.name for sign in found}
    if report.outcome == "drift":
        bad |= {name for name in it.measures.counts if "selector:" in name}
        bad.add(ARTICLE)
    return bad


def _with(report: CrawlReport, found: Sequence[Sign]) -> CrawlReport:
    """A run that brought less than usual is drift, whatever it stored."""
    if not found:
        return report
    told = [sign.detail for sign in found[:_TOLD_MOST]]
    if len(found) > _TOLD_MOST:
        told.append(f"and {len(found) - _TOLD_MOST} more")
    said = filter(None, [report.detail, *told])
    return replace(
        report, outcome="drift", detail=f"{'; '.join(said)}: see `gisa drift {report.source}`"
    )
