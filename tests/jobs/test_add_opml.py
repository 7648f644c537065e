"""Lists of feeds: `gisa add FILE.opml`, and `gisa sources --format opml`; the way there and back."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from jobs.sample_portal import Answer
from tests.jobs.desk import Desk

LIST = """<?xml version="1.0" encoding="euc-kr"?>
<opml version="1.0"><body><outline text="신문">
<outline text="한빛일보 전체" type="rss" xmlUrl="https://www.hanbit.example/rss/politics.xml"/>
<outline text="Nuribit Daily" xmlUrl="http://nuribit.example/rss"/>
<outline text="again" xmlUrl="https://nuribit.example/rss/"/></outline>
<outline text="off" xmlUrl="https://off.example/rss" isComment="true"/>
<outline text="no" xmlUrl="javascript:alert(1)"/><outline text="no" xmlUrl="https://user:word@a.example/rss"/>
</body></opml>""".encode("cp949")


def feeds(desk: Desk) -> dict[str, list[str]]:
    rows = desk.gisa("sources", "--format", "json").json
    return {row["name"]: row["listings"] for row in rows if row["kind"] == "feed"}


def written(desk: Desk, body: bytes) -> str:
    path = desk.folder / "list.opml"
    path.write_bytes(body)
    return str(path)


def test_all_feeds_of_a_list_are_added_at_once_without_a_request(desk: Desk) -> None:
    before = desk.config.read_bytes()
    done = desk.gisa("add", written(desk, LIST), "--every", "1h")
    assert done.code == 0
    assert done.out.endswith(f"3 added to {desk.config}, 1 configured already, 2 left out\n")
    assert desk.config.read_bytes().startswith(before)
    assert "# 한빛일보 전체\n[source.hanbit-politics]\n" in desk.config.read_text(encoding="utf-8")
    assert feeds(desk) == {
        "hanbit-politics": ["https://www.hanbit.example/rss/politics.xml"],
        "nuribit-daily": ["http://nuribit.example/rss"],
        "off": ["https://off.example/rss"],
    }
    rows = {row["name"]: row for row in desk.gisa("sources", "--format", "json").json}
    assert [rows[name]["enabled"] for name in ("nuribit-daily", "off")] == [True, False]
    assert rows["off"]["schedule"] == "every 1h"
    assert desk.portal.requests == []
    assert not desk.database.exists()


def test_a_second_time_nothing_is_new(desk: Desk) -> None:
    desk.gisa("add", written(desk, LIST))
    before = desk.config.read_bytes()
    done = desk.gisa("add", "-", "--format", "json", stdin=LIST)
    assert (done.code, done.json["added"], len(done.json["configured"])) == (0, [], 4)
    assert [it["url"] for it in done.json["left_out"]] == [
        "javascript:alert(1)",
        "https://user:word@a.example/rss",
    ]
    assert desk.config.read_bytes() == before


def test_a_dry_run_and_disabled(desk: Desk) -> None:
    before = desk.config.read_bytes()
    assert (
        "new nuribit-daily: http://nuribit.example/rss"
        in desk.gisa("add", written(desk, LIST), "--dry-run").out
    )
    assert desk.config.read_bytes() == before
    desk.gisa("add", written(desk, LIST), "--disabled")
    rows = desk.gisa("sources", "--format", "json").json
    assert [row["enabled"] for row in rows if row["kind"] == "feed"] == [False] * 3


def test_with_check_only_what_can_be_read_is_added(desk: Desk) -> None:
    base = desk.portal.base_url
    body = f"""<opml><body><outline text="one" xmlUrl="{base}/paper/rss.xml"/>
<outline text="two" xmlUrl="{base}/paper"/><outline text="three" xmlUrl="{base}/gone"/></body></opml>"""
    done = desk.gisa("add", "-", "--check", "--format", "json", stdin=body)
    assert [it["name"] for it in done.json["added"]] == ["one"]
    problems = {it["url"].rpartition("/")[2]: it["problem"] for it in done.json["left_out"]}
    assert "a feed, RSS" in problems["paper"]
    assert "gone" in problems["gone"]
    assert feeds(desk) == {"one": [f"{base}/paper/rss.xml"]}


def test_a_list_at_an_address_is_added_only_if_that_is_said(desk: Desk) -> None:
    headers = {"Content-Type": "text/x-opml"}
    desk.portal.answer("/blogroll", Answer(headers=headers, body=LIST))
    url = f"{desk.portal.base_url}/blogroll"
    before = desk.config.read_bytes()
    assert "nothing was added: --yes adds these 3" in desk.gisa("add", url).out
    assert desk.config.read_bytes() == before
    assert desk.gisa("add", url, "--yes").code == 0
    assert len(feeds(desk)) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<opml/>", "0 added"),
        (b"", "is no OPML"),
        (b"<html>", "is no OPML"),
        (b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>", "entities"),
    ],
)
def test_a_list_of_nothing_is_a_failure(desk: Desk, body: bytes, said: str) -> None:
    before = desk.config.read_bytes()
    done = desk.gisa("add", "-", stdin=body)
    assert done.code == 1
    assert said in done.out + done.err
    assert desk.config.read_bytes() == before


def test_a_name_or_a_number_is_not_for_lists(desk: Desk) -> None:
    assert desk.gisa("add", "-", "--name", "x", stdin=LIST).code == 2
    assert desk.gisa("add", "-", "--choose", "1", stdin=LIST).code == 2


def test_10_000_feeds_are_added_in_one_go(desk: Desk) -> None:
    lines = "".join(
        f'<outline text="소식" xmlUrl="https://a.example/rss?{n}"/>' for n in range(10_000)
    )
    done = desk.gisa("add", "-", "-q", stdin=f"<opml><body>{lines}</body></opml>")
    assert (done.code, done.out) == (
        0,
        f"10000 added to {desk.config}, 0 configured already, 0 left out\n",
    )
    assert desk.config.read_text(encoding="utf-8").count("\n[source.a") == 10_000


def test_a_missing_configuration_is_made(desk: Desk, tmp_path: Path) -> None:
    desk.config.unlink()
    assert desk.gisa("add", "-", stdin=LIST, cwd=tmp_path).code == 0
    assert len(feeds(desk)) == 3
    assert "contact" in desk.config.read_text(encoding="utf-8")


def test_exported_sources_are_opml_and_come_back_the_same(desk: Desk) -> None:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(
            '[source.hanbit]\nfeed = ["https://hanbit.example/a?x=1&y=\'2\'", "https://hanbit.example/뉴스"]\n'
            '[source.nuribit]\nfeed = "https://nuribit.example/rss"\nenabled = false\n'
            '[source.aramgol]\nlisting = "https://aramgol.example/news"\n'
        )
    before = feeds(desk)
    done = desk.gisa("sources", "--format", "opml")
    assert done.code == 0
    outlines = ET.fromstring(done.out).findall("body/outline")
    assert [(it.get("type"), it.get("text")) for it in outlines] == [
        ("link", "politics"),
        ("rss", "hanbit"),
        ("rss", "hanbit 2"),
        ("rss", "nuribit"),
        ("link", "aramgol"),
    ]
    desk.configure()
    assert desk.gisa("add", "-", stdin=done.out).code == 0
    after = feeds(desk)
    assert sorted(chain(*after.values())) == sorted(chain(*before.values()))
    assert after["nuribit"] == before["nuribit"]
    assert (
        '\n[source.nuribit]\nfeed = "https://nuribit.example/rss"\nevery = "30m"\nenabled = false\n'
        in (desk.config.read_text(encoding="utf-8"))
    )


def test_other_verbs_do_not_know_the_format(desk: Desk) -> None:
    assert desk.gisa("status", "--format", "opml").code == 2
