"""fundus and news-please over a web archive, each by its own code for CC-NEWS.

python -m benchmarks.importing_others NAME ARCHIVE SHORT, in the environment of requirements/bench-import.txt.

fundus reads archives by HTTP only, and only publishers that have a parser of their own: it gets an address on
loopback, and a parser for the sample portal, written as those in fundus are. news-please downloads what it
reads; the loop over the records and the extraction are called here as its `CommonCrawlExtractor` calls them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.importing_course import run


def _fundus(address: str) -> Iterator[str | None]:
    from fundus.publishers.base_objects import Publisher
    from fundus.scraping.html import CCNewsSource
    from fundus.scraping.scraper import CCNewsScraper
    from fundus.scraping.url import RSSFeed

    feeds = [RSSFeed("https://portal.example/rss")]  # a publisher needs one; none is read
    portal = Publisher("Daon", "https://portal.example", fundus_parser(), feeds)
    source = CCNewsSource(portal, warc_path=address)
    for article in CCNewsScraper(source).scrape(error_handling="suppress"):
        yield article.plaintext if article.title and article.body else None


def fundus_parser() -> Any:
    from fundus.parser import BaseParser, ParserProxy, attribute
    from fundus.parser.utility import (
        extract_article_body_with_selector,
        generic_author_parsing,
        generic_date_parsing,
        generic_topic_parsing,
        image_extraction,
    )
    from lxml.etree import XPath

    class Parser(ParserProxy):
        class V1(BaseParser):
            _paragraph_selector = XPath("//div[contains(@class, 'article_view')]//p[@dmcf-ptype]")
            _subheadline_selector = XPath("//div[contains(@class, 'article_view')]//h4")

            @attribute
            def body(self) -> Any:
                return extract_article_body_with_selector(
                    doc=self.precomputed.doc,
                    paragraph_selector=self._paragraph_selector,
                    subheadline_selector=self._subheadline_selector,
                )

            @attribute
            def title(self) -> Any:
                return self.precomputed.meta.get("og:title")

            @attribute
            def authors(self) -> Any:
                return generic_author_parsing(self.precomputed.meta.get("og:article:author"))

            @attribute
            def publishing_date(self) -> Any:
                return generic_date_parsing(self.precomputed.meta.get("og:regDate"))

            @attribute
            def topics(self) -> Any:
                return generic_topic_parsing(self.precomputed.meta.get("keywords"))

            @attribute
            def images(self) -> Any:
                return image_extraction(
                    doc=self.precomputed.doc,
                    paragraph_selector=self._paragraph_selector,
                    upper_boundary_selector=XPath("//div[contains(@class, 'article_view')]"),
                    image_selector=XPath("//div[contains(@class, 'article_view')]//figure//img"),
                )

    return Parser


def _news_please(path: str) -> Iterator[str | None]:
    from newspaper.languages import ko
    from newsplease import EmptyResponseError, NewsPlease
    from warcio.archiveiterator import ArchiveIterator

    ko.tokenizer = str.split  # its own needs data that nltk downloads; this one is cheaper
    with open(path, "rb") as stream:  # noqa: PTH123
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                try:
                    yield NewsPlease.from_warc(record, fetch_images=False).maintext
                except (UnicodeDecodeError, EmptyResponseError):
                    yield None


CONTESTANTS = {"fundus": _fundus, "news-please": _news_please}

if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    chosen = CONTESTANTS[sys.argv.pop(1)]
    run(chosen)
