"""Parquet: what is read back is the record, with types, in row groups that do not grow."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from pipeline.exporting import columns
from pipeline.record_json import RECORD_FIELDS

TIMES = {"published_at", "modified_at", "first_seen_at", "last_seen_at", "fetched_at", "removed_at"}


def written(*records: dict[str, Any]) -> io.BytesIO:
    sink = io.BytesIO()
    with columns.Table(sink, {"gisa": "test"}) as table:
        for record in records:
            table.add([record])
    return io.BytesIO(sink.getvalue())


def test_what_is_read_back_is_the_record(full: dict[str, Any], bare: dict[str, Any]) -> None:
    read = parquet.read_table(written(full, bare))
    assert read.column_names == list(RECORD_FIELDS)
    for found, given in zip(read.to_pylist(), (full, bare), strict=True):
        for name in RECORD_FIELDS:
            if name in TIMES:
                said = given[name]
                assert found[name] == (datetime.fromisoformat(said) if said else None)
            elif name == "rights":
                signals = [it["seen_at"] for it in found["rights"].pop("signals")]
                expected = given["rights"] | {}
                assert signals == [
                    datetime.fromisoformat(it["seen_at"]) for it in expected.pop("signals")
                ]
                assert found["rights"] == expected
            else:
                assert found[name] == given[name], name


def test_times_are_utc_and_lists_are_lists() -> None:
    schema = columns.schema()
    assert {
        name for name in schema.names if schema.field(name).type == pa.timestamp("us", "UTC")
    } == (TIMES)
    assert schema.field("authors").type.value_type.field("email").type == pa.string()


def test_rows_are_written_as_they_come(
    full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "ROWS_A_GROUP", 3)
    file = parquet.ParquetFile(written(*[full] * 8))
    groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
    assert groups == [3, 3, 2]
    assert file.schema_arrow.metadata[b"gisa"] == b"test"


def test_a_file_of_nothing_has_its_columns() -> None:
    read = parquet.read_table(written())
    assert (read.num_rows, read.column_names) == (0, list(RECORD_FIELDS))
