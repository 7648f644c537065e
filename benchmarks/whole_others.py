"""news-please and fundus over the site of `whole.py`, each as its manual has it, stored as Scrapy's are.

python -m benchmarks.whole_others NAME DATABASE CONNECTIONS LISTINGS, in the environment of
requirements/bench-import.txt.

news-please reads pages and leaves the fetching to whoever calls it: aiohttp does it here, links of listings are
found by lxml, and its `NewsPlease.from_html` is called for each page, with words split at blanks, since its own
way to split Korean needs data that nltk downloads. fundus fetches what a feed or sitemap names, of publishers
that it has a parser for, a page at a time: it gets a sitemap of the articles and `importing_others`' parser.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from benchmarks.whole_fields import ARTICLE, LINKS, without_labels
from benchmarks.whole_store import Articles, Item

_SEVERAL = re.compile(r"\n+")


def _news_please(articles: Articles, listings: list[str], connections: int) -> None:
    from newspaper.languages import ko
    from newsplease import NewsPlease

    ko.tokenizer = str.split

    async def run() -> None:
        async for url, html in _fetched(listings, connections):
            found = NewsPlease.from_html(html, url=url, fetch_images=False)
            articles.save(_item_of(url, found))

    asyncio.run(run())


def _item_of(url: str, found: Any) -> Item:
    text = found.maintext or ""
    return {
        "id": url.rpartition("/")[2],
        "url": url,
        "headline": without_labels(found.title or ""),
        "subheadline": found.description,
        "publisher": found.source_domain,
        "published_at": str(found.date_publish),
        "modified_at": str(found.date_modify),
        "text": text,
        "body": _SEVERAL.split(text),
        "authors": found.authors,
        "images": [found.image_url],
    }


async def _fetched(listings: list[str], connections: int) -> AsyncIterator[tuple[str, str]]:
    import aiohttp
    from lxml import html

    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def text_of(url: str) -> tuple[str, str]:
            async with session.get(url) as answer:
                return url, await answer.text()

        urls: dict[str, None] = {}
        for listing, page in await asyncio.gather(*map(text_of, listings)):
            for link in html.fromstring(page).cssselect(LINKS):
                if found := ARTICLE.search(link.get("href")):
                    urls[f"{listing.rpartition('/')[0]}/v/{found[1]}"] = None
        waiting = list(urls)
        for start in range(0, len(waiting), connections):
            for page in asyncio.as_completed(map(text_of, waiting[start : start + connections])):
                yield await page


def _fundus(articles: Articles, listings: list[str], _: int) -> None:
    from fundus import Crawler
    from fundus.publishers.base_objects import Publisher
    from fundus.scraping.url import Sitemap

    from benchmarks.importing_others import fundus_parser

    base = listings[0].rpartition("/")[0]
    portal = Publisher(
        "Daon", base, fundus_parser(), [Sitemap(f"{base}/sitemap.xml")], suppress_robots=False
    )
    crawler = Crawler(portal, delay=0.0, threading=True)
    for article in crawler.crawl(error_handling="suppress"):
        body = article.plaintext or ""
        articles.save(
            {
                "id": article.html.responded_url.rpartition("/")[2],
                "url": article.html.responded_url,
                "headline": without_labels(article.title or ""),
                "published_at": str(article.publishing_date),
                "text": body,
                "body": _SEVERAL.split(body),
                "authors": article.authors,
                "images": [str(image) for image in article.images],
            }
        )


CONTESTANTS = {"news-please": _news_please, "fundus": _fundus}


def main() -> None:
    name, database, connections, listings = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    articles = Articles(Path(database))
    CONTESTANTS[name](articles, json.loads(Path(listings).read_text()), int(connections))
    articles.close()


if __name__ == "__main__":
    main()
