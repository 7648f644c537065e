"""The texts of the pages, Korean and English: one module a page. A test holds them against the templates."""

from __future__ import annotations

from jobs.web.messages import common, search

MESSAGES: dict[str, tuple[str, str]] = {**common.TEXTS, **search.TEXTS}
