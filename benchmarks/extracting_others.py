"""The extractors that gisa's is measured beside, each as its manual shows it, and the bare parse.

python -m benchmarks.extracting_others NAME FILE, in the environment of requirements/bench-extract.txt.
Comments, pictures and pages behind "read more" are not asked for.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from benchmarks.extracting_course import Record, run


def _parse(page: Record) -> None:
    from selectolax.lexbor import LexborHTMLParser

    LexborHTMLParser(page["html"])


def _trafilatura(page: Record) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        page["html"], url=page.get("url"), with_metadata=True, include_comments=False
    )


def _trafilatura_fast(page: Record) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(page["html"], url=page.get("url"), fast=True, include_comments=False)


def _all_of(document: Any) -> Record:
    if document is None:
        return {"error": "nothing found"}
    return {
        "headline": document.title,
        "authors": (document.author or "").split("; "),
        "published_at": document.date,
        "summary": {"text": document.description},
        "text": document.text,
    }


def _text_of(document: Any) -> Record:
    return {"error": "nothing found"} if document is None else {"text": document.text}


@cache
def _newspaper_settings() -> Any:
    from newspaper import Config

    settings = Config()
    settings.fetch_images = False
    return settings


def _newspaper(page: Record) -> Any:
    from newspaper import Article

    article = Article(page.get("url") or "https://page.example/", config=_newspaper_settings())
    article.download(input_html=page["html"], ignore_read_more=True)
    article.parse()
    return article


def _of_newspaper(article: Any) -> Record:
    return {
        "headline": article.title,
        "authors": article.authors,
        "published_at": article.publish_date,
        "summary": {"text": article.meta_description},
        "text": article.text,
    }


def _readability(page: Record) -> tuple[str, str]:
    from lxml.html import fromstring
    from readability import Document

    document = Document(page["html"], url=page.get("url"))
    body = fromstring(document.summary(html_partial=True))
    return document.short_title(), "\n".join(body.itertext())


def _of_readability(made: tuple[str, str]) -> Record:
    return {"headline": made[0], "text": made[1]}


if __name__ == "__main__":
    run(
        {
            "parse": (_parse, lambda _: {}),
            "trafilatura": (_trafilatura, _all_of),
            "trafilatura-fast": (_trafilatura_fast, _text_of),
            "newspaper4k": (_newspaper, _of_newspaper),
            "readability": (_readability, _of_readability),
        }
    )
