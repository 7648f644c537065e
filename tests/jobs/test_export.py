"""`gisa export`: every format, selections, the cursor, the rights gate with its sheets, and what is refused."""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import os
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from jobs.exporting import files as files_module
from jobs.exporting.encoding import FORMATS
from jobs.exporting.files import Files
from pipeline.errors import GisaError, LayoutChanged
from pipeline.exporting import columns
from pipeline.records import Article, Author, Block, Page, Rights, Signal, Source, Uses
from pipeline.store import changes, open_store
from tests.jobs.desk import ROOT, Desk, Ended

NOON = datetime(2026, 9, 27, 3, tzinfo=UTC)
NOTICE = "© 한빛일보 무단 전재 금지 | <b>[링크](javascript:1)</b>"
SHEETS = ("audit.json", "audit.md", "datasheet.json", "datasheet.md", "dropped.csv")


def article(number: int, **changes: Any) -> Article:
    text = f"강물이 {number}번째로 불었다."
    made = Article(
        id=f"daum:{number}",
        portal="daum",
        publisher="한빛일보",
        url=f"https://v.daum.net/v/{number}",
        canonical_url=f"https://v.daum.net/v/{number}",
        headline=f"강물 {number}",
        body=(Block("paragraph", text),),
        text=text,
        fetched_at=NOON,
        parser="daum/1",
        authors=(Author("김온결", "on@hanbit.example", "기자"),),
        published_at=NOON - timedelta(days=number),
        published_at_source="meta",
        language="ko",
    )
    return replace(made, **changes)


def rights(redistribute: Any, tdm: Any, ai_train: Any, notice: str | None = None) -> Rights:
    signals = (Signal("notice", notice, NOON),) if notice else ()
    return Rights(notice, None, None, Uses(redistribute, tdm, ai_train), signals)


ARTICLES = (
    article(1, rights=rights("allowed", "allowed", "allowed")),
    article(2, publisher="다온신문", rights=rights("prohibited", "reserved", "prohibited", NOTICE)),
    article(3, publisher=None),
    article(4, rights=rights("licensed", "allowed", "licensed"), headline="=1+1"),
)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A database of four articles; the fourth was taken down."""
    with open_store(desk.database) as store:
        store.sources.remember(Source("politics", "daum", ("https://news.daum.net",)), NOON)
        store.articles.save_all(ARTICLES, "politics")
        store.articles.mark_removed("daum:4", NOON)
    return desk


def save(desk: Desk, *some: Article) -> None:
    with open_store(desk.database) as store:
        store.articles.save_all(some, "politics")


def lines(done: Ended) -> list[dict[str, Any]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def ids(done: Ended) -> list[str]:
    return [record["id"] for record in lines(done)]


def numbers(*some: int) -> list[str]:
    return [f"daum:{number}" for number in some]


def table(path: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))]


def left(desk: Desk) -> set[str]:
    """What lies in the folder beside the database and the configuration."""
    return {path.name for path in desk.folder.iterdir() if not path.name.startswith("gisa.db")} - {
        "config.toml"
    }


def test_jsonl_is_the_record_that_show_prints(filled: Desk) -> None:
    done = filled.gisa("export")
    shown = [filled.gisa("show", one, "--format", "json").json for one in numbers(1, 2, 3, 4)]
    assert lines(done) == shown
    assert [list(record) for record in lines(done)] == [list(record) for record in shown]
    assert lines(done)[3]["removed_at"] == "2026-09-27T12:00:00+09:00"
    assert "records=4" in done.err


def test_csv_is_safe_and_begins_with_a_mark_on_request(filled: Desk) -> None:
    plain = filled.gisa("export", "--format", "csv", "-q")
    marked = filled.gisa("export", "--format", "csv", "--bom")
    assert (plain.err, marked.out) == ("", "\ufeff" + plain.out)
    rows = list(csv.DictReader(io.StringIO(plain.out, newline="")))
    assert [row["id"] for row in rows] == numbers(1, 2, 3, 4)
    assert rows[3]["headline"] == "'=1+1"


def test_parquet_holds_the_records(filled: Desk) -> None:
    done = filled.gisa("export", "--format", "parquet", "--output", "a.parquet")
    assert (done.code, done.err) == (0, "")
    file = filled.folder / "a.parquet"
    read = parquet.read_table(file)
    assert read.column("id").to_pylist() == numbers(1, 2, 3, 4)
    assert f"sha256={hashlib.sha256(file.read_bytes()).hexdigest()}" in done.out
    assert read.schema.metadata[b"command"].startswith(b"gisa export --format parquet")


@pytest.mark.parametrize("name", FORMATS)
def test_a_time_at_the_end_of_all_calendars_stops_no_export(filled: Desk, name: str) -> None:
    save(filled, article(9, published_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    done = filled.gisa("export", "--format", name, "--output", "a", "--purpose", "analysis")
    assert done.code == 0, done.err
    assert "records=4" in done.out


@pytest.mark.parametrize(("name", "key"), [("ninjs", "uri"), ("json-ld", "@id")])
def test_one_document_a_line(filled: Desk, name: str, key: str) -> None:
    found = lines(filled.gisa("export", "--format", name))
    assert [it[key] for it in found] == [it.canonical_url for it in ARTICLES]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--since", "2026-09-25"), [1, 2]),
        (("--until", "2026-09-24"), [3, 4]),
        (("--publisher", "한빛 일보"), [1, 4]),
        (("--query=-1+1 강물",), [1, 2, 3]),
        (("--source", "politics", "society", "--since", "2026-09-26"), [1]),
    ],
)
def test_selections(filled: Desk, options: tuple[str, ...], found: list[int]) -> None:
    filled.configure("politics", "society")
    assert ids(filled.gisa("export", *options)) == numbers(*found)


def test_the_cursor_goes_on_where_the_last_export_ended(filled: Desk) -> None:
    go = ("export", "--cursor", "c.json")
    assert ids(filled.gisa(*go)) == numbers(1, 2, 3, 4)
    assert lines(filled.gisa(*go)) == lines(filled.gisa(*go)) == []
    save(filled, article(5, fetched_at=NOON - timedelta(days=90)))  # stored late, dated before
    save(filled, article(2, headline="고쳤다", fetched_at=NOON + timedelta(hours=1)))
    with open_store(filled.database) as store:
        store.articles.mark_removed("daum:1", NOON)
    found = lines(filled.gisa(*go))
    assert [it["id"] for it in found] == numbers(5, 2, 1)
    assert found[2]["removed_at"]
    assert lines(filled.gisa(*go)) == []


def test_a_cursor_moves_only_when_all_is_written(filled: Desk) -> None:
    cursor = filled.folder / "c.json"
    filled.gisa("export", "--cursor", "c.json", "--output", "a.jsonl")
    before = cursor.read_text()
    save(filled, article(5))
    done = filled.gisa("export", "--cursor", "c.json", "--output", "a.jsonl")
    assert (done.code, cursor.read_text()) == (1, before)
    assert "a.jsonl exists: name another file, or replace it with --force" in done.err
    done = filled.gisa("export", "--cursor", "c.json", "--output", "a.jsonl", "--force")
    assert "records=1 " in done.out


def test_a_cursor_of_other_options_another_database_or_no_cursor_is_refused(filled: Desk) -> None:
    filled.gisa("export", "--cursor", "c.json", "--since", "400d")
    done = filled.gisa("export", "--cursor", "c.json", "--since", "7d", "--format", "csv")
    assert (done.code, done.out) == (2, "")
    assert "goes with other options (format, since)" in done.err
    filled.database.unlink()
    with open_store(filled.database) as store:
        store.sources.remember(Source("politics", "daum", ("https://news.daum.net",)), NOON)
    done = filled.gisa("export", "--cursor", "c.json", "--since", "400d")
    assert done.code == 1
    assert "Begin with a new cursor" in done.err
    kind = '{"kind": "gisa export cursor 1", "options": '
    for text in ("{}", "[]", "no", "\udcff", kind + "1}", kind + '{}, "last": {"number": 1}}'):
        (filled.folder / "c.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        done = filled.gisa("export", "--cursor", "c.json")
        assert (done.code, "is no cursor" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("purpose", "kept", "reasons"),
    [
        ("ai-training", [1], {"prohibited": 1, "unknown": 1, "removed": 1}),
        ("redistribution", [1], {"prohibited": 1, "unknown": 1, "removed": 1}),
        ("analysis", [1, 3, 4], {"reserved": 1}),
    ],
)
def test_the_gate_and_its_sheets(
    filled: Desk, purpose: str, kept: list[int], reasons: dict[str, int]
) -> None:
    done = filled.gisa("export", "--purpose", purpose, "--output", "a.jsonl")
    assert done.code == 0, done.err
    records = [json.loads(it) for it in (filled.folder / "a.jsonl").read_text().splitlines()]
    assert [it["id"] for it in records] == numbers(*kept)
    assert {author["email"] for it in records for author in it["authors"]} == {None}
    assert left(filled) == {"a.jsonl", *(f"a.jsonl.{end}" for end in SHEETS)}
    audit = json.loads((filled.folder / "a.jsonl.audit.json").read_text())
    assert audit["sha256"] == hashlib.sha256((filled.folder / "a.jsonl").read_bytes()).hexdigest()
    assert (audit["considered"], audit["kept"], audit["records"]) == (4, len(kept), len(kept))
    assert audit["dropped_by_reason"] == reasons
    assert audit["withheld"]["emails"] == len(kept)
    assert {row["publisher"]: (row["kept"], row["dropped"]) for row in audit["by_publisher"]}[
        "다온신문"
    ] == (0, 1)
    (notice,) = audit["notices"]
    assert notice["sha256"] == hashlib.sha256(NOTICE.encode()).hexdigest()
    dropped = table(filled.folder / "a.jsonl.dropped.csv")
    assert sorted(row["reason"] for row in dropped) == sorted(
        reason for reason, times in reasons.items() for _ in range(times)
    )
    assert not {row["id"] for row in dropped} & {*numbers(*kept)}


def test_the_datasheet_says_where_the_articles_are_from(filled: Desk) -> None:
    page = Page("https://v.daum.net/v/9", "<html></html>", NOON)
    with open_store(filled.database) as store:
        error = LayoutChanged(page.url, ".body", expected=1, found=0)
        store.quarantine.keep(page, "politics", error)
        store.sources.remember(Source("gone", "web", ("https://gone.example/rss",)), NOON)
        store.articles.save(article(6, id="web:6", portal="web"), "gone")
        run = store.runs.begin("politics", NOON, "test")
        store.db.conn.execute(
            'INSERT INTO drifts (source, name, run, began_at, seen_at, expected, found, "of", detail)'
            " VALUES ('politics', 'field:authors', ?, ?, ?, 9, 0, 9, 'no byline')",
            [run, "2026-09-27T03:00:00Z", "2026-09-27T03:00:00Z"],
        )
    options = ("--since", "2026-09-01", "--query=-없다 강물", "--purpose", "analysis")
    filled.gisa("export", "--format", "csv", "--output", "a.csv", *options)
    said = json.loads((filled.folder / "a.csv.datasheet.json").read_text())
    assert said["published_from"] == "2026-09-21T12:00:00+09:00"
    assert said["published_to"] == "2026-09-26T12:00:00+09:00"
    assert said["by_publisher"] == {"한빛일보": 3, "": 1}
    assert said["by_day"] == {
        "2026-09-21": 1, "2026-09-23": 1, "2026-09-24": 1, "2026-09-26": 1,
    }  # fmt: skip
    assert (said["by_parser"], said["by_language"]) == ({"daum/1": 4}, {"ko": 4})
    assert said["uses"]["tdm"] == {"allowed": 2, "unknown": 2}
    assert {it["name"]: it["addresses"] for it in said["sources"]} == {
        "gone": ["https://gone.example/rss"],
        "politics": ["https://news.daum.net"],
    }
    assert said["gaps_not_examined"] == ["gone"]
    assert [(it["source"], it["detail"]) for it in said["drift"]] == [("politics", "no byline")]
    assert [(it["reason"], it["pages"]) for it in said["quarantine"]] == [("layout_changed", 1)]
    assert said["selection"]["since"] == "2026-09-01T00:00:00+09:00"
    assert " '--query=-없다 강물' " in said["command"]
    assert said["command"].startswith("gisa export --format csv --since 2026-09-01")
    assert said["schema"].startswith("step_")


def test_sheets_for_people_quote_what_pages_said_without_its_markup(filled: Desk) -> None:
    filled.gisa("export", "--purpose", "ai-training", "--output", "a.jsonl")
    audit = (filled.folder / "a.jsonl.audit.md").read_text()
    sheet = (filled.folder / "a.jsonl.datasheet.md").read_text()
    assert "| 다온신문 | 0 | 1 | prohibited 1 |" in audit
    assert "무단 전재 금지 \\| \\<b\\>\\[링크\\](javascript:1)\\</b\\>" in audit
    assert "| politics | portal | daum | 1 | https://news.daum.net |" in sheet
    assert "no legal advice" in audit
    assert "no legal advice" in sheet


def test_gaps_of_the_datasheet_are_those_that_gaps_tells(desk: Desk) -> None:
    with open_store(desk.database) as store:
        source = Source("politics", "daum", ("https://news.daum.net",), every=timedelta(hours=1))
        store.sources.remember(source, NOON)
        for day in range(3):
            at = datetime.now(UTC) - timedelta(days=5 - day)
            store.db.conn.execute(
                "INSERT INTO runs (source, started_at, finished_at, outcome, listed)"
                " VALUES ('politics', ?, ?, 'ok', 3)",
                [f"{at:%FT%TZ}", f"{at:%FT%TZ}"],
            )
            it = article(day, published_at=at, rights=rights("unknown", "allowed", "unknown"))
            store.articles.save(it, "politics")
    desk.gisa("export", "--purpose", "analysis", "--output", "a.jsonl")
    said = json.loads((desk.folder / "a.jsonl.datasheet.json").read_text())
    (told,) = desk.gisa("gaps", "--since", "6d", "--format", "json").json
    assert said["gaps"]
    assert [(it["seen"], it["why"]) for it in said["gaps"]] == [
        (it["seen"], it["why"]) for it in told["gaps"]
    ]


def test_sheets_of_stdout_are_named_by_audit(filled: Desk) -> None:
    done = filled.gisa("export", "--purpose", "analysis", "--audit", "sheet", "--cursor", "c.json")
    assert ids(done) == numbers(1, 3, 4)
    assert left(filled) == {"c.json", *(f"sheet.{end}" for end in SHEETS)}
    audit = json.loads((filled.folder / "sheet.audit.json").read_text())
    assert audit["file"] == "-"
    assert audit["sha256"] == hashlib.sha256(done.out.encode()).hexdigest()


def test_whom_the_gate_drops_after_all_is_told_by_the_cursor(filled: Desk) -> None:
    go = ("export", "--purpose", "ai-training", "--cursor", "c.json", "--audit", "s", "--force")
    assert ids(filled.gisa(*go)) == numbers(1)
    save(filled, article(1, rights=rights("prohibited", "reserved", "prohibited", NOTICE)))
    assert ids(filled.gisa(*go)) == []
    (row,) = table(filled.folder / "s.dropped.csv")
    assert (row["id"], row["reason"], row["use"]) == ("daum:1", "prohibited", "prohibited")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--bom",), 2, "--bom is for --format csv"),
        (("--audit", "x"), 2, "--audit goes with --purpose"),
        (("--purpose", "analysis"), 2, "name the file with --output, or the sheets with --audit"),
        (("--query", "!"), 2, "asks for nothing"),
        (("--source", "nobody"), 2, "no source 'nobody'; there are politics"),
        (("--format", "xml"), 2, "invalid choice: 'xml'"),
        (("--purpose", "fun"), 2, "invalid choice: 'fun'"),
        (("--output", "gisa.db", "--force"), 1, "is named as a file to write"),
        (
            ("--purpose", "analysis", "--audit", "c", "--cursor", "c.audit.md"),
            1,
            "is named as a file",
        ),
        (("--output", "c.json", "--cursor", "c.json"), 1, "is named as a file to write"),
        (("--output", "nowhere/a.jsonl"), 1, "does not exist: make it first"),
        (("--output", "."), 1, "is no file"),
        (("--cursor", "nowhere/c.json"), 1, "does not exist: make it first"),
    ],
)
def test_what_cannot_be_is_refused(
    filled: Desk, options: tuple[str, ...], code: int, said: str
) -> None:
    done = filled.gisa("export", *options)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert left(filled) == set()


def test_a_sheet_that_is_there_is_refused_too(filled: Desk) -> None:
    (filled.folder / "a.jsonl.audit.md").write_text("mine")
    done = filled.gisa("export", "--purpose", "analysis", "--output", "a.jsonl")
    assert done.code == 1
    assert left(filled) == {"a.jsonl.audit.md"}
    assert (filled.folder / "a.jsonl.audit.md").read_text() == "mine"


def test_only_parquet_loads_pyarrow(filled: Desk) -> None:
    code = (
        "import sys; from jobs.__main__ import main; main(sys.argv[1:]);"
        " sys.exit('pyarrow' in sys.modules)"
    )
    for name, loaded in (("jsonl", 0), ("parquet", 1)):
        command = ("export", "--config", str(filled.config), "--format", name)
        done = subprocess.run(
            [sys.executable, "-c", code, *command], capture_output=True, cwd=filled.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=30, check=False,
        )  # fmt: skip
        assert done.returncode == loaded, done.stderr


def test_articles_that_the_index_lacks_are_told(filled: Desk) -> None:
    with open_store(filled.database, index=False) as store:
        store.articles.save(article(7), "politics")
    done = filled.gisa("export", "--query", "강물")
    assert "daum:7" not in ids(done)
    assert "the index lacks: 1; gisa search --reindex brings them in" in done.err


def test_files_of_one_export_appear_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of three cannot be put into its place: the first is as it was, the third never was."""
    places = [tmp_path / name for name in ("first", "second", "third")]
    places[0].write_text("old")
    with Files(places, force=True) as files:
        for place in places:
            files.open(place).write(b"new")
        places[1].mkdir()
        with pytest.raises(IsADirectoryError):
            files.commit()
    assert {path.name for path in tmp_path.iterdir()} == {"first", "second"}
    assert places[0].read_text() == "old"

    def no_links(*_names: object) -> None:
        raise PermissionError

    monkeypatch.setattr(files_module.os, "link", no_links)  # such a file system
    with Files([places[0]], force=True) as files:
        files.open(places[0]).write(b"new")
        files.commit()
    assert {path.name for path in tmp_path.iterdir()} == {"first", "second"}
    assert places[0].read_text() == "new"


def test_parts_of_the_living_stay_and_those_of_the_dead_go(tmp_path: Path) -> None:
    dead = tmp_path / ".a.csv.123.part"
    dead.touch()
    others = [tmp_path / ".a.csv.x.part", tmp_path / ".b.csv.123.part"]
    for other in others:
        other.touch()
    with Files([tmp_path / "b"], force=False) as living:
        living.open(tmp_path / "b")
        with Files([tmp_path / "a.csv"], force=False) as files:
            files.open(tmp_path / "a.csv")
            assert not dead.exists()
        with Files([tmp_path / "b"], force=False) as neighbour, pytest.raises(FileExistsError):
            neighbour.open(tmp_path / "b")
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_two_exports_at_once_do_not_replace_each_other(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    with Files([place], force=False) as slow:
        slow.open(place).write(b"slow")
        place.write_bytes(b"quick")  # what another process exported meanwhile
        with pytest.raises(GisaError, match="exists: name another"):
            slow.commit()
    assert place.read_bytes() == b"quick"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_set_aside_by_an_export_that_was_killed_goes_or_comes_back(
    tmp_path: Path, is_there: bool
) -> None:
    place, aside = tmp_path / "a.csv", tmp_path / ".a.csv.123.old"
    aside.write_bytes(b"before")
    if is_there:
        place.write_bytes(b"new")
    with Files([place], force=True) as files:
        files.open(place).write(b"next")
        files.commit()
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    aside.write_bytes(b"before")
    place.unlink()
    with Files([place], force=False) as files:
        files.open(place).write(b"next")
        with pytest.raises(GisaError, match="exists: name another"):
            files.commit()
    assert place.read_bytes() == b"before"


def test_a_place_under_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far/real")
    with Files([tmp_path / "link"], force=False) as files:
        files.open(tmp_path / "link").write(b"x")
        files.commit()
    assert (tmp_path / "far/real").read_bytes() == b"x"
    with pytest.raises(GisaError, match="exists"):
        Files([tmp_path / "link"], force=False)


def _peak(desk: Desk, name: str) -> int:
    """The most memory that Python held at once, beside what it held before."""
    gc.collect()
    tracemalloc.start()
    try:
        done = desk.gisa("export", "--format", name, "--output", "out", "--force")
        assert done.code == 0, done.err
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["jsonl", "parquet"])  # lines, and what is held for a row group
def test_memory_does_not_grow_with_the_articles(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the articles, and with what is held of each they would take ten times the memory."""
    monkeypatch.setattr(columns, "ROWS_A_GROUP", 10)
    monkeypatch.setattr(changes, "AT_ONCE", 10)
    body = "물이 불었다. " * 2000
    with open_store(desk.database, index=False) as store:
        store.sources.remember(Source("politics", "daum", ("https://news.daum.net",)), NOON)
        made = [article(n, text=f"{n} {body}") for n in range(200)]
        store.articles.save_all(made[:20], "politics")
        _peak(desk, name)  # what is loaded once
        few = _peak(desk, name)
        store.articles.save_all(made[20:], "politics")
        many = _peak(desk, name)
    assert many < few * 1.25, (few, many)
