"""Serves the course of `fetching.py` on loopback: pages of the sample portal, gzipped beforehand.

python -m benchmarks.fetching_server: prints its address; ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
from collections.abc import Iterator

from jobs.sample_portal import Newsroom
from jobs.sample_portal.answers import Reply
from jobs.sample_portal.pages import Pages
from jobs.sample_portal.site import Site

LIGHTEST, HEAVIEST = 60_000, 150_000
DISTINCT = 61
"""A prime: no number of connections meets the same pages in every lap."""

_DATE = "Sun, 27 Sep 2026 01:00:00 GMT"
_NO_ROBOTS = (
    f"HTTP/1.1 404 Not Found\r\nDate: {_DATE}\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
).encode()


class _Connection(asyncio.Protocol):
    def __init__(self, answers: list[bytes]) -> None:
        self._answers, self._seen = answers, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._seen = (self._seen + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1]
            number = path.removeprefix(b"/v/")
            known = number.isdigit()
            answer = self._answers[int(number) % len(self._answers)] if known else _NO_ROBOTS
            self._transport.write(answer)


def main() -> None:
    asyncio.run(_serve())


async def _serve() -> None:
    answers: list[bytes] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    base = f"http://{host}:{port}"
    answers += map(_answer, _pages(base))
    print(base, flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


def _pages(base: str) -> Iterator[Reply]:
    newsroom = Newsroom(articles=DISTINCT)
    for place, article in enumerate(newsroom.articles()):
        weight = LIGHTEST + (HEAVIEST - LIGHTEST) * place // (DISTINCT - 1)
        yield Pages(Site(base, newsroom, page_weight=weight)).at(f"/v/{article.id}")


def _answer(page: Reply) -> bytes:
    body = gzip.compress(page.body, 6, mtime=0)
    headers = {
        "Date": _DATE,
        **page.headers,
        "Cache-Control": "no-cache",
        "Content-Encoding": "gzip",
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body


if __name__ == "__main__":
    main()
