"""Naver's search by the command: keys by the environment, what is told of them, and where they never are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.sample_portal import SamplePortal
from jobs.sample_portal.naver_api import AT_NAVER_ONLY, CLIENT_ID, CLIENT_SECRET, DEVELOPERS, HUB
from tests.jobs.desk import Desk, Ended

KEYS = {"GISA_NAVER_CLIENT_ID": CLIENT_ID, "GISA_NAVER_CLIENT_SECRET": CLIENT_SECRET}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with SamplePortal(articles=16) as portal:
        it = Desk(tmp_path, portal)
        configure(it)
        yield it


def configure(desk: Desk, path: str = HUB, naver: str = "", source: str = "") -> None:
    desk.configure()
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(
            f'[naver]\napi = "{desk.portal.base_url}{path}"\n{naver}\n'
            f'[source.found]\nnaver_search = [".", "온새"]\nevery = "15m"\n{source}\n'
        )


def told(done: Ended) -> str:
    """What a command printed; no key is ever in it."""
    said = done.out + done.err
    assert CLIENT_ID not in said
    assert CLIENT_SECRET not in said
    return said


@pytest.mark.parametrize(
    ("path", "naver"), [(HUB, ""), (DEVELOPERS, 'platform = "developers"')], ids=["hub", "center"]
)
def test_a_run_stores_what_is_found_and_no_key(desk: Desk, path: str, naver: str) -> None:
    configure(desk, path, naver)
    done = desk.gisa("run", "-v", "--format", "json", env=KEYS)
    told(done)
    assert done.code == 0
    every = [a for a in desk.portal.newsroom.articles() if a.kind == "article" and a.id.isdecimal()]
    own = [a for a in every if int(a.id) % AT_NAVER_ONLY]
    assert desk.rows("SELECT count(*) FROM articles") == [(len(own),)]
    assert desk.rows("SELECT kind, portal FROM sources") == [("naver_search", "web")]
    assert desk.rows("SELECT calls FROM api_calls") == [(2,)]
    for file in filter(Path.is_file, desk.folder.rglob("*")):
        assert CLIENT_SECRET.encode() not in file.read_bytes()
        assert CLIENT_ID.encode() not in file.read_bytes()


def test_keys_may_stand_in_files(desk: Desk) -> None:
    env = {}
    for name, value in KEYS.items():
        file = desk.folder / name
        file.write_text(f"{value}\n")
        env[f"{name}_FILE"] = str(file)
    assert desk.gisa("run", "--limit", "1", env=env).code == 0


@pytest.mark.parametrize("verb", ["run", "check", "daemon"])
def test_without_keys_the_variables_are_named(desk: Desk, verb: str) -> None:
    done = desk.gisa(verb)
    assert done.code == 2
    assert "source.found asks Naver's search API: set GISA_NAVER_CLIENT_ID and GISA_" in told(done)
    done = desk.gisa(verb, env={"GISA_NAVER_CLIENT_ID": CLIENT_ID})
    assert done.code == 2
    assert "set GISA_NAVER_CLIENT_SECRET in" in told(done)
    assert desk.portal.requests == []


def test_without_keys_everything_else_works(desk: Desk) -> None:
    desk.gisa("run", "--limit", "1", env=KEYS)
    for verb in ("status", "sources", "config", "gaps"):
        assert desk.gisa(verb).code == 0, verb
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f'[source.feed]\nfeed = "{desk.portal.base_url}/paper/rss.xml"\n')
    assert desk.gisa("run", "feed").code == 0
    text = desk.config.read_text(encoding="utf-8")
    desk.config.write_text(text.replace('every = "15m"', "enabled = false"), encoding="utf-8")
    assert desk.gisa("run").code == 0


def test_doctor_says_what_is_missing_and_what_is_too_much(desk: Desk) -> None:
    done = desk.gisa("doctor", "--format", "json")
    assert done.code == 1
    (fault,) = [f for f in done.json if f["what"] == "naver"]
    assert (fault["state"], "GISA_NAVER_CLIENT_ID" in fault["said"]) == ("fault", True)
    configure(desk, naver="daily_calls = 100")
    done = desk.gisa("doctor", "--format", "json", env=KEYS)
    (warned,) = [f for f in done.json if f["what"] == "naver"]
    assert (warned["state"], done.code) == ("warning", 0)
    assert "come to 192 calls a day, of 100 that may be made" in warned["said"]


def test_status_and_doctor_tell_of_the_quota(desk: Desk) -> None:
    configure(desk, naver="daily_calls = 10")
    desk.gisa("run", "--limit", "1", env=KEYS)
    assert "Naver's search: 2 of 10 calls made today (Korean time)\n" in told(desk.gisa("status"))
    for _ in range(3):
        desk.gisa("run", "--limit", "1", env=KEYS)
    status = desk.gisa("status", "--format", "json").json["naver"]
    assert (status["calls_today"], status["daily_calls"], status["nearly_used_up"]) == (8, 10, True)
    done = desk.gisa("doctor", env=KEYS)
    assert "8 of 10 calls made today (Korean time): nearly used up" in told(done)
    desk.gisa("run", "--limit", "1", env=KEYS)
    done = desk.gisa("run", env=KEYS)
    assert (done.code, len([r for r in desk.portal.requests if HUB in r.path])) == (1, 10)
    assert "the 10 calls of today are used up until" in told(done)


def test_config_shows_queries_and_whether_keys_are_set(desk: Desk) -> None:
    rows = {row["key"]: row for row in desk.gisa("config", "--format", "json", env=KEYS).json}
    assert rows["source.found.naver_search"]["value"] == [".", "온새"]
    assert rows["naver.client_secret"] == {
        "key": "naver.client_secret",
        "value": "(set)",
        "origin": "GISA_NAVER_CLIENT_SECRET",
    }
    assert rows["naver.platform"]["value"] == "hub"
    told(desk.gisa("config", env=KEYS))
    assert "naver.client_id" not in told(desk.gisa("config"))


def test_check_shows_what_is_found_and_counts_its_call(desk: Desk) -> None:
    done = desk.gisa("check", "--format", "json", env=KEYS)
    assert done.code == 0
    (checked,) = done.json
    assert (checked["kind"], checked["problem"]) == ("naver_search", None)
    assert checked["record"]["text"]
    assert any("stand at Naver only" in said for said in checked["passed_over"])
    assert desk.rows("SELECT calls FROM api_calls") == [(1,)]
    assert ", 온새\n" in desk.gisa("sources").out


def test_wrong_keys_say_what_to_look_at(desk: Desk) -> None:
    done = desk.gisa("run", env=KEYS | {"GISA_NAVER_CLIENT_SECRET": "wrong"})
    assert done.code == 5
    assert "are the keys right, are they of this [naver] platform" in told(done)


def test_a_key_that_no_header_can_hold_is_refused_unseen(desk: Desk) -> None:
    done = desk.gisa("run", env=KEYS | {"GISA_NAVER_CLIENT_SECRET": f"{CLIENT_SECRET}\nX-A: b"})
    assert done.code == 2
    assert "GISA_NAVER_CLIENT_SECRET: naver.client_secret: should be one word" in told(done)
