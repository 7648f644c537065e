"""Parquet: the record with its types, its lists as lists; some thousand articles a row group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from types import TracebackType
from typing import Any, BinaryIO, Self

import pyarrow as pa
from pyarrow import parquet

from pipeline.record_json import RECORD_FIELDS

ROWS_A_GROUP = 1000
"""Articles that are held until they are written together: some ten megabytes."""

_TEXT, _TIME = pa.string(), pa.timestamp("us", tz="UTC")


def _struct(*names: str, **others: pa.DataType) -> pa.DataType:
    return pa.struct(dict.fromkeys(names, _TEXT) | others)


_TYPES: Mapping[str, pa.DataType] = {
    "labels": pa.list_(_TEXT),
    "summary": _struct("text", "by"),
    "body": pa.list_(_struct("type", "text")),
    "images": pa.list_(_struct("url", "caption", "credit")),
    "authors": pa.list_(_struct("name", "email", "role")),
    "keywords": pa.list_(_TEXT),
    "published_at": _TIME,
    "modified_at": _TIME,
    "related": pa.list_(_struct("headline", "url")),
    "rights": _struct(
        "notice", "holder", "license_url",
        uses=_struct("redistribute", "tdm", "ai_train"),
        signals=pa.list_(_struct("type", "value", seen_at=_TIME)),
    ),
    "first_seen_at": _TIME,
    "last_seen_at": _TIME,
    "fetched_at": _TIME,
    "removed_at": _TIME,
    "revision": pa.int32(),
    "warnings": pa.list_(_TEXT),
}  # fmt: skip
_TIMES = tuple(name for name, kind in _TYPES.items() if kind == _TIME)


@cache
def schema() -> pa.Schema:
    """Return the columns: the fields of the record, in its order; those that are not named above are text."""
    return pa.schema([(name, _TYPES.get(name, _TEXT)) for name in RECORD_FIELDS])


class Table:
    """A Parquet file, written as records come. Use it as a context manager: its end writes the footer."""

    def __init__(self, sink: BinaryIO, about: Mapping[str, str]) -> None:
        """Write to an open file; `about` goes into the file's own key-value metadata."""
        self._writer = parquet.ParquetWriter(
            sink, schema().with_metadata(dict(about)), compression="zstd"
        )
        self._held: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if error is None:
            self._write()
            self._writer.close()
            return
        with suppress(Exception):  # the file is thrown away; what went wrong first is what is told
            self._writer.close()

    def add(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add records as `pipeline.record_json.record` gives them."""
        self._held += map(_row, records)
        if len(self._held) >= ROWS_A_GROUP:
            self._write()

    def _write(self) -> None:
        if self._held:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._held, schema=schema()))
            self._held = []


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: _moment(record[name]) for name in _TIMES}
    rights = record["rights"]
    signals = [it | {"seen_at": _moment(it["seen_at"])} for it in rights["signals"]]
    return {**record, **times, "rights": {**rights, "signals": signals}}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
