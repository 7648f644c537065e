"""A kept connection: used again where nothing came on it meanwhile, and never where something did."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta

import pytest

PAGE = "<html><body>정부는 27일 새 예산안을 발표했다.</body></html>".encode()
UNASKED = "<html><body>아무도 묻지 않은 글</body></html>".encode()


def fetched(fetching, server, meanwhile) -> list[str]:
    async def twice() -> list[str]:
        async with fetching.fetcher(delay=timedelta(0)) as fetcher:
            first = await fetcher.page(f"{server.url}/a")
            await meanwhile()
            second = await fetcher.page(f"{server.url}/b")
            assert first is not None
            assert second is not None
            return [first.html, second.html]

    return asyncio.run(twice())


def test_it_is_used_again(fetching, server, reply) -> None:
    server.routes |= {"/a": reply(200, PAGE), "/b": reply(200, PAGE)}
    assert fetched(fetching, server, lambda: asyncio.sleep(0)) == [PAGE.decode()] * 2
    assert server.connections == 1


@pytest.mark.parametrize("turns", [0, 20], ids=["waiting", "read-by-the-loop"])
def test_an_answer_that_nobody_asked_for_is_no_answer(fetching, server, reply, turns: int) -> None:
    server.routes |= {"/a": reply(200, PAGE), "/b": reply(200, PAGE)}

    async def meanwhile() -> None:
        connection = server.seen[-1].connection
        # else the kernel keeps them back until the next request acknowledges the page before
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(reply(200, UNASKED))
        for _ in range(turns):
            await asyncio.sleep(0)

    assert fetched(fetching, server, meanwhile) == [PAGE.decode()] * 2
    assert server.connections == 2


def test_a_server_that_has_hung_up_costs_no_failure(fetching, server, reply) -> None:
    server.routes |= {"/a": reply(200, PAGE), "/b": reply(200, PAGE)}

    async def meanwhile() -> None:
        server.seen[-1].connection.shutdown(2)

    assert fetched(fetching, server, meanwhile) == [PAGE.decode()] * 2
