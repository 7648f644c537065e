"""Kept pages: packed, read again exactly, bounded, and lost one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import zstandard

from pipeline.errors import LayoutChanged, PageDamaged
from pipeline.records import Article, Page
from pipeline.store import Store, open_store
from pipeline.store.pages import Pruned
from tests.pipeline.store.test_store_migrations import NAMES, fill, older

DAY = timedelta(days=1)
CP949 = "<html><p>뷁스럽게 펲시맨이 왔다</p></html>".encode("cp949")
ALWAYS = (timedelta(days=3660), 10**12)
FRAME = "<html><head><title>{0}</title></head><body>" + "<div class='틀'>메뉴 광고 자리</div>" * 200


def page(at: datetime, body: bytes | str, url: str = "http://h/v/1", **more: object) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    given = Page(url, raw.decode("utf-8", "replace"), at, raw=raw, content_type="text/html")
    return replace(given, **more)


@pytest.fixture
def keep(store: Store, article: Article) -> Callable[..., str]:
    """Store an article in a state, and its page; returns the id."""

    def kept(given: Page, number: int = 1, text: str = "글") -> str:
        its = replace(article, id=f"daum:{number}", text=text, fetched_at=given.fetched_at)
        its = replace(its, headline=f"제목 {text}")
        packed = store.archive.pack(given)
        assert packed is not None
        with store.writing():
            store.articles.save(its, "politics")
            store.archive.keep(its.id, "politics", given, packed)
        return its.id

    return kept


def count(store: Store, table: str) -> int:
    return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def test_a_page_comes_back_with_all_that_it_was_read_with(store, keep, noon) -> None:
    given = page(
        noon,
        CP949,
        content_type="text/html; charset=euc-kr",
        robots_tags=("noai", "noarchive"),
        site_signals=(("tdmrep", "1"), ("content-signal", "ai-train=no")),
        etag='"1"',
        body_hash="b",
        warnings=("redirected from https to http://h/v/1",),
    )
    keep(given)
    found = store.archive.newest("daum:1")
    assert found is not None
    assert found.page.raw == CP949
    assert "뷁스럽게 펲시맨이" in found.page.html
    assert found.page == replace(given, html=found.page.html, etag=None, body_hash=None)
    assert (found.article_id, found.source, found.parser) == ("daum:1", "politics", "daum/1")
    assert found.listed_url == "http://localhost/v/20260927095437316?f=m"


def test_bytes_are_decoded_by_the_rules_of_today(store, keep, noon) -> None:
    """Warnings of decoding come from decoding; what happened on the way was told once and is kept."""
    lied = page(noon, CP949, content_type="text/html; charset=windows-1252")
    lied = replace(lied, warnings=("on the way", "declared windows-1252, is cp949"))
    keep(lied)
    found = store.archive.newest("daum:1")
    assert found is not None
    assert found.page.warnings == ("on the way", "declared windows-1252, is cp949")
    (row,) = store.rows("SELECT warnings FROM snapshots")
    assert row["warnings"] == '["on the way"]'


def test_without_its_bytes_a_page_is_not_kept(store, noon) -> None:
    assert store.archive.pack(Page("http://h/v/1", "<p>글</p>", noon)) is None


def test_the_newest_page_of_each_state_is_kept(store, keep, noon) -> None:
    for hour, (text, counter) in enumerate([("글", 1), ("글", 2), ("고친 글", 3), ("고친 글", 4)]):
        keep(page(noon + timedelta(hours=hour), f"<p>{text}</p><i>{counter}</i>"), text=text)
    assert store.rows("SELECT revision, fetched_at FROM snapshots ORDER BY id") == [
        {"revision": 1, "fetched_at": "2026-09-27T04:00:00Z"},
        {"revision": 2, "fetched_at": "2026-09-27T06:00:00Z"},
    ]
    assert count(store, "pages") == 2
    earlier = store.archive.newest("daum:1", noon + timedelta(hours=1, minutes=30))
    assert earlier is not None
    assert "<i>2</i>" in earlier.page.html
    assert store.archive.newest("daum:1", noon) is None
    assert store.archive.newest("daum:2") is None


def test_the_same_bytes_are_kept_once_and_as_long_as_one_needs_them(store, keep, noon) -> None:
    body = FRAME.format("같은 면")
    keep(page(noon, body), 1)
    keep(page(noon + DAY, body, "http://h/v/2"), 2)
    error = LayoutChanged("http://h/v/3", "h3", expected=1, found=0)
    store.quarantine.keep(page(noon, body, "http://h/v/3"), "politics", error)
    assert (count(store, "pages"), count(store, "snapshots")) == (1, 2)
    assert store.archive.bytes() == 0  # the quarantine keeps it anyway
    assert store.archive.prune(noon + 2 * DAY, timedelta(hours=1), 10**9) == Pruned()
    assert (count(store, "pages"), count(store, "snapshots")) == (1, 0)
    assert store.quarantine.html(1) == body


def test_pages_of_a_host_share_their_frame(store, keep, noon) -> None:
    bodies = [FRAME.format(n) + f"<p>{hashlib.sha256(str(n).encode())}</p>" for n in range(5)]
    for number, body in enumerate(bodies):
        keep(page(noon, body), number)
    alone = len(zstandard.compress(bodies[0].encode(), 6))
    assert store.archive.bytes() < 5 * alone
    assert count(store, "dictionaries") == 1
    with open_store(store.path) as other:  # nothing of it is only in memory
        for number, body in enumerate(bodies):
            found = other.archive.newest(f"daum:{number}")
            assert found is not None
            assert found.page.html == body


def test_dictionaries_are_renewed_and_go_with_the_last_page(store, keep, noon) -> None:
    keep(page(noon, "<p>첫 주</p>"), 1)
    keep(page(noon + 6 * DAY, "<p>첫 주에 또</p>"), 2)
    keep(page(noon + 8 * DAY, "<p>둘째 주</p>"), 3)
    keep(page(noon, "<p>다른 곳</p>", "http://other/v/1"), 4)
    assert count(store, "dictionaries") == 3
    store.archive.prune(noon + 9 * DAY, 5 * DAY, 10**9)
    assert [row["host"] for row in store.rows("SELECT host FROM dictionaries")] == ["h", "h"]
    store.archive.prune(noon + 40 * DAY, 5 * DAY, 10**9)
    assert (count(store, "pages"), count(store, "dictionaries")) == (0, 0)


def test_a_damaged_dictionary_costs_its_pages_and_no_new_one(store, keep, noon) -> None:
    keep(page(noon, FRAME.format("옛 면")), 1)
    with store.writing() as db:
        db.execute("UPDATE dictionaries SET zstd = x'2831'")
    with open_store(store.path) as other:
        with pytest.raises(PageDamaged):
            other.archive.newest("daum:1")
        fresh = page(noon, FRAME.format("새 면"))
        packed = other.archive.pack(fresh)
        assert packed is not None
        with other.writing():
            other.archive.keep("daum:1", "politics", fresh, packed)
        found = other.archive.newest("daum:1")
        assert found is not None
        assert found.page.raw == fresh.raw


def test_too_old_pages_go_oldest_first(store, keep, noon) -> None:
    for number in range(6):
        keep(page(noon + number * DAY, f"<p>{number}</p>" * 50), number)
    pruned = store.archive.prune(noon + 6 * DAY, 3 * DAY, 10**9)
    assert pruned.pages == 3
    assert pruned.bytes > 0
    kept = [row["article_id"] for row in store.rows("SELECT article_id FROM snapshots ORDER BY id")]
    assert kept == ["daum:3", "daum:4", "daum:5"]
    assert store.archive.prune(noon + 6 * DAY, 3 * DAY, 10**9) == Pruned()
    assert store.articles.count() == 6


def test_the_budget_holds_and_costs_the_oldest(store, keep, noon) -> None:
    for number in range(20):
        noise = "".join(hashlib.sha256(f"{number} {i}".encode()).hexdigest() for i in range(40))
        keep(page(noon + number * timedelta(hours=1), noise), number)
    before = store.archive.bytes()
    budget = before // 2
    pruned = store.archive.prune(noon, *(ALWAYS[0], budget))
    assert store.archive.bytes() == before - pruned.bytes <= budget
    left = [row["article_id"] for row in store.rows("SELECT article_id FROM snapshots ORDER BY id")]
    assert left == [f"daum:{n}" for n in range(20 - len(left), 20)]
    assert len(left) >= 8
    assert store.archive.prune(noon, *(ALWAYS[0], budget)) == Pruned()


def test_a_bounded_look_clears_away_so_much_and_no_more(store, keep, noon) -> None:
    for number in range(7):
        keep(page(noon, f"<p>{number}</p>"), number)
    late = noon + 9 * DAY
    assert store.archive.prune(late, DAY, 10**9, most=3).pages == 3
    assert store.archive.prune(late, DAY, 10**9, most=3).pages == 3
    assert store.archive.prune(late, DAY, 10**9, most=3).pages == 1


def test_pages_that_nothing_refers_to_go_when_there_is_time(store, keep, noon) -> None:
    keep(page(noon, "<p>1</p>"))
    with store.writing() as db:
        db.execute("DELETE FROM snapshots")
    assert store.archive.prune(noon, *ALWAYS, most=100) == Pruned()
    assert store.archive.prune(noon, *ALWAYS).pages == 1
    assert count(store, "pages") == 0


@pytest.mark.parametrize(
    "damage",
    [
        "zstd = x'00'",
        "zstd = x''",
        "zstd = substr(zstd, 1, length(zstd) - 3)",
        "size = size + 1",
        "hash = 'f' || substr(hash, 2)",
    ],
)
def test_a_damaged_page_is_lost_alone(store, keep, noon, damage: str) -> None:
    keep(page(noon, FRAME.format("멀쩡한 면")), 1)
    keep(page(noon, FRAME.format("깨진 면") + "<p>글</p>" * 9), 2)
    with store.writing() as db:
        db.execute("PRAGMA defer_foreign_keys = ON")
        broken = store.rows("SELECT page FROM snapshots WHERE article_id = 'daum:2'")[0]["page"]
        db.execute(f"UPDATE pages SET {damage} WHERE hash = ?", [broken])
        (now,) = db.execute(
            "SELECT hash FROM pages WHERE hash NOT IN"
            " (SELECT page FROM snapshots WHERE article_id = 'daum:1')"
        ).fetchone()
        db.execute("UPDATE snapshots SET page = ? WHERE article_id = 'daum:2'", [now])
    with pytest.raises(PageDamaged, match=r"kept page \w+… is damaged.*restore a backup"):
        store.archive.newest("daum:2")
    sound = store.archive.newest("daum:1")
    assert sound is not None
    assert "멀쩡한 면" in sound.page.html


def test_a_page_of_the_quarantine_is_decoded_as_it_was_labelled(store, noon) -> None:
    error = LayoutChanged("http://h/v/1", "h3", expected=1, found=0)
    store.quarantine.keep(
        page(noon, CP949, content_type="text/html; charset=ks_c_5601-1987"), "politics", error
    )
    assert store.quarantine.html(1) == CP949.decode("cp949")


def test_pages_kept_by_an_older_gisa_are_there_afterwards(path: Path) -> None:
    html = "<html><head><meta charset='euc-kr'></head><p>옛 면</p></html>"
    body = html.encode()
    digest = hashlib.sha256(body).hexdigest()
    with older(path, NAMES.index("step_008_archive")) as db:
        fill(db)
        db.execute(
            "INSERT INTO pages VALUES (?, 'http://h/v/1', '2026-09-27T03:00:00Z', ?, ?)",
            [digest, len(body), zstandard.compress(body, 9)],
        )
        db.execute(
            "INSERT INTO quarantine (url, source, reason, detail, page, first_seen_at, last_seen_at)"
            " VALUES ('http://h/v/1', 'politics', 'layout_changed', 'd', ?, 'a', 'b')",
            [digest],
        )
    with open_store(path) as store:
        assert store.quarantine.html(1) == html
        (row,) = store.rows("SELECT hash, size, packed, length(zstd) AS n FROM pages")
        assert (row["hash"], row["size"], row["packed"]) == (digest, len(body), row["n"])
        assert store.archive.bytes() == 0
        assert store.rows("PRAGMA foreign_key_check") == []


def test_which_pages_are_to_be_read_again(store, keep, noon) -> None:
    for number in range(4):
        keep(page(noon + number * DAY, f"<p>{number}</p>"), number)
    keep(page(noon + 4 * DAY, "<p>0 anew</p>"), 0, "고친 글")
    with store.writing() as db:
        db.execute("UPDATE articles SET parser = 'daum/0' WHERE id IN ('daum:0', 'daum:1')")

    def found(**wanted: object) -> list[str]:
        snapshots = map(store.archive.get, store.archive.to_read_again("politics", **wanted))
        return [it.article_id for it in snapshots if it]

    assert found() == ["daum:1", "daum:2", "daum:3", "daum:0"]
    assert found(unless={"daum/1"}) == ["daum:1", "daum:0"]
    assert found(since=noon + 3 * DAY) == ["daum:3", "daum:0"]
    assert found(article_id="daum:2") == ["daum:2"]
    assert found(limit=1) == ["daum:1"]
    assert store.archive.to_read_again("society") == []
    (newest,) = store.archive.to_read_again("politics", article_id="daum:0")
    kept = store.archive.get(newest)
    assert kept is not None
    assert "0 anew" in kept.page.html
