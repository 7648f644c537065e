"""The texts of the pages, Korean and English: one module a page. A test holds them against the templates."""

from __future__ import annotations

from jobs.web.messages import common, front, health, sources

MESSAGES: dict[str, tuple[str, str]] = {
    **common.TEXTS,
    **front.TEXTS,
    **health.TEXTS,
    **sources.TEXTS,
}
