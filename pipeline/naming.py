"""Which article a page of any publisher is: the one that was asked for, one that is known already, or another.

A visit is known by its address before the page is fetched; the page may declare another one for itself. An
article is stored once, under the address that it declares; the addresses that lead to it are kept as aliases.
A declared address is a claim, and the web is full of wrong ones: it is not taken where it is a front page or
another site's, nor where a different article has it already.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from pipeline.errors import BadAnswer
from pipeline.reading import led_elsewhere
from pipeline.records import Article, Page
from pipeline.source import WEB
from pipeline.store.visits import NEVER_SEEN, Visit
from pipeline.urls import site_of, without_tracking
from pipeline.visiting import Crawl, put_off, settle

_OPENING = 200  # characters
_WRONG = "its canonical link leads to another page"


def refuse_front(it: Crawl, visit: Visit, page: Page) -> None:
    """Refuse the front page of a publisher in place of an article; a portal's module tells by itself.

    Raises:
        BadAnswer: it is one.
    """
    if it.reader.is_web and _is_front(page.url) and not _is_front(visit.url):
        raise BadAnswer(page.url, "server_error", f"{visit.url} leads to the front page")


def identified(it: Crawl, visit: Visit, page: Page, article: Article) -> Article | None:
    """Return the record of a page under the id that it is stored by; None where another visit has the article.

    Then the visit is settled, or put off until that other one is done.

    Raises:
        BadAnswer: a known article led to another one.
    """
    if article.id == visit.article_id:
        return article
    if not it.reader.is_web:
        raise led_elsewhere(page, visit.article_id)
    known = it.tools.store.articles.get(visit.article_id)
    if known is not None:
        return _still(known.article, article, visit, page)
    if not _may_be_named(article, page):
        return _under_own_name(article, visit, page)
    return _first_named(it, visit, page, article)


def _still(known: Article, article: Article, visit: Visit, page: Page) -> Article:
    """A stored article keeps its id, whatever its page declares today, unless we were led to another one."""
    was_led = without_tracking(page.url) != visit.url
    if was_led and not _is_same(known, article):
        raise led_elsewhere(page, visit.article_id)
    return replace(article, id=known.id, canonical_url=known.canonical_url)


def _first_named(it: Crawl, visit: Visit, page: Page, article: Article) -> Article | None:
    store = it.tools.store
    other = store.articles.get(article.id)
    if other is not None:
        if not _is_same(other.article, article):
            return _under_own_name(article, visit, page)
        with store.writing():
            store.aliases.note(visit.article_id, article.id, it.tools.clock())
            settle(it, visit, "unchanged", NEVER_SEEN, ever_again=False)
        it.tally.count("unchanged")
        return None
    state = store.visits.state_of(article.id)
    if state == "open":
        put_off(it, visit, "known by another address", counts=False)
        return None
    return article if state is None else _under_own_name(article, visit, page)


def renamed(it: Crawl, visit: Visit, article: Article) -> Visit:
    """Give a visit the id of its article, and keep the id of its address as an alias.

    Call it in the transaction that writes the article.
    """
    if article.id == visit.article_id:
        return visit
    it.tools.store.aliases.note(visit.article_id, article.id, it.tools.clock())
    return it.tools.store.visits.rename(visit, article.id)


def _under_own_name(article: Article, visit: Visit, page: Page) -> Article:
    own, said = without_tracking(page.url), (*article.warnings, _WRONG)
    return replace(article, id=visit.article_id, canonical_url=own, warnings=said)


def _may_be_named(article: Article, page: Page) -> bool:
    """May the page be the article whose address it declares? What a portal module says comes from its URL."""
    if not article.id.startswith(f"{WEB}:"):
        return True
    declared, own = urlsplit(article.canonical_url), urlsplit(page.url)
    same_site = site_of(declared.hostname or "") == site_of(own.hostname or "")
    return same_site and not _is_front(article.canonical_url)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/", "/index.html", "/index.php", "/main") and not parts.query


def _is_same(one: Article, other: Article) -> bool:
    """Is it one article, at different times or addresses?"""
    opening = one.text[:_OPENING]
    return one.headline == other.headline or (bool(opening) and opening == other.text[:_OPENING])
