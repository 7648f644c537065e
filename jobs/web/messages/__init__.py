"""The texts of the pages, Korean and English: one module a page. A test holds them against the templates."""

from __future__ import annotations

from jobs.web.messages import article, article_diff, common, front, health, search, sources, stories

MESSAGES: dict[str, tuple[str, str]] = {
    **article.TEXTS,
    **article_diff.TEXTS,
    **common.TEXTS,
    **front.TEXTS,
    **health.TEXTS,
    **search.TEXTS,
    **sources.TEXTS,
    **stories.TEXTS,
}
