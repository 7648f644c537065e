"""`gisa import`: what is in files comes into the database once, however often the import is stopped."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs import wiring
from jobs.importing import job
from jobs.lock import source_lock
from jobs.sample_portal import Newsroom
from jobs.sample_portal.warc import Archived, packed, pages_of
from pipeline.importing.units import units
from tests.jobs.desk import ROOT, Desk, Ended

ARTICLES = 30


@pytest.fixture(scope="module")
def archived() -> list[Archived]:
    return list(pages_of(Newsroom(3, ARTICLES)))


@pytest.fixture(scope="module")
def texts() -> int:
    """How many of the pages are articles: the others are videos and galleries."""
    return sum(article.kind == "article" for article in Newsroom(3, ARTICLES).articles())


AT = datetime(2026, 9, 27, 4, tzinfo=UTC)
NOW = datetime(2026, 10, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages from the future are refused: which ones are must not depend on when tests run."""
    monkeypatch.setattr(wiring, "now", lambda: NOW)


Write = Callable[..., Path]


@pytest.fixture
def write(desk: Desk) -> Write:
    def written(pages: list[Archived], name: str = "news.warc.gz") -> Path:
        path = desk.folder / name
        path.write_bytes(packed(page.record() for page in pages))
        return path

    return written


def imported(desk: Desk, *args: object) -> Ended:
    return desk.gisa("import", "--processes", "1", *map(str, args))


def stored(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT id, revision, headline, fetched_at FROM articles ORDER BY seq")


def test_a_web_archive(desk: Desk, write: Write, archived: list[Archived], texts: int) -> None:
    path = write(archived)
    done = imported(desk, path)
    assert done.code == 0, done.err
    assert done.summary == {
        "files": 1, "done": 1, "pages": ARTICLES, "new": texts, "revised": 0, "unchanged": 0,
        "not_an_article": ARTICLES - texts,
    }  # fmt: skip
    first = desk.rows("SELECT min(fetched_at), first_seen_at = fetched_at FROM articles")
    assert first == [(f"{archived[0].at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", 1)]
    assert desk.rows("SELECT source, sources.portal FROM sources JOIN articles ON source = name LIMIT 1") == [
        ("import", "import")
    ]  # fmt: skip
    ((key, position),) = desk.rows(
        "SELECT id, position FROM origins JOIN articles ON article = seq ORDER BY seq DESC LIMIT 1"
    )
    shown = desk.gisa("show", key)
    assert f"   revision 1 {path} byte {position} (source import)" in shown.out
    assert desk.gisa("search", "다온").code == 0


def test_the_same_file_again_does_nothing(
    desk: Desk, write: Write, archived: list[Archived], texts: int
) -> None:
    path = write(archived)
    imported(desk, path)
    before = desk.dump()
    renamed = path.rename(desk.folder / "renamed.warc.gz")
    done = imported(desk, renamed)
    assert (done.code, done.summary["done_before"], done.summary["pages"]) == (0, 1, 0)
    assert [line for line in desk.dump() if "imports" not in line] == [
        line for line in before if "imports" not in line
    ]
    again = imported(desk, "--again", renamed)
    assert (again.summary["unchanged"], again.summary["new"]) == (texts, 0)
    assert [line for line in desk.dump() if 'INTO "imports"' not in line] == [
        line for line in before if 'INTO "imports"' not in line
    ]


DIES = """
import os, signal, sys
from datetime import UTC, datetime
from jobs import wiring
from jobs.__main__ import main
from jobs import wiring
from jobs.importing import job
from pipeline.store.imports import Imports

wiring.now = lambda: datetime(2026, 10, 20, tzinfo=UTC)
job._STEP, saves = 5, int(sys.argv[1])

def dying(name, times):
    whole = getattr(Imports, name)
    def call(*args, **named):
        global saves
        done = whole(*args, **named)
        saves -= 1
        if saves == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(Imports, name, call)

if __name__ == "__main__":
    dying(sys.argv[2], saves)
    main(sys.argv[3:])
"""


def counted(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows(
        "SELECT path, position, number, counts, damage, finished_at NOT NULL FROM imports"
    )


def content(desk: Desk) -> list[str]:
    """All of the database but for when it was done."""
    tables = ("imports", "sources", "_sqlite_migrations")
    return [line for line in desk.dump() if not any(f'INTO "{name}"' in line for name in tables)]


@pytest.mark.parametrize(
    ("at", "where"),
    # behind a commit, and within a transaction, its articles written and not committed
    [(2, "save"), (3, "_save")],
)
def test_killed_and_taken_up_again_it_is_as_if_nothing_had_happened(
    desk: Desk, write: Write, archived: list[Archived], at: int, where: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = write(archived)
    noise = b"\x1f\x8b\x08\x00garbage" * 20
    half = len(packed(page.record() for page in archived[:12]))
    path.write_bytes(path.read_bytes()[:half] + noise + path.read_bytes()[half:])
    command = ["import", "--config", str(desk.config), "--processes", "1", str(path)]
    died = subprocess.run(
        [sys.executable, "-c", DIES, str(at), where, *command],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr
    done_by_then = desk.rows("SELECT number FROM imports")[0][0]
    assert done_by_then == 10
    monkeypatch.setattr(job, "_STEP", 5)
    resumed = imported(desk, path)
    assert resumed.code == 3
    assert resumed.summary["pages"] == ARTICLES - done_by_then
    found = content(desk), counted(desk)
    for each in desk.folder.glob("gisa.db*"):
        each.unlink() if each.is_file() else None
    undisturbed = imported(desk, path)
    assert undisturbed.summary["pages"] == ARTICLES
    assert (content(desk), counted(desk)) == found


def test_two_times_of_a_page_are_revisions_in_their_order(
    desk: Desk, write: Write, archived: list[Archived]
) -> None:
    room = Newsroom(3, ARTICLES)
    edited = next(a for a in room.articles() if a.kind == "article")
    room.edit(edited.id)
    later = [replace(it, at=it.at + timedelta(hours=1)) for it in pages_of(room)]
    path = write([*archived, *[it for it in later if edited.id in it.url]])
    done = imported(desk, path)
    assert done.summary["revised"] == 1
    key = f"daum:{edited.id}"
    assert desk.rows("SELECT revision FROM articles WHERE id = ?", key) == [(2,)]
    assert desk.rows(
        "SELECT o.revision, o.number FROM origins o JOIN articles ON seq = article WHERE id = ?", key
    ) == [(1, ARTICLES), (2, ARTICLES + 1)]  # fmt: skip


def test_an_older_page_does_not_undo_a_newer_state(
    desk: Desk, write: Write, archived: list[Archived], texts: int
) -> None:
    imported(desk, write(archived))
    before = content(desk)
    older = [replace(it, at=it.at - timedelta(days=1)) for it in archived]
    done = imported(desk, write(older, "older.warc.gz"))
    assert (done.code, done.summary["older"], done.summary["new"]) == (0, texts, 0)
    assert content(desk) == before


def test_a_damaged_file_is_read_as_far_as_possible(
    desk: Desk, write: Write, archived: list[Archived]
) -> None:
    path = write(archived[:10])
    path.write_bytes(path.read_bytes()[:-100])
    done = imported(desk, path)
    assert done.code == 3
    assert (done.summary["damaged"], done.summary["pages"]) == (1, 9)
    assert "the file ends within this record" in done.out
    path = desk.folder / "none.warc.gz"
    path.write_bytes(gzip.compress(b"<p>no archive"))
    done = imported(desk, path)
    assert (done.code, done.summary["failed"]) == (1, 1)


def test_a_file_without_a_page_is_no_success(
    desk: Desk, write: Write, archived: list[Archived]
) -> None:
    empty, lines = desk.folder / "empty.warc", desk.folder / "empty.jsonl"
    empty.touch()
    lines.write_text("\n\n", encoding="utf-8")
    for _ in range(2):  # a second run does not call it done
        ended = desk.gisa("import", str(empty), str(lines))
        assert ended.code == 1
        assert ended.out.count("there is no page in it") == 2
    assert desk.gisa("import", str(empty), str(write(archived[:3]))).code == 3


def test_odd_pages_cost_nobody_else_a_page(
    desk: Desk, write: Write, archived: list[Archived], texts: int
) -> None:
    page = next(it for it in archived if "한" in it.body.decode())
    gz = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    old = page.body.decode().replace("utf-8", "euc-kr").encode("cp949", "replace")
    url = f"{page.url[:-4]}0000"
    odd = [
        replace(page, url="https://a.example/", headers=gz, body=gzip.compress(bytes(2 * 10**7))),
        replace(page, url="https://a.example/", headers=gz, body=gzip.compress(b"<p>x")[:-5]),
        replace(page, url="https://a.example/", body=b""),
        replace(page, url="https://a.example/", body=b"\x89PNG\r\n" + bytes(100)),
        replace(page, url="https://a.example/", body=b"<p>" * 400_000),
        replace(page, url=url, body=old.replace(page.url[-17:].encode(), url[-17:].encode()),
                headers={"Content-Type": "text/html"}),
    ]  # fmt: skip
    done = imported(desk, write(odd + archived))
    assert done.code == 0
    assert done.summary["new"] == texts + 1
    assert (done.summary["too_large"], done.summary["truncated"]) == (2, 1)
    assert done.summary["not_html"] == 1
    ((headline,),) = desk.rows("SELECT headline FROM articles WHERE url = ?", url)
    assert "\ufffd" not in headline


def test_a_limit_is_taken_up_where_it_ended(
    desk: Desk, write: Write, archived: list[Archived]
) -> None:
    path = write(archived)
    first = imported(desk, "--limit", 7, path)
    assert (first.code, first.summary["stopped"], first.summary["pages"]) == (0, 1, 7)
    second = imported(desk, path)
    assert second.summary["pages"] == ARTICLES - 7
    assert len(stored(desk)) == first.summary["new"] + second.summary["new"]


def test_only_what_is_wanted(desk: Desk, write: Write, archived: list[Archived]) -> None:
    path = write(archived)
    none = imported(desk, "--domains", "other.example", path)
    assert (none.summary["other_domain"], none.summary["pages"]) == (ARTICLES, 0)
    none = imported(desk, "--languages", "en,fr", path)
    assert none.summary["other_language"] == none.summary["pages"] - none.summary["not_an_article"]
    day = f"{archived[0].at + timedelta(days=1):%F}"
    assert imported(desk, "--since", day, path).summary["other_time"] == ARTICLES
    assert stored(desk) == []


def test_a_dry_run_stores_nothing(
    desk: Desk, write: Write, archived: list[Archived], texts: int
) -> None:
    done = imported(desk, "--dry-run", "--format", "json", write(archived))
    assert done.json["totals"]["new"] == texts
    assert (done.json["exit_code"], done.json["dry_run"]) == (0, True)
    assert (
        stored(desk)
        == desk.rows("SELECT * FROM imports")
        == desk.rows("SELECT * FROM sources")
        == []
    )


def test_lines_of_json_packed_or_not(desk: Desk, archived: list[Archived]) -> None:
    lines = [
        json.dumps({"id": n, "url": it.url, "html": it.body.decode(), "fetched_at": it.at.isoformat()})
        for n, it in enumerate(archived[:6])
    ]  # fmt: skip
    lines.insert(3, "{no json")
    text = "\n".join(lines).encode()
    (desk.folder / "a.jsonl").write_bytes(text)
    (desk.folder / "b.jsonl.gz").write_bytes(gzip.compress(text + b"\n"))
    (desk.folder / "c.ndjson.gz").write_bytes(gzip.compress(text)[:-20])
    done = imported(desk, desk.folder / "a.jsonl", desk.folder / "b.jsonl.gz")
    assert done.code == 0
    assert done.summary["no_page"] == 2
    assert done.summary["new"] == done.summary["unchanged"] > 0
    assert desk.rows("SELECT max(number), min(number) FROM origins")[0][0] <= 7
    cut = imported(desk, desk.folder / "c.ndjson.gz")
    assert cut.code == 3
    assert "damaged behind line" in cut.out


def test_a_folder_of_saved_pages(desk: Desk, archived: list[Archived]) -> None:
    room = Newsroom(3, ARTICLES)
    texts = [it for it in archived if room.article(it.url.split("/v/")[1]).kind == "article"][:3]
    folder = desk.folder / "saved"
    (folder / "sub").mkdir(parents=True)
    plain = [it.body.decode().replace("https://portal.example", "") for it in texts]
    noted = f"<!doctype html>\n<!-- saved from url=(0042){texts[1].url} -->\n"
    (folder / "a.html").write_text(plain[0], encoding="utf-8")
    (folder / "sub/b.htm").write_text(noted + plain[1], encoding="utf-8")
    (folder / "c.html").write_text("<p>여기가 어디인지 모르는 글", encoding="utf-8")
    mhtml = (
        f"Snapshot-Content-Location: {texts[2].url}\r\nDate: Sun, 27 Sep 2026 12:00:00 +0900\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"{plain[2]}\r\n--x--\r\n"
    )
    (folder / "d.mhtml").write_bytes(mhtml.encode())
    for path in folder.rglob("*.*"):
        os.utime(path, (AT.timestamp(), AT.timestamp()))
    known = desk.folder / "urls.csv"
    known.write_text(f"file,url,fetched_at\na.html,{texts[0].url},2026-09-27T01:00:00Z\n")
    done = imported(desk, "--map", known, folder)
    assert (done.code, done.summary["new"], done.summary["no_url"]) == (0, 3, 1)
    assert desk.rows(
        "SELECT o.name, a.url, a.fetched_at FROM origins o JOIN articles a ON a.seq = o.article"
        " ORDER BY 1"
    ) == [
        ("a.html", texts[0].url, "2026-09-27T01:00:00Z"),
        ("d.mhtml", texts[2].url, "2026-09-27T03:00:00Z"),
        ("sub/b.htm", texts[1].url, "2026-09-27T04:00:00Z"),
    ]  # fmt: skip
    assert imported(desk, "--map", known, folder).summary["done_before"] == 1
    without = imported(desk, folder)
    assert without.summary["new"] == 0
    shown = desk.gisa("show", "daum:" + texts[1].url.split("/v/")[1])
    assert "sub/b.htm" in shown.out


def test_from_stdin(desk: Desk, archived: list[Archived]) -> None:
    data = packed(page.record() for page in archived[:5])
    first, second = (desk.gisa("import", "--processes", "1", "-", stdin=data) for _ in range(2))
    assert first.summary["pages"] == 5
    assert second.summary["done_before"] == 1


def test_two_imports_of_one_file_at_once(
    desk: Desk, write: Write, archived: list[Archived]
) -> None:
    path, other = write(archived), write(archived[:5], "other.warc.gz")
    (unit,) = units([path])
    with source_lock(desk.database, f"_import-{unit.fingerprint[:16]}", datetime.now(UTC)):
        held = imported(desk, path)
        assert (held.code, held.summary["locked"]) == (75, 1)
        assert imported(desk, other).summary["pages"] == 5
    assert imported(desk, path).summary["pages"] == ARTICLES


def test_sigterm_ends_it_in_order(
    desk: Desk, write: Write, archived: list[Archived], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(archived)
    whole = job._write

    def terminated(*args: Any) -> None:
        whole(*args)
        if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
            signal.raise_signal(signal.SIGTERM)

    with monkeypatch.context() as patched:
        patched.setattr(job, "_STEP", 5)
        patched.setattr(job, "_write", terminated)
        done = imported(desk, path)
    assert (done.code, done.summary["stopped"]) == (143, 1)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert imported(desk, path).summary["pages"] == ARTICLES - done.summary["pages"]


def test_what_cannot_be_imported_is_said(desk: Desk) -> None:
    missing = imported(desk, desk.folder / "no.warc")
    assert (missing.code, "No such file" in missing.err) == (1, True)
    (desk.folder / "x.txt").write_text("text")
    nothing = imported(desk, desk.folder / "x.txt")
    assert "nothing to import in it" in nothing.err
    (desk.folder / "m.csv").write_text("a.html,nowhere\n")
    (desk.folder / "a.html").write_text("<p>x")
    bad = imported(desk, "--map", desk.folder / "m.csv", desk.folder / "a.html")
    assert (bad.code, "m.csv:1: 'nowhere' is no http(s) URL" in bad.err) == (2, True)
    assert imported(desk, "--source", "A b", desk.folder / "a.html").code == 2
