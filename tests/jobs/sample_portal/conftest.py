"""Fixtures of the sample portal's tests: a portal on a free port, and a small client for it."""

import gzip
import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from jobs.sample_portal import SamplePortal


@dataclass(frozen=True)
class Got:
    status: int
    headers: http.client.HTTPMessage
    raw: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.raw) if packed else self.raw).decode()


Get = Callable[..., Got]


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running


@pytest.fixture
def get(portal: SamplePortal) -> Iterator[Get]:
    """`get("/politics", method="HEAD", **headers)`: header names with _ for -; one connection."""
    connection = http.client.HTTPConnection(urlsplit(portal.base_url).netloc, timeout=10)

    def fetch(path: str, method: str = "GET", **headers: str) -> Got:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=named)
        response = connection.getresponse()
        return Got(response.status, response.headers, response.read())

    yield fetch
    connection.close()
