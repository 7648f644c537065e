"""Personal data in a record that an operator may not want to keep."""

from __future__ import annotations

from dataclasses import replace

from pipeline.bylines import EMAIL
from pipeline.records import Article


def without_emails(article: Article) -> Article:
    """Return the article without its authors' addresses; names and roles stay, they are the byline.

    Addresses in what the publisher wrote as text are text.
    """
    authors = tuple(replace(author, email=None) for author in article.authors)
    warnings = tuple(EMAIL.sub("…", warning) for warning in article.warnings)
    return replace(article, authors=authors, warnings=warnings)
