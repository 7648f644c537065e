"""The clients that gisa's fetcher is measured beside, each as its manual shows it.

python -m benchmarks.fetching_clients NAME BASE PAGES CONNECTIONS, in the environment of
requirements/bench-fetch.txt; prints a result as JSON.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

from benchmarks.fetching_course import WARM_UP, Course, Result, Watch, run


async def _httpx(course: Course) -> Result:
    import httpx

    async with httpx.AsyncClient() as client:

        async def text_of(url: str) -> str:
            return (await client.get(url)).text

        return await run(course, text_of)


async def _httpx_aiohttp(course: Course) -> Result:
    import httpx_aiohttp

    async with httpx_aiohttp.HttpxAiohttpClient() as client:

        async def text_of(url: str) -> str:
            return (await client.get(url)).text

        return await run(course, text_of)


async def _aiohttp(course: Course) -> Result:
    import aiohttp

    async with aiohttp.ClientSession() as session:

        async def text_of(url: str) -> str:
            async with session.get(url) as response:
                return await response.text()

        return await run(course, text_of)


def _scrapy(course: Course) -> Result:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    characters: list[int] = []
    watches: list[Watch] = []
    results: list[Result] = []

    class PagesSpider(scrapy.Spider):
        name = "pages"

        async def start(self) -> AsyncIterator[Any]:
            for url in course.urls():
                yield scrapy.Request(url)

        def parse(self, response: Any) -> None:
            characters.append(len(response.text))
            if len(characters) == WARM_UP:
                watches.append(Watch())
            elif len(characters) == WARM_UP + course.pages:
                results.append(watches[0].stopped(sum(characters)))

    settings = {
        "LOG_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,  # it would listen
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": course.connections,
        "CONCURRENT_REQUESTS_PER_DOMAIN": course.connections,
    }
    process = CrawlerProcess(settings)
    process.crawl(PagesSpider)
    process.start()
    return results[0]


CLIENTS = {"httpx": _httpx, "httpx-aiohttp": _httpx_aiohttp, "aiohttp": _aiohttp}


def main() -> None:
    name, base, pages, connections = sys.argv[1:]
    course = Course(base, int(pages), int(connections))
    result = _scrapy(course) if name == "scrapy" else asyncio.run(CLIENTS[name](course))
    result.say()


if __name__ == "__main__":
    main()
