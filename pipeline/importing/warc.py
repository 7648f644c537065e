"""Web archives: what servers answered, record by record, past whatever is damaged in the file.

fastwarc reads records and unpacks members. It stops where a file is damaged; we go on at the next place where
a record begins. A record is held in memory up to a bound, whatever length it claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from pipeline.importing.found import EVERYTHING, Found, Item, Only, Passed, Start, header
from pipeline.importing.next_record import begins_record, next_record
from pipeline.urls import absolute

_HEAD_MOST = 64 * 1024
"""Bytes of the head of an answer."""
_HTML = ("text/html", "application/xhtml+xml")
_OF_NO_PAGE = WarcRecordType.warcinfo | WarcRecordType.request | WarcRecordType.metadata
_DEFLATED_MOST = 1032  # times its own size: deflate packs no better
_NEXT_HEAD = b"\r\n\r\nWARC/1."


@dataclass(frozen=True, slots=True)
class Archive:
    """An open web archive. `most` is how many bytes a page may have, `size` those of the file."""

    file: BinaryIO
    size: int
    most: int
    only: Only = EVERYTHING

    def pages(self, start: Start) -> Iterator[Item]:
        """Yield pages and what is passed over, in the order of the file; damage is passed over, too.

        Damage has a number and a place of its own, a byte behind the record after which it was met, so that
        one can go on behind it.
        """
        at, number, is_told = self._beginning(start)
        while at is not None:
            damage = None
            self.file.seek(at)
            try:
                for record in ArchiveIterator(
                    self.file, parse_http=False, max_header_len=_HEAD_MOST
                ):
                    number, at, is_told = number + 1, record.stream_pos, _lacks_head(record)
                    item = self._item(record, at, number) if number > start.number else None
                    if item is not None:
                        yield item
                    if self._is_boundless(record):
                        damage = self._impossible(record)
                        break
            except OSError as error:
                damage = str(error)
            further = next_record(self.file, at + 1)
            if damage is None and further is None:
                return
            damage = "reading ended here" if damage is None else damage
            if damage and not is_told:  # else it is the same one, and no record was read since
                number, is_told = number + 1, True
                if number > start.number:
                    yield Passed("damaged", at + 1, number, f"behind byte {at}: {damage[:200]}")
            at = further

    def _beginning(self, start: Start) -> tuple[int | None, int, bool]:
        """Return where to read on, how many records and places of damage are before it, and whether the last of
        these was damage.

        In a file that is packed as a whole no record can be found by its place: those before are unpacked
        again, though not parsed.
        """
        if start.number and begins_record(self.file, start.position):
            return start.position, start.number - 1, False
        if start.number and start.position and begins_record(self.file, start.position - 1):
            return next_record(self.file, start.position), start.number, True
        return 0, 0, False

    def _is_boundless(self, record: WarcRecord) -> bool:
        """Would to skip the rest of this record mean to unpack far more than a page, or to leave the file?"""
        return record.content_length > max(self.size, 64 * self.most)

    def _impossible(self, record: WarcRecord) -> str:
        """Return what is wrong where so much cannot be in the file, however well it is packed."""
        is_too_long = record.content_length > _DEFLATED_MOST * self.size
        return f"a record claims {record.content_length} bytes" if is_too_long else ""

    def _item(self, record: WarcRecord, at: int, number: int) -> Item | None:
        kind = record.record_type
        if _lacks_head(record):
            said = f"at byte {at}: a record without the head of one"
            return Passed("damaged", at, number, said)
        if kind & _OF_NO_PAGE:
            return None
        if kind == WarcRecordType.revisit:
            return Passed("revisit", at, number)
        if kind not in (WarcRecordType.response, WarcRecordType.resource):
            return Passed("other_record", at, number)
        url, fetched_at = absolute("", _address(record)), record.record_date
        if url is None or fetched_at is None:
            return Passed("no_url" if url is None else "bad_date", at, number)
        if refusal := self.only.refusal(url, fetched_at):
            return Passed(refusal, at, number)
        headers = self._headers(record)
        if isinstance(headers, str):
            return Passed(headers, at, number)
        if record.content_length > self.most + _HEAD_MOST:
            return Passed("too_large", at, number)
        return self._page(record, Found(
            "response" if kind == WarcRecordType.response else "resource",
            at, number, b"", fetched_at, url, headers
        ))  # fmt: skip

    def _headers(self, record: WarcRecord) -> tuple[tuple[bytes, bytes], ...] | str:
        """Return the headers of an answer that may be a page, or what else it is."""
        if record.record_type == WarcRecordType.resource:
            kind_said = record.headers.get_bytes(b"Content-Type", b"") or b""
            headers: tuple[tuple[bytes, bytes], ...] = ((b"Content-Type", kind_said),)
        else:
            try:
                record.parse_http(max_header_len=_HEAD_MOST)
            except OSError:
                return "bad_head"
            status = record.http_headers.status_code
            if status is None:
                return "bad_head"
            if status != 200:
                return "not_200"
            headers = record.http_headers.items_bytes()
        kind = header(headers, b"content-type").split(";")[0].strip().lower()
        return "not_html" if kind and kind not in _HTML else headers

    def _page(self, record: WarcRecord, found: Found) -> Item:
        body = record.reader.read(self.most + 2 * _HEAD_MOST)
        if record.headers.get_bytes(b"WARC-Truncated"):
            return Passed("truncated", found.position, found.number)
        if record.reader.tell() < record.content_length:
            said = f"at byte {found.position}: the file ends within this record"
            return Passed("damaged", found.position, found.number, said)
        overrun = body.find(_NEXT_HEAD)
        if overrun >= 0:  # its length was wrong: the next record is found again behind it
            body = body[:overrun]
        return Found(
            found.kind, found.position, found.number, body, found.fetched_at, found.url, found.headers
        )  # fmt: skip


def _lacks_head(record: WarcRecord) -> bool:
    """Is this no record, or one whose head was cut off or is wrong?"""
    head = record.headers
    length = (head.get_bytes(b"Content-Length") or b"").strip()
    needs_url = record.record_type in (WarcRecordType.response, WarcRecordType.resource)
    has_url = not needs_url or head.get_bytes(b"WARC-Target-URI") is not None
    return not (length.isdigit() and has_url and head.get_bytes(b"WARC-Type"))


def _address(record: WarcRecord) -> str:
    """Return the address of a record; WARC/1.0 writers put it in angle brackets."""
    said = record.headers.get_bytes(b"WARC-Target-URI", b"") or b""
    return said.decode("utf-8", "replace").strip().removeprefix("<").removesuffix(">")
