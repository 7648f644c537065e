"""What the command tells of listings: `gisa show`, `gisa history --listings`, `gisa front`."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.records import Entry
from pipeline.store import open_store
from tests.jobs.desk import Desk

HOSTILE = "\x1b]0;pwned\x07\x1b[2J\u202e거꾸로\u2066\r\n다음 줄"


@pytest.fixture
def crawled(desk: Desk) -> Desk:
    desk.gisa("run", "--limit", "3")
    return desk


def one_id(desk: Desk) -> str:
    return str(desk.rows("SELECT id FROM articles ORDER BY id LIMIT 1")[0][0])


def look(desk: Desk, minutes: float, *placed: tuple[str, str]) -> datetime:
    """The listing again, so long after its first look; return when that was."""
    (source, listing, first), *_ = desk.rows("SELECT source, listing, seen_at FROM sightings")
    at = datetime.fromisoformat(first) + timedelta(minutes=minutes)
    entries = [
        Entry(key, "u", "u", rank, headline) for rank, (key, headline) in enumerate(placed, 1)
    ]
    with open_store(desk.database) as store:
        store.visits.discover(source, listing, entries, at)
    return at


def test_show_and_history_tell_where_it_stood_and_how_its_headline_changed(crawled: Desk) -> None:
    key = one_id(crawled)
    (rank,) = crawled.rows("SELECT rank FROM sightings WHERE article_id = ?", key)[0]
    look(crawled, 10, (key, "예산안 오늘 의결"))
    look(crawled, 50, ("daum:9", "다른 기사"), (key, "예산안 내일 의결"))
    look(crawled, 75)
    said = f"listed by politics: 1 h 15 min, .+ to .+, best rank {min(rank, 1)}, last 2: http://.+"
    shown = crawled.gisa("show", key).out.splitlines()
    (line,) = [line for line in shown if line.startswith("listed by ")]
    history = crawled.gisa("history", key).out
    assert history.startswith("1  ")
    listed = history.partition("\n\n")[2]
    assert crawled.gisa("history", key, "--listings").out == listed
    lines = listed.splitlines()
    assert lines[0] == line
    assert re.fullmatch(said, line)
    assert lines[-1].endswith("예산안 [-오늘-] {+내일+} 의결")
    (found,) = crawled.gisa("history", key, "--listings", "--format", "json").json
    assert (found["looks"], found["minutes"], found["last_rank"]) == (3, 75, 2)
    assert [head["headline"] for head in found["headlines"]][1:] == [
        "예산안 오늘 의결",
        "예산안 내일 의결",
    ]
    assert found["first_seen_at"].endswith("+09:00")
    (revision,) = crawled.gisa("history", key, "--format", "json").json
    assert revision["revision"] == 1


def test_front_tells_what_a_listing_showed(crawled: Desk) -> None:
    key, listing = one_id(crawled), crawled.portal.listing_url("politics")
    later = look(crawled, 10, (key, "나중 제목"))
    newest = crawled.gisa("front", "politics", "--at", later.isoformat())
    assert newest.code == 0
    assert newest.out.splitlines()[-1].split() == ["1", key, "나중", "제목"]
    assert crawled.gisa("front", listing, "--at", later.isoformat()).out == newest.out
    before = (later - timedelta(minutes=1)).replace(tzinfo=None) + timedelta(hours=9)  # Seoul's
    (front,) = crawled.gisa(
        "front", "politics", "--at", before.isoformat(), "--format", "json"
    ).json
    truth = crawled.portal.newsroom.listing("politics", 99)
    assert (front["source"], front["listing"]) == ("politics", listing)
    assert [p["rank"] for p in front["places"]] == list(range(1, len(front["places"]) + 1))
    assert [p["article_id"] for p in front["places"]] == [f"daum:{a.id}" for a in truth]


def test_front_of_a_source_with_two_listings(desk: Desk) -> None:
    urls = [desk.portal.listing_url(section) for section in ("politics", "society")]
    desk.configure("politics")
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace(f'["{urls[0]}"]', f'["{urls[0]}", "{urls[1]}"]'), "utf-8")
    desk.gisa("run", "--limit", "1")
    fronts = desk.gisa("front", "politics", "--format", "json").json
    assert [front["listing"] for front in fronts] == urls
    assert all(url in desk.gisa("front", "politics").out for url in urls)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nowhere",), "no source and no listing 'nowhere' was read yet: see `gisa sources`"),
        (("",), "no source and no listing '' was read yet: see `gisa sources`"),
        (
            ("politics", "--at", "1999-01-01"),
            "nothing is known of politics at 1999-01-01T15:00:00Z: not read yet, or pruned",
        ),
    ],
)
def test_front_says_what_is_wrong(crawled: Desk, args: tuple[str, ...], said: str) -> None:
    done = crawled.gisa("front", *args)
    assert (done.code, done.out) == (1, "")
    assert said in done.err


def test_nothing_listed_can_steer_the_terminal(crawled: Desk) -> None:
    key = one_id(crawled)
    later = look(crawled, 10, (key, HOSTILE))
    with open_store(crawled.database) as store:
        entry = Entry(key, "u", "u", 1, HOSTILE)
        store.visits.discover("politics", f"http://h/{HOSTILE}", [entry], later)
        store.visits.discover(
            "politics", f"http://h/{HOSTILE}", [replace(entry, headline=HOSTILE * 2)], later
        )
    for args in (("show", key), ("history", key), ("front", "politics", "--at", later.isoformat())):
        out = crawled.gisa(*args).out
        assert "거꾸로" in out or args[0] == "show"
        assert all(line.isprintable() for line in out.split("\n"))
        assert "\x1b" not in crawled.gisa(*args, "--format", "json").out


@pytest.mark.parametrize("at", ["noon", "0001-01-01T00:00+14:00", "1h5", "2026-13-01"])
def test_what_is_no_time_is_told(desk: Desk, at: str) -> None:
    done = desk.gisa("front", "politics", "--at", at)
    assert (done.code, done.out) == (2, "")
    assert f"{at!r} is no time: write 2026-09-27, 2026-09-27T10:30, or 7d" in done.err
