"""Scrapy over the site of `whole.py`, its pages read by parsel or by selectolax, stored by an item pipeline.

python -m benchmarks.whole_scrapy parsel|selectolax DATABASE CONNECTIONS LISTINGS, in the environment of
requirements/bench-whole.txt; LISTINGS is a JSON file of addresses.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import scrapy
from scrapy.crawler import CrawlerProcess

from benchmarks import whole_fields as at
from benchmarks.whole_store import Articles, Item


class StorePipeline:
    """Writes every item at once."""

    def open_spider(self) -> None:
        self.articles = Articles(Path(sys.argv[2]))

    def process_item(self, item: Item) -> Item:
        self.articles.save(item)
        return item

    def close_spider(self) -> None:
        self.articles.close()


class NewsSpider(scrapy.Spider):
    """Listings to articles; each article once, by the id in its address."""

    name = "news"

    async def start(self) -> AsyncIterator[Any]:
        for url in json.loads(Path(sys.argv[4]).read_text(encoding="utf-8")):
            yield scrapy.Request(url, callback=self.parse)

    def parse(self, response: Any) -> Iterator[Any]:
        for link in self.links(response):
            found = at.ARTICLE.search(link)
            if found:
                yield scrapy.Request(
                    urljoin(response.url, f"/v/{found[1]}"), callback=self.parse_article
                )

    def parse_article(self, response: Any) -> Iterator[Item]:
        yield at.item(
            {
                "id": response.url.rpartition("/")[2],
                "url": response.url,
                **self.found(response),
            }
        )

    def links(self, response: Any) -> list[str]:
        raise NotImplementedError

    def found(self, response: Any) -> dict[str, Any]:
        raise NotImplementedError


class ParselSpider(NewsSpider):
    """Reads pages as Scrapy's manual shows it."""

    def links(self, response: Any) -> list[str]:
        return [link.attrib["href"] for link in response.css(at.LINKS)]

    def found(self, response: Any) -> dict[str, Any]:
        infos = [self._text(info) for info in response.css(at.INFOS) if not info.css(".num_date")]
        logo = response.css(at.PUBLISHER)
        return {
            "headline": self._text(response.css(at.HEADLINE)),
            "subheadline": "\n".join(self._lines(response.css(at.SUBHEADLINE))),
            "publisher": self._text(logo) or response.css(at.LOGO).attrib.get("alt", ""),
            "section": self._text(response.css(at.SECTION)),
            "reg_date": response.css(at.REG_DATE).attrib.get("content"),
            "dates": response.css(at.DATES).css("::text").getall(),
            "notice": self._text(response.css(at.NOTICE)),
            "byline": ", ".join(infos),
            "body": [line for block in response.css(at.BLOCKS) for line in self._lines(block)],
            "images": [
                {"url": image.attrib.get("data-org-src") or image.attrib["src"],
                 "caption": self._text(figure.css(at.CAPTION)) or None}
                for figure in response.css(at.FIGURES)
                for image in figure.css("img")
            ],
        }  # fmt: skip

    @staticmethod
    def _text(selected: Any) -> str:
        return at.tidy("".join(selected.xpath(".//text()").getall()))

    @staticmethod
    def _lines(selected: Any) -> list[str]:
        parts = selected.xpath(".//text() | .//br | .//p | .//li | .//tr")
        texts = ("\n" if part.root.__class__.__name__ == "HtmlElement" else part.get().replace("\n", " ")
                 for part in parts)  # fmt: skip
        return at.lines("".join(texts))


class SelectolaxSpider(NewsSpider):
    """Reads pages by selectolax, from the bytes as they came."""

    def links(self, response: Any) -> list[str]:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(response.text)
        return [link.attributes["href"] or "" for link in tree.css(at.LINKS)]

    def found(self, response: Any) -> dict[str, Any]:
        from selectolax.lexbor import LexborHTMLParser

        tree = LexborHTMLParser(response.text)
        infos = [self._text(info) for info in tree.css(at.INFOS) if not info.css_first(".num_date")]
        logo, reg_date = tree.css_first(at.LOGO), tree.css_first(at.REG_DATE)
        return {
            "headline": self._text(tree.css_first(at.HEADLINE)),
            "subheadline": "\n".join(self._lines(tree.css_first(at.SUBHEADLINE))),
            "publisher": self._text(tree.css_first(at.PUBLISHER))
            or (logo.attributes.get("alt") if logo else ""),
            "section": self._text(tree.css_first(at.SECTION)),
            "reg_date": reg_date.attributes.get("content") if reg_date else None,
            "dates": [node.text() for node in tree.css(at.DATES)],
            "notice": self._text(tree.css_first(at.NOTICE)),
            "byline": ", ".join(infos),
            "body": [line for block in tree.css(at.BLOCKS) for line in self._lines(block)],
            "images": [
                {"url": image.attributes.get("data-org-src") or image.attributes["src"],
                 "caption": self._text(figure.css_first(at.CAPTION)) or None}
                for figure in tree.css(at.FIGURES)
                for image in figure.css("img")
            ],
        }  # fmt: skip

    @staticmethod
    def _text(node: Any) -> str:
        return at.tidy(node.text()) if node else ""

    @staticmethod
    def _lines(node: Any) -> list[str]:
        if node is None:
            return []
        parts = []
        for part in node.traverse(include_text=True):
            if part.tag == "-text":
                parts.append(part.text_content.replace("\n", " "))
            elif part.tag in ("br", "p", "li", "tr"):
                parts.append("\n")
        return at.lines("".join(parts))


def main() -> None:
    which, connections = sys.argv[1], int(sys.argv[3])
    settings = {
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,  # these two would listen
        "REMOTE_CONTROL_ENABLED": False,
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "ITEM_PIPELINES": {StorePipeline: 300},
    }
    process = CrawlerProcess(settings)
    process.crawl(ParselSpider if which == "parsel" else SelectolaxSpider)
    process.start()


if __name__ == "__main__":
    main()
