"""What may be asked for: pages, feeds, sitemaps; each with its media types, and how large it may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Media:
    """A kind of document: `types` are the media types it may be called.

    With `packed` a body that is gzip by itself, without a Content-Encoding, is unpacked. `least` bytes are
    read where `[pipeline] max_bytes` allows fewer. Of a `raw` document no text is made.
    """

    name: str
    accept: str
    types: re.Pattern[str]
    packed: bool = False
    least: int = 0
    raw: bool = False

    def may_be(self, content_type: str) -> bool:
        """May a document of this kind be called so?"""
        return self.types.fullmatch(content_type) is not None

    def is_packed(self, body: bytes) -> bool:
        """Is this body gzip that nobody declared as an encoding?"""
        return self.packed and body.startswith(_GZIP_MAGIC)


_TEXT = r"text/html|application/xhtml\+xml|text/plain|application/xml|text/xml"

PAGE: Final = Media(
    "page", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1", re.compile(_TEXT)
)  # fmt: skip
FEED: Final = Media(
    "feed",
    "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.1",
    re.compile(
        rf"{_TEXT}|(?:application|text)/(?:[\w.-]{{1,40}}\+)?(?:xml|json|rss|atom|rdf)|text/javascript|"
        r"(?:application|binary)/octet-stream|application/(?:x-)?gzip"
    ),
    packed=True,
)
"""Servers call feeds by many names; what it is, its first characters tell."""

ANY: Final = Media(
    "page, feed or sitemap",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    re.compile(rf"{FEED.types.pattern}|(?:application|text)/(?:x-)?opml(?:\+xml)?"),
    packed=True,
)
"""An address that somebody typed, before it is known what stands there."""

SITEMAP: Final = Media(
    "sitemap",
    "application/xml,text/xml;q=0.9,application/gzip;q=0.8,*/*;q=0.1",
    re.compile(
        rf"{_TEXT}|application/(?:x-)?gzip|(?:application|binary)/octet-stream|application/[\w.-]{{1,40}}\+xml"
    ),
    packed=True,
    least=52_428_800,
    raw=True,
)
"""At most 50 MiB unpacked, as https://www.sitemaps.org/protocol.html#index has it."""
