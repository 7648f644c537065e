"""Web archives as they lie on disks: whole, cut, with garbage in them, and with lengths that lie."""

from __future__ import annotations

import gzip
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.sample_portal.warc import Archived, packed
from pipeline.importing.found import EVERYTHING, Found, Item, Only, Start
from pipeline.importing.warc import Archive

AT = datetime(2026, 9, 27, 1, tzinfo=UTC)
MOST = 100_000
BEGINNING = Start()
HTML = b"<!doctype html><title>x</title><p>" + "글".encode() * 500


def answer(number: int, **changes: object) -> Archived:
    return replace(Archived(f"https://p.example/{number}", HTML, AT), **changes)  # type: ignore[arg-type]


RECORDS = [answer(number).record() for number in range(10)]
NOISE = random.Random(7).randbytes(5000)
ODD = answer(99)


def read(
    path: Path, content: bytes, start: Start = BEGINNING, only: Only = EVERYTHING
) -> list[Item]:
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(Archive(file, len(content), MOST, only).pages(start))


def urls(items: list[Item]) -> list[str]:
    return [item.url for item in items if isinstance(item, Found)]


def outcomes(items: list[Item]) -> Counter[str]:
    return Counter("page" if isinstance(item, Found) else item.outcome for item in items)


ALL = [f"https://p.example/{number}" for number in range(10)]
Layout = Callable[[list[bytes]], bytes]
LAYOUTS: dict[str, Layout] = {"members": packed, "plain": b"".join}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest) -> Layout:
    return LAYOUTS[request.param]


def whole(records: list[bytes]) -> bytes:
    return gzip.compress(b"".join(records))


@pytest.mark.parametrize("write", [packed, b"".join, whole])
def test_every_layout_is_read(tmp_path: Path, write: Layout) -> None:
    items = read(tmp_path / "a", write(RECORDS))
    assert urls(items) == ALL
    assert [item.number for item in items] == list(range(1, 11))
    first = items[0]
    assert isinstance(first, Found)
    assert (first.body, first.fetched_at, first.kind) == (HTML, AT, "response")
    assert (b"Content-Type", b"text/html; charset=utf-8") in first.headers


@pytest.mark.parametrize("write", [packed, b"".join, whole])
@pytest.mark.parametrize("done", [0, 1, 6, 9])
def test_reading_goes_on_behind_what_is_done(tmp_path: Path, write: Layout, done: int) -> None:
    content = write(RECORDS)
    items = read(tmp_path / "a", content)
    last = items[done]
    rest = read(tmp_path / "a", content, Start(last.position, last.number))
    assert urls(rest) == ALL[done + 1 :]
    assert rest == items[done + 1 :]


def test_garbage_between_records_costs_no_record(tmp_path: Path, layout: Layout) -> None:
    for noise in (NOISE, bytes(3000), b"\x1f\x8b\x08" * 100, b"WARC/1.0\r\nnothing\r\n\r\n"):
        items = read(tmp_path / "a", layout(RECORDS[:4]) + noise + layout(RECORDS[4:]))
        assert urls(items) == ALL
        assert outcomes(items) == {"page": 10, "damaged": 1}


def test_garbage_before_the_first_record(tmp_path: Path) -> None:
    items = read(tmp_path / "a", b"".join([NOISE, *RECORDS]))
    assert urls(items) == ALL


def test_one_that_is_damaged_within_costs_itself(tmp_path: Path) -> None:
    members = [packed([record]) for record in RECORDS]
    middle = len(members[4]) // 2
    members[4] = members[4][:middle] + bytes(20) + members[4][middle + 20 :]
    items = read(tmp_path / "a", b"".join(members))
    assert urls(items) == ALL[:4] + ALL[5:]
    assert outcomes(items)["damaged"] == 1


def test_an_import_that_was_stopped_at_damage_meets_it_once(tmp_path: Path, layout: Layout) -> None:
    content = layout(RECORDS[:4]) + NOISE + layout(RECORDS[4:])
    items = read(tmp_path / "a", content)
    for number, item in enumerate(items, 1):
        rest = read(tmp_path / "a", content, Start(item.position, item.number))
        assert rest == items[number:]


def test_a_file_that_ends_too_early_loses_its_last_record(tmp_path: Path, layout: Layout) -> None:
    content = layout(RECORDS)
    for cut in (len(layout(RECORDS[:1])) // 2, 60):
        items = read(tmp_path / "a", content[:-cut])
        assert urls(items) == ALL[:9]
        assert outcomes(items) == {"page": 9, "damaged": 1}


@pytest.mark.parametrize("length", [10**18, len(HTML) + 5000, 300, -5])
def test_a_wrong_length_costs_no_other_record(tmp_path: Path, layout: Layout, length: int) -> None:
    records = [*RECORDS[:4], ODD.record(length=length), *RECORDS[4:]]
    items = read(tmp_path / "a", layout(records))
    assert [url for url in urls(items) if url != ODD.url] == ALL
    assert outcomes(items)["damaged"] == 1


def test_what_a_length_swallowed_is_cut_off(tmp_path: Path, layout: Layout) -> None:
    records = [ODD.record(length=len(HTML) + 5000), *RECORDS]
    first = read(tmp_path / "a", layout(records))[0]
    assert isinstance(first, Found)
    assert first.body.rstrip(b"\r\n") == HTML


def test_a_bomb_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    bomb = packed([replace(ODD, body=bytes(50_000_000)).record()])
    items = read(tmp_path / "a", packed(RECORDS[:4]) + bomb + packed(RECORDS[4:]))
    assert outcomes(items) == {"page": 10, "too_large": 1}


def test_only_answers_that_may_be_pages_are_taken(tmp_path: Path) -> None:
    odd = {
        "not_200": [answer(20, status="302 Found"), answer(21, status="404 Not Found")],
        "not_html": [answer(22, headers={"Content-Type": "image/png"})],
        "no_url": [answer(0, url="urn:x"), answer(0, url="ftp://p.example/")],
        "page": [answer(23, headers={}), answer(24, headers={"content-type": "TEXT/HTML;x"})],
    }
    records = [it.record() for its in odd.values() for it in its]
    records += [ODD.record("request"), ODD.record("metadata"), ODD.record("revisit")]
    records.append(ODD.record().replace(b"WARC-Date: 2026", b"WARC-Date: soon"))
    records.append(ODD.record().replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date"))
    records.append(ODD.record().replace(b"HTTP/1.1 200 OK", b"HELLO"))
    items = read(tmp_path / "a", packed(records))
    counts = {name: len(its) for name, its in odd.items()}
    assert outcomes(items) == counts | {
        "revisit": 1, "bad_date": 1, "truncated": 1, "bad_head": 1,
    }  # fmt: skip


def test_pages_that_are_not_wanted_are_not_read(tmp_path: Path) -> None:
    only = Only(since=AT, until=AT.replace(hour=2), domains=("p.example",), latest=AT)
    odd = [
        answer(1, at=AT.replace(hour=0)), answer(2, at=AT.replace(hour=2)),
        answer(0, url="https://other.example/"), answer(0, url="https://notp.example/"),
        answer(0, url="https://www.p.example/"), answer(3, at=AT.replace(year=1970)),
    ]  # fmt: skip
    items = read(tmp_path / "a", packed([it.record() for it in odd]), only=only)
    assert outcomes(items) == {"other_time": 1, "bad_date": 2, "other_domain": 2, "page": 1}
    assert urls(items) == ["https://www.p.example/"]


def test_a_file_of_another_kind_has_no_page(tmp_path: Path) -> None:
    for content in (HTML, gzip.compress(HTML), NOISE):
        assert outcomes(read(tmp_path / "a", content)) == {"damaged": 1}
    assert read(tmp_path / "a", b"") == []
