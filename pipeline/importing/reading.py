"""A page as it lies in a file to its record: decoded, with its own URL where none is known, parsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.encoding import decode
from pipeline.errors import BadAnswer, PageError
from pipeline.fetch.answers import archived, header_signals, refuse_binary
from pipeline.importing.bodies import body_of
from pipeline.importing.found import EVERYTHING, Found, Only
from pipeline.importing.page_lines import Unfit, page_of_line
from pipeline.importing.saved_html import own_url, unpacked
from pipeline.reading import read_any
from pipeline.records import Article, Page
from pipeline.text import one_line


@dataclass(frozen=True, slots=True)
class Reading:
    """How the pages of an import are read.

    Args:
        most: bytes that a page may have, unpacked.
        only: which pages are wanted.
        languages: of articles that are wanted, ISO 639-1; empty for all.
        permission: the operator's licence for this source.
        keep_emails: are the addresses of authors kept?
    """

    most: int
    only: Only = EVERYTHING
    languages: tuple[str, ...] = ()
    permission: str | None = None
    keep_emails: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a page: its article, or in one word why there is none, with a sentence for people."""

    article: Article | None = None
    outcome: str = ""
    detail: str = ""


def read(found: Found, how: Reading) -> Read:
    """Read a page. Only a bug raises."""
    try:
        page = _page(found, how)
        refusal = how.only.refusal(page.url, page.fetched_at)
        if refusal is None and not page.url:
            refusal = "no_url"
        if refusal:
            return Read(None, refusal, _where(found))
        article = read_any(page, how.permission, keep_emails=how.keep_emails)
    except PageError as error:
        return Read(None, error.reason, f"{one_line(error.url, 200)}: {error.detail}")
    except Unfit as error:
        return Read(None, "no_page", f"{_where(found)}: {error}")
    if how.languages and article.language not in how.languages:
        return Read(None, "other_language", _where(found))
    return Read(article)


def _where(found: Found) -> str:
    return one_line(found.url or found.name or f"page {found.number}", 200)


def _page(found: Found, how: Reading) -> Page:
    if found.kind == "line":
        _, page = page_of_line(found.body, found.fetched_at)
        return page if page.url else replace(page, url=own_url(page.html))
    if found.kind in ("response", "resource"):
        return _answered(found, body_of(found, how.most))
    at, url, body, content_type = found.fetched_at, found.url, found.body, None
    if found.kind == "mhtml":
        saved = unpacked(body)
        if saved is None:
            raise BadAnswer(_where(found), "not_html", "no part of this MHTML file is HTML")
        body, content_type = saved.body, saved.content_type
        url, at = url or saved.url, saved.fetched_at or at
    refuse_binary(archived((), body), _where(found))
    decoded = decode(body, content_type)
    url = url or own_url(decoded.text)
    return Page(
        url, decoded.text, at, warnings=decoded.warnings, raw=body, content_type=content_type
    )


def _answered(found: Found, body: bytes) -> Page:
    answer = archived(found.headers, body)
    refuse_binary(answer, found.url)
    content_type = answer.headers.get("Content-Type")
    decoded = decode(body, content_type)
    return Page(
        url=found.url,
        html=decoded.text,
        fetched_at=found.fetched_at,
        robots_tags=tuple(answer.headers.get_list("X-Robots-Tag")),
        site_signals=header_signals(answer),
        warnings=decoded.warnings,
        raw=body,
        content_type=content_type,
    )
