"""Times as Korean pages print them: every form is read, nothing is guessed, the machine's zone is no matter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dates import KST, SKEW, parse_stamp, parse_time

NOW = datetime(2026, 9, 27, 10, 30, tzinfo=KST)


@pytest.fixture(autouse=True, params=["America/New_York", "Asia/Kolkata"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _said(text: str | None, now: datetime = NOW) -> str | None:
    found = parse_time(text, now=now)
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("20260927095437", "2026-09-27T09:54:37+09:00"),
        ("202609270954", "2026-09-27T09:54:00+09:00"),
        ("2026. 9. 27. 09:54", "2026-09-27T09:54:00+09:00"),
        ("2026.02.12. 오전 10:30", "2026-02-12T10:30:00+09:00"),
        ("2023.09.07. 오후 12:22", "2023-09-07T12:22:00+09:00"),
        ("2026-02-12 10:30:13", "2026-02-12T10:30:13+09:00"),
        ("입력 2025.05.15 20:00 수정 2025.05.15 20:57 4면", "2025-05-15T20:00:00+09:00"),
        ("입력 : 2025-06-04 02:37:08", "2025-06-04T02:37:08+09:00"),
        ("기사입력 :[ 2018-08-25 15:24 ]", "2018-08-25T15:24:00+09:00"),
        ("기사입력 2013-10-24 03:00:00 기사수정 2013-10-25 04:00:00", "2013-10-24T03:00:00+09:00"),
        ("송고시간 2023-04-20 13:24:13", "2023-04-20T13:24:13+09:00"),
        ("송고2026-01-06 16:46", "2026-01-06T16:46:00+09:00"),
        ("등록: 2026.01.06 오후 17:25", "2026-01-06T17:25:00+09:00"),
        ("입력 2026.01.06 (17:45)", "2026-01-06T17:45:00+09:00"),
        ("2025년 12월 26일 15시 12분", "2025-12-26T15:12:00+09:00"),
        ("2025년 12월 26일 15시 12분 33초", "2025-12-26T15:12:33+09:00"),
        ("2025년 12월 26일 오후 3시", "2025-12-26T15:00:00+09:00"),
        ("2026. 9. 27. (일) 09:54", "2026-09-27T09:54:00+09:00"),
        ("2026년 9월 27일(일) 오전 9시 54분", "2026-09-27T09:54:00+09:00"),
        ("2026/09/26 23:59", "2026-09-26T23:59:00+09:00"),
        ("2026.09.27", "2026-09-27T00:00:00+09:00"),
        ("2026-01-06 05:30 PM", "2026-01-06T17:30:00+09:00"),
        ("2025-05-15T20:00:52.000+0900", "2025-05-15T20:00:52+09:00"),
        ("2020-08-27T20:27:29+09:00", "2020-08-27T20:27:29+09:00"),
        ("2023-04-20T04:24:13Z", "2023-04-20T04:24:13+00:00"),
        ("2023-04-20t04:24:13z", "2023-04-20T04:24:13+00:00"),
        ("2023-04-19T23:24:13-0500", "2023-04-19T23:24:13-05:00"),
        ("2026-09-27 09:54 (KST)", "2026-09-27T09:54:00+09:00"),
        ("2016-12-31 23:59:60", "2016-12-31T23:59:59+09:00"),
        ("2026-13-01 입력 2026-01-02 10:00", "2026-01-02T10:00:00+09:00"),
    ],
)
def test_printed_time(printed: str, iso: str) -> None:
    assert _said(printed) == iso


@pytest.mark.parametrize(
    ("printed", "clock"),
    [
        ("오전 12:10", "00:10"), ("오전 0:10", "00:10"), ("오전 11:59", "11:59"),
        ("오후 12:10", "12:10"), ("오후 0:10", "12:10"), ("오후 1:05", "13:05"),
        ("오후 17:25", "17:25"), ("am 12:00", "00:00"), ("PM 11:00", "23:00"),
    ],
)  # fmt: skip
def test_halves_of_the_day(printed: str, clock: str) -> None:
    assert _said(f"2026.09.20 {printed}") == f"2026-09-20T{clock}:00+09:00"


@pytest.mark.parametrize(
    ("printed", "now", "iso"),
    [
        ("12-01 23:26", "2025-12-02T00:10+09:00", "2025-12-01T23:26:00+09:00"),
        ("12-31 23:50", "2026-01-01T00:05+09:00", "2025-12-31T23:50:00+09:00"),
        ("01-01 00:30", "2025-12-31T23:45+09:00", "2025-01-01T00:30:00+09:00"),
        ("01-01 00:10", "2025-12-31T15:20+00:00", "2026-01-01T00:10:00+09:00"),
        ("02-29 10:00", "2025-02-01T09:00+09:00", "2024-02-29T10:00:00+09:00"),
        ("12월 1일 오후 11:26", "2026-09-27T10:30+09:00", "2025-12-01T23:26:00+09:00"),
    ],
)
def test_time_without_a_year_is_the_last_one(printed: str, now: str, iso: str) -> None:
    found = parse_time(printed, now=datetime.fromisoformat(now))
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    ("printed", "ago"),
    [
        ("방금", timedelta(0)), ("방금 전", timedelta(0)), ("30초 전", timedelta(seconds=30)),
        ("12분전", timedelta(minutes=12)), ("22분 전", timedelta(minutes=22)),
        ("1시간전", timedelta(hours=1)), ("어제", timedelta(days=1)), ("그저께", timedelta(days=2)),
        ("3일 전", timedelta(days=3)), ("2주 전", timedelta(weeks=2)),
        ("5개월 전", timedelta(days=150)), ("2달 전", timedelta(days=60)), ("1년 전", timedelta(days=365)),
    ],
)  # fmt: skip
def test_relative_time_counts_from_the_fetch(printed: str, ago: timedelta) -> None:
    assert parse_time(printed, now=NOW) == NOW - ago


def test_named_day_with_a_clock() -> None:
    assert _said("어제 15:20") == "2026-09-26T15:20:00+09:00"
    assert _said("오늘 오전 9:12") == "2026-09-27T09:12:00+09:00"


@pytest.mark.parametrize(
    "garbage",
    [
        None, "", " ", "한빛일보", "김도윤 기자", "댓글 214", "오늘", "어제와 오늘", "2026-13-01",
        "2026-02-30 10:00", "2026-09-20 25:00", "2026-09-20 10:61", "2026-09-20 10:00:99",
        "2026-9-277", "12026-01-06", "0001-01-01 00:00Z", "1850. 2. 3. 10:00", "1899-12-31",
        "9999년 전", "9999주 전", "99999분 전", "1" * 400, "2026" * 100, "2026-" * 100, "\x00",
        "99-99 99:99", "26.09.27 09:54", "12:30", "20269999999999",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_none(garbage: str | None) -> None:
    assert parse_time(garbage, now=NOW) is None


@pytest.mark.parametrize("offset", ["+99:99", " +2400", "+1260", "-9999"])
def test_an_offset_that_cannot_be_is_left_out(offset: str) -> None:
    assert _said(f"2026-01-01 10:00{offset}") == "2026-01-01T10:00:00+09:00"


def test_a_little_ahead_is_skew_and_more_is_wrong() -> None:
    late, later = NOW + SKEW - timedelta(minutes=1), NOW + SKEW + timedelta(minutes=1)
    assert parse_time(late.strftime("%Y-%m-%d %H:%M"), now=NOW) == late
    assert parse_time(later.strftime("%Y-%m-%d %H:%M"), now=NOW) is None
    assert parse_stamp(later.strftime("%Y%m%d%H%M%S"), now=NOW) is None
    assert parse_time("2027-01-01", now=NOW) is None


def test_zone_of_the_publisher_holds_where_none_is_named() -> None:
    paris = ZoneInfo("Europe/Paris")
    found = parse_time("2026-07-01 12:00", now=NOW, zone=paris)
    assert found == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("20260927095437", "2026-09-27T09:54:37+09:00"),
        ("202609270954", "2026-09-27T09:54:00+09:00"),
        ("/v/20260927095437316", "2026-09-27T09:54:37+09:00"),
        ("VYETrUNFKN", None), ("2026092709", None), ("20261327095437", None), ("", None), (None, None),
        ("1" * 400, None), ("1758932400000", None),
    ],
)  # fmt: skip
def test_stamp(text: str | None, iso: str | None) -> None:
    found = parse_stamp(text, now=NOW)
    assert (found.isoformat() if found else None) == iso


_pieces = st.sampled_from(
    ["2026", "9", "27", "0", "99", ".", "-", "/", ":", " ", "T", "Z", "+", "년", "월", "일", "시", "분", "전",
     "오전", "오후", "PM", "(", ")", "시간", "어제", "9" * 20]
)  # fmt: skip


_BOUNDS = datetime(2000, 1, 1), datetime(2090, 1, 1)  # noqa: DTZ001 (hypothesis wants them naive)


@given(
    text=st.one_of(st.text(max_size=40), st.lists(_pieces, max_size=16).map("".join)),
    now=st.datetimes(*_BOUNDS, timezones=st.just(timezone(timedelta(hours=-3)))),
)
@settings(deadline=None, max_examples=150)
def test_never_raises_and_never_says_naive_or_future(text: str, now: datetime) -> None:
    for found in (parse_time(text, now=now), parse_stamp(text, now=now)):
        if found is not None:
            assert found.tzinfo is not None
            assert found <= now + SKEW
