"""The sample portal's pages as a web archive: what a crawler would have written down, without a server."""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jobs.sample_portal.newsroom import Newsroom
from jobs.sample_portal.pages import Pages
from jobs.sample_portal.site import Site

BASE_URL = "https://portal.example"


@dataclass(frozen=True, slots=True)
class Archived:
    """One answer to be written: a page, when it was fetched, and with which head it came."""

    url: str
    body: bytes
    at: datetime
    headers: dict[str, str] = field(
        default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"}
    )
    status: str = "200 OK"

    def record(self, kind: str = "response", length: int | None = None) -> bytes:
        """Return the record; `length` is a wrong one to claim."""
        head = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        block = f"HTTP/1.1 {self.status}\r\n{head}\r\n".encode() + self.body
        number = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.url} {self.at} {kind}")
        said = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Date: {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\r\n"
            f"WARC-Target-URI: {self.url}\r\nWARC-Block-Digest: {_digest(block)}\r\n"
            f"WARC-Payload-Digest: {_digest(self.body)}\r\nContent-Type: application/http; msgtype={kind}\r\n"
            f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
        )
        return said.encode() + block + b"\r\n\r\n"


def _digest(content: bytes) -> str:
    """Archives tell what they hold; some readers take no record that does not."""
    return (
        f"sha1:{base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()}"
    )


def pages_of(
    newsroom: Newsroom, *, page_weight: int = 0, base_url: str = BASE_URL
) -> Iterator[Archived]:
    """Yield every article page that is online, oldest first, fetched a second apart from `newsroom.now` on."""
    pages = Pages(Site(base_url, newsroom, page_weight=page_weight))
    for number, article_id in enumerate(reversed(newsroom.ids())):
        at = newsroom.now + timedelta(seconds=number)
        yield Archived(f"{base_url}/v/{article_id}", pages.at(f"/v/{article_id}").body, at)


def packed(records: Iterable[bytes]) -> bytes:
    """Return a web archive as crawlers pack it: each record a gzip member of its own."""
    return b"".join(gzip.compress(record, 6, mtime=0) for record in records)
