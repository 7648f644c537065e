"""The hostile side itself: one behaviour for each case, always the same, and a prompt stop."""

import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from jobs.sample_portal.hostile import GOOD, SMUGGLED, HostileSide, cases
from pipeline.errors import Reason


@pytest.fixture
def hostile() -> Iterator[HostileSide]:
    with HostileSide() as running:
        yield running


def asked(server: HostileSide, path: str, most: int = 10**9, host: str = "") -> bytes:
    """Everything that comes for a path, up to a length."""
    address, port = server.authority.split(":")
    with socket.create_connection((address, int(port)), timeout=10) as connection:
        request = f"GET {path} HTTP/1.1\r\nHost: {host or server.authority}\r\n\r\n"
        connection.sendall(request.encode())
        connection.shutdown(socket.SHUT_WR)
        got = bytearray()
        while len(got) < most and (piece := connection.recv(65_536)):
            got += piece
        return bytes(got)


def test_names_are_unique_and_fit_a_path() -> None:
    modules = Path(__file__).parents[3].glob("jobs/sample_portal/hostile_*.py")
    assert len(list(modules)) >= 7
    catalogue = cases("http://127.0.0.1:1")
    names = Counter(case.name for case in catalogue)
    assert names.most_common(1)[0][1] == 1
    assert len(names) > 300
    assert [name for name in names if not re.fullmatch(r"[\w.-]+", name, re.ASCII)] == []


def test_each_case_says_what_is_right_by_the_vocabulary() -> None:
    for case in cases(""):
        assert case.reasons or case.text is not None, case.name
        assert case.reasons <= set(get_args(Reason)), case.name


def test_variants_are_distinct_urls_of_one_server(hostile: HostileSide) -> None:
    urls = {case.url(variant) for case in hostile.cases for variant in range(3)}
    assert len(urls) == 3 * len(hostile.cases)
    assert all(url.startswith(f"{hostile.base_url}/case/") for url in urls)


def test_every_case_is_served(hostile: HostileSide) -> None:
    """By its own behaviour: a status and words of 404 are what unknown paths get."""
    unknown = asked(hostile, "/case/of-no-such-name/0")
    assert unknown.startswith(b"HTTP/1.1 404")
    for case in random.Random(1).sample(hostile.cases, 60):
        if not case.is_slow:
            assert asked(hostile, f"/case/{case.name}/0", 200) != unknown[:200], case.name


@pytest.mark.parametrize(
    "name", ["gzip-members", "bomb-zstd", "html-is-noise-0", "host-0", "chunked-in-bytes"]
)
def test_answers_are_the_same_each_time(hostile: HostileSide, name: str) -> None:
    first, second = (asked(hostile, f"/case/{name}/{variant}") for variant in (0, 7))
    assert first == second
    with HostileSide() as other:
        third = asked(other, f"/case/{name}/0")
    assert third.replace(*[it.authority.split(":")[1].encode() for it in (other, hostile)]) == first


def test_a_good_page_and_a_connection_that_is_kept(hostile: HostileSide) -> None:
    assert GOOD in asked(hostile, "/good/5").decode()
    address, port = hostile.authority.split(":")
    with socket.create_connection((address, int(port)), timeout=10) as connection:
        request = f"GET /good/1 HTTP/1.1\r\nHost: {hostile.authority}\r\n\r\n".encode()
        connection.sendall(request * 3)
        connection.shutdown(socket.SHUT_WR)
        got = b""
        while piece := connection.recv(65_536):
            got += piece
    assert got.count(GOOD.encode()) == 3
    assert SMUGGLED.encode() not in got


def test_requests_under_another_name_are_noted(hostile: HostileSide) -> None:
    asked(hostile, "/good/1")
    assert hostile.intrusions == []
    asked(hostile, "/inside", host="127.1")
    assert hostile.intrusions == ["127.1 /inside"]


def test_closes_at_once_whatever_is_under_way() -> None:
    server = HostileSide()
    before = threading.active_count()
    address, port = server.authority.split(":")
    open_connections = []
    for name in ("silence", "endless-body", "body-drip", "redirect-slow", "50-mb-page", None):
        connection = socket.create_connection((address, int(port)), timeout=10)
        if name:
            connection.sendall(f"GET /case/{name}/0 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        open_connections.append(connection)
    while threading.active_count() < before + len(open_connections):
        time.sleep(0.005)
    began = time.monotonic()
    server.close()
    server.close()
    assert time.monotonic() - began < 1
    assert threading.active_count() < before
    for connection in open_connections:
        connection.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((address, int(port)), timeout=10)
