"""`gisa parse`: a page from anywhere to its record, and a stream of pages that nothing breaks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jobs.sample_portal import Answer
from jobs.verbs import parse_stream
from pipeline.record_json import RECORD_FIELDS
from tests.jobs.desk import ROOT, Desk

PAGES = ROOT / "tests/pages/daum"
PLAIN = PAGES / "article_plain.html"
URL = "https://v.daum.net/v/20260927081532104"
AT = "2026-09-27T10:30:00+09:00"
EXPECTED = json.loads(PLAIN.with_suffix(".json").read_text())["expected"]


def line(**page: Any) -> str:
    return json.dumps(page) + "\n"


def answers(desk: Desk, *lines: str | bytes) -> list[dict[str, Any]]:
    given = b"".join(each.encode() if isinstance(each, str) else each for each in lines)
    done = desk.gisa("parse", "--jsonl", stdin=given)
    assert (done.code, done.err) == (0, "")
    return [json.loads(answer) for answer in done.out.splitlines()]


@pytest.fixture
def good() -> dict[str, Any]:
    return {"id": "good", "url": URL, "html": PLAIN.read_text(), "fetched_at": AT}


def test_a_saved_file(desk: Desk) -> None:
    done = desk.gisa("parse", str(PLAIN), "--url", URL, "--fetched-at", AT)
    assert (done.code, done.err) == (0, "")
    assert tuple(done.json) == RECORD_FIELDS
    assert done.json["headline"] == EXPECTED["headline"]
    assert done.json["fetched_at"] == AT
    assert done.json["first_seen_at"] is None


def test_a_saved_file_says_its_own_url(desk: Desk) -> None:
    done = desk.gisa("parse", str(PLAIN))
    assert (done.json["id"], done.json["url"]) == ("daum:20260927081532104", URL)


def test_stdin_needs_no_configuration(desk: Desk) -> None:
    desk.config.unlink()
    for args in (["-"], []):
        done = desk.gisa("parse", *args, stdin=PLAIN.read_bytes())
        assert done.json["headline"] == EXPECTED["headline"]


def test_a_cp949_file_is_read_as_korean(desk: Desk) -> None:
    saved = desk.folder / "saved.html"
    text = PLAIN.read_text().replace('charset="utf-8"', 'charset="euc-kr"')
    saved.write_bytes(text.encode("cp949", "xmlcharrefreplace"))
    assert desk.gisa("parse", str(saved)).json["headline"] == EXPECTED["headline"]


def test_a_live_url_obeys_robots_and_stores_no_article(desk: Desk) -> None:
    truth = next(a for a in desk.portal.newsroom.articles("politics") if a.kind == "article")
    done = desk.gisa("parse", desk.portal.article_url(truth.id))
    assert done.code == 0
    assert done.json["id"] == f"daum:{truth.id}"
    assert desk.rows("SELECT count(*) FROM articles") == [(0,)]
    assert [r.path for r in desk.portal.requests] == ["/robots.txt", f"/v/{truth.id}"]


@pytest.mark.parametrize(
    ("status", "said"), [(404, "gone: answered 404"), (403, "blocked: answered 403")]
)
def test_a_live_url_that_fails_is_one_line(desk: Desk, status: int, said: str) -> None:
    number = desk.portal.newsroom.ids("politics")[0]
    desk.portal.answer(f"/v/{number}", Answer(status=status))
    done = desk.gisa("parse", desk.portal.article_url(number))
    assert (done.code, done.out) == (1, "")
    assert done.err == f"gisa: {said} ({desk.portal.article_url(number)})\n"


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "https://news.example:port/", "HTTP:///x"]
)
def test_what_is_no_url_is_said_so(desk: Desk, url: str) -> None:
    done = desk.gisa("parse", url)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"gisa: not a URL to fetch: {url!r}\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("video_only.html", "gisa: not_an_article: no text in the body, only video"),
        ("deleted.html", "gisa: not_an_article: no date, no author"),
        ("section_politics.html", "gisa: not_an_article: no text was found"),
    ],
)
def test_a_page_that_is_no_article_is_one_line(desk: Desk, name: str, said: str) -> None:
    done = desk.gisa("parse", str(PAGES / name))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(said)
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["nowhere.html"], 1, "gisa: nowhere.html: No such file or directory"),
        (["/"], 1, "gisa: /: Is a directory"),
        (["nowhere.jsonl", "--jsonl"], 1, "gisa: nowhere.jsonl: No such file or directory"),
        ([str(PLAIN), "--url", "news"], 1, "gisa: --url should be an http(s) URL, not 'news'"),
        (
            [str(PLAIN), "--url", "https://news.example/1"],
            0,
            "",
        ),
        (["-", "--fetched-at", "noon"], 2, "--fetched-at: should be ISO 8601, not 'noon'"),
    ],
)
def test_wrong_arguments_are_explained(desk: Desk, args: list[str], code: int, said: str) -> None:
    done = desk.gisa("parse", *args)
    assert done.code == code
    assert said in done.err


def test_a_stream_answers_every_line_in_order(desk: Desk, good: dict[str, Any]) -> None:
    video = (PAGES / "video_only.html").read_text()
    found = answers(
        desk,
        line(**good),
        "\n",
        "no json\n",
        line(id=2, html=video),
        line(id=None, html="<p>unknown</p>"),
        line(id=4.5),
        "[1, 2]\n",
        '"text"\n',
        "null\n",
        line(**good | {"id": "last"}).rstrip(),
    )
    assert [answer["page_id"] for answer in found] == [
        "good", None, 2, None, 4.5, None, None, None, "last",
    ]  # fmt: skip
    assert found[0]["headline"] == found[-1]["headline"] == EXPECTED["headline"]
    assert tuple(found[0]) == ("page_id", *RECORD_FIELDS)
    errors = [answer["error"].split(":")[0] for answer in found[1:-1]]
    assert errors == [
        "not JSON", "not_an_article", "not_an_article",
        "not a page", "not a page", "not a page", "not a page",
    ]  # fmt: skip
    assert all(set(answer) == {"page_id", "error"} for answer in found[1:-1])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"html": None}, "not a page: needs html, a text"),
        ({"html": 5}, "not a page: needs html, a text"),
        ({"html": ["<p>"]}, "not a page: needs html, a text"),
        ({"html": ""}, "layout_changed"),
        ({"html": "\0" * 1000}, "layout_changed"),
        ({"url": 5}, "url should be an http(s) URL"),
        ({"url": "http://[::1"}, "url should be an http(s) URL"),
        ({"url": "javascript:alert(1)"}, "url should be an http(s) URL"),
        ({"url": "https://v.daum.net/"}, None),
        ({"fetched_at": "garbage"}, "fetched_at should be ISO 8601"),
        ({"fetched_at": 5}, "fetched_at should be ISO 8601"),
        ({"fetched_at": {}}, "fetched_at should be ISO 8601"),
        ({"fetched_at": "0001-01-01T00:00:00+14:00"}, "fetched_at: the year 1 cannot be"),
        ({"fetched_at": "9999-12-31T23:59:59-12:00"}, "fetched_at: the year 9999 cannot be"),
    ],
)
def test_a_wrong_field_is_that_pages_error(
    desk: Desk, good: dict[str, Any], changes: dict[str, Any], error: str | None
) -> None:
    wrong, after = answers(desk, line(**good | changes), line(**good))
    assert wrong["page_id"] == after["page_id"] == "good"
    assert after["headline"] == EXPECTED["headline"]
    if error is None:
        assert wrong["headline"] == EXPECTED["headline"]
    else:
        assert wrong["error"].startswith(error)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("2026-09-27T10:30:00", "2026-09-27T10:30:00+00:00"),
        (AT, AT),
        ("2026-09-27T01:30:00Z", None),
    ],
)
def test_a_time_without_a_zone_is_utc(
    desk: Desk, good: dict[str, Any], said: str, printed: str | None
) -> None:
    (answer,) = answers(desk, line(**good | {"fetched_at": said}))
    assert answer["fetched_at"] == (printed or "2026-09-27T01:30:00+00:00")


def test_a_time_that_is_absent_is_now(desk: Desk, good: dict[str, Any]) -> None:
    del good["fetched_at"]
    first, second = answers(desk, line(**good), line(**good | {"fetched_at": None}))
    assert first["fetched_at"] <= second["fetched_at"]


def test_hostile_lines_cost_one_answer_each(desk: Desk, good: dict[str, Any]) -> None:
    surrogate = '{"id":"\\ud800","html":"\\ud800<p>","fetched_at":"2026-09-27"}\n'
    found = answers(
        desk,
        b"\xff\xfe\x00\n",
        b'{"id": "utf-8 cut", "html": "\xea\xb0"}\n',
        "[" * 100_000 + "\n",
        '{"id": ' + "[" * 900 + "]" * 900 + ', "html": ""}\n',
        '{"id": NaN, "html": "x"}\n',
        '{"id": 1e999, "html": "x"}\n',
        '{"id": ' + "9" * 5000 + ', "html": "x"}\n',
        '{"id": {"a": 1}, "html": "x"}\n',
        surrogate,
        line(id="esc", html="<title>\x1b]0;pwned\x07</title>"),
        line(**good),
    )
    assert [a["page_id"] for a in found] == [None] * 8 + ["\ud800", "esc", "good"]
    assert all("error" in answer for answer in found[:-1])


def test_a_huge_page_is_read_and_a_line_beyond_all_measure_refused(
    desk: Desk, good: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = good["html"].replace("</body>", "<p>여백</p>" * 40_000 + "</body>")
    (answer,) = answers(desk, line(**good | {"html": huge}))
    assert answer["headline"] == EXPECTED["headline"]
    monkeypatch.setattr(parse_stream, "LINE_MOST", 1_000_000)
    long = line(**good | {"html": "x" * 3_000_000})
    found = answers(desk, long, line(**good), long.rstrip())
    assert [answer["page_id"] for answer in found] == [None, "good", None]
    assert "a line of more than" in found[0]["error"]


def test_answers_come_before_the_input_ends(desk: Desk, good: dict[str, Any]) -> None:
    process = desk.start("parse", "--jsonl", stdin=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    for number in range(3):
        process.stdin.write(line(**good | {"id": number}))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["page_id"] == number
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdin = None


def test_a_file_of_pages(desk: Desk, good: dict[str, Any], tmp_path: Path) -> None:
    pages = tmp_path / "pages.jsonl"
    pages.write_bytes(b"\xef\xbb\xbf" + line(**good).replace("\n", "\r\n").encode())
    done = desk.gisa("parse", "--jsonl", str(pages))
    assert json.loads(done.out)["page_id"] == "good"


def test_a_bug_in_a_parser_costs_one_answer_and_exits_1(
    desk: Desk, good: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.portals import daum

    whole = daum.parse_article

    def broken(page: Any, **options: Any) -> Any:
        if "bug" in page.html[:10]:
            raise KeyError("on\npurpose")
        return whole(page, **options)

    monkeypatch.setattr(daum, "parse_article", broken)
    bad = good | {"id": "bad", "html": "<!--bug-->" + good["html"]}
    done = desk.gisa("parse", "--jsonl", stdin=line(**bad) + line(**good))
    first, second = map(json.loads, done.out.splitlines())
    assert done.code == 1
    assert first == {"page_id": "bad", "error": "a bug: KeyError: 'on\\npurpose'"}
    assert second["page_id"] == "good"
    assert "Traceback" in done.err
    assert "page 'bad'" in done.err


def test_a_reader_that_goes_away_ends_the_stream_quietly(desk: Desk, good: dict[str, Any]) -> None:
    pages = desk.folder / "pages.jsonl"
    pages.write_text(line(**good) * 200)
    command = f"{sys.executable} -m jobs parse --jsonl {pages} | head -n 1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, cwd=ROOT, check=True)
    assert json.loads(done.stdout)["page_id"] == "good"
    assert done.stderr == b""
