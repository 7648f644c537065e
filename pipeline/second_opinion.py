"""The generic extractor reads the same page as the portal's parser: where they differ much, one is wrong."""

from __future__ import annotations

from zlib import crc32

from pipeline.errors import PageError
from pipeline.extract import parse_article
from pipeline.records import Article, Page

ONE_IN = 20
"""Pages of which one is read twice. Such a reading costs 1.4 ms, a crawl some 6 ms an article."""
_HALF = 0.5
_AN_ARTICLE = 400
"""Characters that the generic extractor must have found where the portal's parser found no article."""


def wanted(article_id: str, done: int, read: int, *, doubtful: bool = False) -> bool:
    """Is this page one of the sample? By the hash of its id, so that the same pages are read every time.

    Args:
        article_id: of the page.
        done: how many of this crawl were read twice already.
        read: how many were read once: a crawl spends a few hundredths of its time on this, or on one page.
        doubtful: the portal's parser found no article on it; these are few, and all of interest.
    """
    within = done * ONE_IN <= read
    return within and (doubtful or crc32(article_id.encode()) % ONE_IN == 0)


def agrees(page: Page, article: Article | None) -> bool:
    """Does the generic extractor find no more than the portal's parser did?

    Args:
        page: what came.
        article: what the portal's parser made of it; None where it found no article.

    Returns:
        False where the portal's text is less than half of the generic one, or where there is none and the
        generic extractor finds an article.
    """
    second = opinion(page)
    if second is None:
        return True
    if article is None:
        return len(second.text) < _AN_ARTICLE
    return len(article.text) >= _HALF * len(second.text)


def opinion(page: Page) -> Article | None:
    """Return what the generic extractor makes of a page; None where that is no article."""
    try:
        return parse_article(page)
    except PageError:
        return None
