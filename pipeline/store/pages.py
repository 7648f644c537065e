"""Bytes of pages: each content once, by its hash, packed with another page of its host as dictionary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import zstandard
from sqlite_utils import Database

from pipeline.errors import PageDamaged
from pipeline.store.connection import Connection
from pipeline.store.storable import storable
from pipeline.store.times import stamp
from pipeline.urls import authority

_LEVEL = 6
"""Of zstd: levels above take twice the time for two hundredths of the size (decision 0018)."""
_RENEWED = timedelta(days=7)
"""Age at which a host gets another dictionary: templates change."""
_DROPPED = _RENEWED + timedelta(days=1)
"""Age from which on one that no page needs goes: nobody who packs a page just now can have chosen it."""
_DICTIONARY_MOST = 512 * 1024
_KNOWN_MOST = 16  # dictionaries held in memory


@dataclass(frozen=True, slots=True)
class Packed:
    """A page ready to be written: hash and size of its bytes, and how they were packed."""

    digest: str
    size: int
    zstd: bytes
    dictionary: int | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was deleted: pages, and the bytes (packed) that SQLite may use again."""

    pages: int = 0
    bytes: int = 0

    def __add__(self, other: Pruned) -> Pruned:
        return Pruned(self.pages + other.pages, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """A dictionary made ready: what unpacks with it, and what packs."""

    content: zstandard.ZstdCompressionDict
    packer: zstandard.ZstdCompressor


@dataclass(frozen=True)
class Pages:
    """Tables `pages` and `dictionaries`."""

    store: Connection
    _known: dict[int, _Dictionary] = field(default_factory=dict)

    def pack(self, body: bytes, url: str, at: datetime) -> Packed:
        """Return the bytes packed. Do it before the transaction that writes them: it is work for the CPU.

        The first page of a host in a week becomes the dictionary of the others, and of itself.
        """
        host = storable(authority(url))
        number = self._newest_of(host, at)
        if number is None and body:
            number = self._new_dictionary(body, host, at)
        try:
            if number is not None:
                packer = self._dictionary(number).packer
                return Packed(_digest(body), len(body), packer.compress(body), number)
        except zstandard.ZstdError:
            pass  # a damaged dictionary costs the pages that were packed with it, no more
        return self.pack_alone(body)

    def pack_alone(self, body: bytes) -> Packed:
        """Return the bytes packed without a dictionary: for pages of another kind, and to be kept for long."""
        return Packed(_digest(body), len(body), zstandard.compress(body, _LEVEL))

    def write(self, db: Database, page: Packed) -> None:
        """Write a page, unless its content is there already."""
        db.conn.execute(
            "INSERT OR IGNORE INTO pages (hash, size, packed, dictionary, zstd) VALUES (?, ?, ?, ?, ?)",
            [page.digest, page.size, len(page.zstd), page.dictionary, page.zstd],
        )

    def read(self, digest: str) -> bytes:
        """Return the bytes of a page.

        Raises:
            KeyError: no page has this hash.
            PageDamaged: they are not what was written.
        """
        rows = self.store.rows("SELECT size, dictionary, zstd FROM pages WHERE hash = ?", [digest])
        if not rows:
            raise KeyError(digest)
        packed, number = rows[0]["zstd"], rows[0]["dictionary"]
        try:
            # first the size: a damaged head could ask for all the memory there is
            if zstandard.frame_content_size(packed) != rows[0]["size"]:
                raise PageDamaged(digest, "another size than was written")
            used = None if number is None else self._dictionary(number).content
            body = zstandard.ZstdDecompressor(dict_data=used).decompress(packed)
        except zstandard.ZstdError as error:
            raise PageDamaged(digest, str(error)) from None
        if _digest(body) != digest:
            raise PageDamaged(digest, "other bytes than were written")
        return body

    def drop_unused(self, db: Database, digests: Iterable[str]) -> Pruned:
        """Delete those of these pages that nothing refers to."""
        freed = [
            row[0]
            for digest in digests
            for row in db.conn.execute(
                "DELETE FROM pages WHERE hash = ? AND hash NOT IN (SELECT page FROM snapshots)"
                " AND hash NOT IN (SELECT page FROM quarantine) RETURNING packed",
                [digest],
            )
        ]
        return Pruned(len(freed), sum(freed))

    def drop_dictionaries(self, db: Database, now: datetime) -> None:
        """Delete the dictionaries that no page needs and that no page will be packed with."""
        db.conn.execute(
            "DELETE FROM dictionaries WHERE made_at < ? AND id NOT IN"
            " (SELECT dictionary FROM pages WHERE dictionary NOT NULL)",
            [stamp(now - _DROPPED)],
        )

    def _newest_of(self, host: str, at: datetime) -> int | None:
        rows = self.store.rows(
            "SELECT id FROM dictionaries WHERE host = ? AND made_at > ? ORDER BY id DESC LIMIT 1",
            [host, stamp(at - _RENEWED)],
        )
        return rows[0]["id"] if rows else None

    def _new_dictionary(self, body: bytes, host: str, at: datetime) -> int:
        packed = zstandard.compress(body[:_DICTIONARY_MOST], _LEVEL)
        with self.store.writing() as db:
            added = db.conn.execute(
                "INSERT INTO dictionaries (host, made_at, zstd) VALUES (?, ?, ?)",
                [host, stamp(at), packed],
            )
            return int(added.lastrowid or 0)

    def _dictionary(self, number: int) -> _Dictionary:
        """Return a dictionary: kept in memory, since to prepare one takes longer than to use it."""
        known = self._known.get(number)
        if known is None:
            (row,) = self.store.rows("SELECT zstd FROM dictionaries WHERE id = ?", [number])
            body = zstandard.decompress(row["zstd"], max_output_size=_DICTIONARY_MOST)
            content = zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
            content.precompute_compress(level=_LEVEL)
            packer = zstandard.ZstdCompressor(level=_LEVEL, dict_data=content)
            known = _Dictionary(content, packer)
            if len(self._known) >= _KNOWN_MOST:
                self._known.pop(next(iter(self._known)))
            self._known[number] = known
        return known


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
