"""An article page of any publisher to its record, without a word about any site."""

from __future__ import annotations

import hashlib

from pipeline.boilerplate import joined_text, opening_of
from pipeline.bylines import authors_of
from pipeline.errors import NotAnArticle
from pipeline.extract.body import ExtractedBody, Hints, read_body
from pipeline.extract.facts import Facts, read_facts
from pipeline.language import language_of
from pipeline.records import Article, Author, Image, Page, Rights
from pipeline.rights import read_rights
from pipeline.select import parse

NAME = "web"
VERSION = 1
_NOTICES_MOST = 3
_LONG_ENOUGH = 500
"""Characters of text that are taken for an article though nothing else says that it is one."""


def parse_article(page: Page, *, permission: str | None = None, doubt: bool = True) -> Article:
    """Read an article page; without `doubt` any page, though it has no text or looks like no article.

    Raises:
        NotAnArticle: there is no headline, or no text.
        BadAnswer: its markup would hold the parser up.
    """
    tree = parse(page.html, page.url)
    facts = read_facts(tree, page)
    body = read_body(tree, page, Hints(facts.headline, facts.publisher, facts.article_body))
    text = joined_text(body.blocks)
    if doubt:
        _refuse_other(facts, text, page)
    language, odd = _language(facts.language, text)
    address = facts.canonical_url if facts.canonical_url.startswith("http") else page.url
    return Article(
        id=article_id(address or f"{facts.headline}\n{text}"),
        portal=NAME,
        publisher=facts.publisher,
        url=page.url,
        canonical_url=address,
        original_url=facts.original_url,
        headline=facts.headline,
        labels=facts.labels,
        subheadline=facts.subheadline,
        summary=facts.summary,
        body=tuple(body.blocks),
        text=text,
        images=_images(facts, body),
        authors=_authors(facts, body, language),
        section=facts.section,
        keywords=facts.keywords,
        language=language,
        published_at=facts.published_at,
        modified_at=facts.modified_at,
        published_at_source=facts.published_at_source,
        related=tuple(body.related),
        rights=_rights(facts, body, page, permission),
        fetched_at=page.fetched_at,
        parser=f"{NAME}/{VERSION}",
        warnings=(*page.warnings, *facts.warnings, *body.warnings, *odd),
    )


def article_id(canonical_url: str) -> str:
    """Return `web:` and 16 hexadecimal digits of the SHA-256 of the canonical URL."""
    digest = hashlib.sha256(canonical_url.encode("utf-8", "replace")).hexdigest()
    return f"{NAME}:{digest[:16]}"


def _refuse_other(facts: Facts, text: str, page: Page) -> None:
    """Refuse a page that shows no article: lists, searches and error pages have some text, too."""
    if not facts.headline or not text:
        missing = "text" if facts.headline else "headline"
        raise NotAnArticle(page.url, f"no {missing} was found", may_become=not text)
    kind = facts.head.first("og:type") or ""
    if "article" in kind or facts.article_body or facts.published_at or facts.authors:
        return
    if kind or len(text) < _LONG_ENOUGH:
        words = f"og:type is {kind!r:.40}" if kind else "there is little text"
        raise NotAnArticle(page.url, f"no date, no author, and {words}: no article")


def _images(facts: Facts, body: ExtractedBody) -> tuple[Image, ...]:
    """Return the pictures that stand in the body; where none does, those the page names as its own."""
    return tuple(body.images.values()) or facts.images


def _language(declared: str | None, text: str) -> tuple[str | None, tuple[str, ...]]:
    """The text proves its language where it can; the page's word is for where it cannot."""
    found = language_of(text)
    if found is None or found == declared:
        return declared, ()
    # Norwegian has two written forms and a code for both
    if declared is None or {found, declared} <= {"no", "nb", "nn", "da"}:
        return declared or found, ()
    return found, (f"declared {declared}, is written in {found}",)


def _authors(facts: Facts, body: ExtractedBody, language: str | None) -> tuple[Author, ...]:
    """Korean pages name their reporters in the text, too, with addresses."""
    if language != "ko":
        return facts.authors
    opening = opening_of(body.blocks)
    return authors_of(
        ", ".join(f"{a.name} {a.role or ''} {a.email or ''}" for a in facts.authors) or None,
        opening, body.signoffs, publisher=facts.publisher,
    )  # fmt: skip


def _rights(facts: Facts, body: ExtractedBody, page: Page, permission: str | None) -> Rights:
    return read_rights(
        notices=body.notices[:_NOTICES_MOST],
        head=facts.head,
        robots_tags=page.robots_tags,
        permission=permission,
        seen_at=page.fetched_at,
        site_signals=page.site_signals,
    )
