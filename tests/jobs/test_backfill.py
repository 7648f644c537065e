"""`gisa backfill`: the past of a source at the sample publisher, by its archive and its sitemaps."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jobs import wiring
from jobs.backfilling import GiveWay, rivals_of
from jobs.lock import source_lock
from jobs.sample_portal import Answer, SamplePortal, SeenRequest
from jobs.sample_portal.newsroom import KST, Newsroom
from pipeline.config import load
from tests.jobs.desk import Desk

TODAY = datetime.now(UTC).astimezone(KST).replace(hour=10, minute=0, second=0, microsecond=0)
NOW = TODAY - timedelta(days=7)
"""The portal's clock: its days are over, whenever the tests run. In the small hours it publishes, too."""
FIRST, LAST = (f"{NOW - timedelta(days=ago):%F}" for ago in (3, 0))
ALL = ("--from", FIRST, "--to", LAST)
TODAYS = ("--from", LAST, "--to", LAST)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A publisher with an archive by date, in pages of ten."""
    with SamplePortal(Newsroom(1, 40, NOW), entries=5) as portal:
        it = Desk(tmp_path, portal)
        it.configure("politics")
        paper = f"{portal.base_url}/paper"
        with it.config.open("a", encoding="utf-8") as file:
            file.write(
                f'[source.paper]\nlisting = "{paper}"\nlink = ".card-title a"\n'
                f'archive = "{paper}/archive?date={{date}}&page={{page}}"\n'
                f'[source.maps]\nsitemap = "{paper}/sitemap.xml"\n'
                f'[source.feed]\nfeed = "{paper}/rss.xml"\n'
            )
        yield it
        for process in it.started:
            if process.poll() is None:
                process.kill()
            process.communicate()


def published(desk: Desk, first: str = FIRST, last: str = LAST) -> set[str]:
    """Addresses of what the paper published on these days, by its own calendar."""
    return {
        f"{desk.portal.base_url}/paper/article/{a.id}"
        for a in desk.portal.newsroom.articles()
        if a.kind == "article" and a.id.isdecimal() and first <= f"{a.published_at:%F}" <= last
    }


def stored(desk: Desk) -> set[str]:
    return {row[0] for row in desk.rows("SELECT url FROM articles")}


def asked(desk: Desk, part: str = "/paper/") -> Counter[str]:
    return Counter(it.path for it in desk.portal.requests if part in it.path)


def archive(day: str | date, page: int) -> str:
    return f"/paper/archive?date={day}&page={page}".replace("-", "")


def kill_at(desk: Desk, number: int, part: str) -> str:
    """Kill -9 a backfill as the n-th request with a part arrives; return that request."""
    seen: list[str] = []
    process = desk.start("backfill", "paper", *ALL)

    def kill(request: SeenRequest) -> None:
        if part in request.path:
            seen.append(request.path)
            if len(seen) == number:
                process.kill()

    desk.portal.on_request = kill
    assert process.wait(20) == -signal.SIGKILL
    desk.portal.on_request = None
    return seen[number - 1]


def test_a_range_is_stored_once_and_is_no_run(desk: Desk) -> None:
    done = desk.gisa("backfill", "paper", *ALL)
    assert (done.code, done.summary["new"], done.summary["errors"]) == (0, len(stored(desk)), 0)
    assert stored(desk) == published(desk)
    assert len(stored(desk)) > 25
    assert max(asked(desk).values()) == 1
    assert desk.rows("SELECT count(*) FROM runs") == [(0,)]
    assert desk.rows("SELECT count(*) FROM looks") == [(0,)]
    numbers = desk.rows(
        "SELECT published_at FROM articles WHERE published_at_source <> 'url' ORDER BY seq"
    )
    assert len(numbers) > 20
    assert numbers == sorted(numbers)
    desk.portal.forget_requests()
    again = desk.gisa("backfill", "paper", *ALL)
    assert again.code == 0
    assert "is done; --again reads its listings anew" in again.out
    assert desk.portal.requests == []


def test_days_are_those_of_the_configured_zone(desk: Desk) -> None:
    """An article of half past midnight in Seoul is of that day, though it is the day before in UTC."""
    midnight = NOW.replace(hour=0, minute=0)
    near = [
        a
        for a in desk.portal.newsroom.articles()
        if abs(a.published_at - midnight) < timedelta(hours=9)
    ]
    assert {a.published_at.astimezone(UTC).date() for a in near} != {
        a.published_at.date() for a in near
    }
    desk.gisa("backfill", "paper", *TODAYS)
    assert stored(desk) == published(desk, LAST, LAST)
    assert {path[-15:-7] for path in asked(desk, "/archive")} == {LAST.replace("-", "")}
    desk.gisa("backfill", "maps", "--from", FIRST, "--to", FIRST)
    of_maps = desk.rows("SELECT url FROM articles WHERE source = 'maps'")
    assert {row[0] for row in of_maps} == published(desk, FIRST, FIRST)


@pytest.mark.parametrize(("number", "part"), [(7, "/article/"), (2, "page=2")])
def test_kill_9_fetches_nothing_twice(desk: Desk, number: int, part: str) -> None:
    at = kill_at(desk, number, part)
    before = stored(desk)
    assert len(before) < len(published(desk))
    done = desk.gisa("backfill", "paper", *ALL)
    assert done.code == 0
    assert stored(desk) == published(desk)
    # what was under way as the process died may be asked for again, and nothing else
    assert {path for path, times in asked(desk).items() if times > 1} <= {at}
    assert desk.gisa("backfill", "paper", *ALL).out.count("is done; --again") == 1


def test_a_signal_stops_it_in_order(desk: Desk) -> None:
    release = desk.first_request("/paper/article/" + sorted(published(desk))[4].rpartition("/")[2])
    process = desk.start("backfill", "paper", *ALL)
    assert release.wait(20)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 143
    assert err.endswith("gisa: stopped by SIGTERM; the same command goes on from here\n")
    (row,) = desk.gisa("backfill", "--format", "json").json
    assert (row["outcome"], row["finished_at"]) == ("failed", None)
    assert row["detail"] == "stopped by a signal"
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)


def test_days_that_were_read_are_not_read_for_another_range(desk: Desk) -> None:
    desk.gisa("backfill", "paper", *TODAYS)
    desk.portal.forget_requests()
    desk.gisa("backfill", "paper", *ALL)
    assert stored(desk) == published(desk)
    assert not any(LAST.replace("-", "") in path for path in asked(desk, "/archive"))
    desk.portal.forget_requests()
    again = desk.gisa("backfill", "paper", *ALL, "--again")
    assert (again.code, again.summary["new"]) == (0, 0)
    assert asked(desk, "/article/") == Counter()
    assert any(LAST.replace("-", "") in path for path in asked(desk, "/archive"))


def test_limit_and_the_list_of_backfills(desk: Desk) -> None:
    assert desk.gisa("backfill", "paper", *TODAYS, "--limit", "3").summary["new"] == 3
    (row,) = desk.gisa("backfill", "--format", "json").json
    assert (row["source"], row["done"], row["finished_at"]) == ("paper", 3, None)
    assert row["waiting"] == row["found"] - 3 > 0
    text = desk.gisa("backfill").out
    assert f"paper   {LAST}  {LAST}  ok" in text
    assert "of 1 days" in text
    desk.gisa("backfill", "paper", *TODAYS)
    assert "  done   1 of 1 days" in desk.gisa("backfill").out


def test_an_ordinary_run_leaves_the_past_alone(desk: Desk) -> None:
    desk.gisa("backfill", "paper", *TODAYS, "--limit", "1")
    waiting = desk.rows("SELECT count(*) FROM visits WHERE backfill_day NOT NULL")[0][0]
    assert waiting > 5
    status = desk.gisa("status", "--format", "json").json
    assert [it["open"] for it in status["sources"] if it["name"] == "paper"] == [0]
    assert status["open"] == 0
    ran = desk.gisa("run", "paper")
    assert ran.summary["new"] == 5
    assert "open" not in ran.summary
    # the run's five are on the front page; what waits for the backfill has not become less by others
    (left,) = desk.rows("SELECT count(*) FROM visits WHERE backfill_day NOT NULL")[0]
    assert waiting - 5 <= left <= waiting
    desk.gisa("backfill", "paper", *ALL)
    assert stored(desk) == published(desk)
    assert max(asked(desk, "/article/").values()) == 1


def test_what_a_listing_shows_now_waits_for_no_backfill(desk: Desk) -> None:
    desk.gisa("backfill", "paper", "--from", LAST, "--to", LAST, "--limit", "1")
    waiting = desk.rows("SELECT count(*) FROM visits WHERE backfill_day NOT NULL")[0][0]
    listed = desk.gisa("run", "paper").summary["new"]
    (left,) = desk.rows("SELECT count(*) FROM visits WHERE backfill_day NOT NULL")[0]
    assert left == waiting - listed
    assert listed == 5


def test_a_source_without_a_past_says_what_can_be_done(desk: Desk) -> None:
    for source in ("feed", "politics"):
        done = desk.gisa("backfill", source, *ALL)
        assert done.code == 2
        for advice in ("archive = ", "sitemap = ", "gisa import"):
            assert advice in done.err
    assert desk.portal.requests == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("paper",), "say which days"),
        (("paper", "--from", LAST, "--to", FIRST), "is after --to"),
        (("paper", "--from", "2199-01-01", "--to", "2199-01-02"), "is in the future"),
        (("paper", "--from", "27.9.2026", "--to", LAST), "is no day"),
        (("--from", FIRST, "--to", LAST), "name the source"),
        (("nowhere", *ALL), "no source 'nowhere'"),
    ],
)
def test_wrong_arguments(desk: Desk, args: tuple[str, ...], said: str) -> None:
    done = desk.gisa("backfill", *args)
    assert done.code == 2
    assert said in done.err


def test_a_block_ends_it(desk: Desk) -> None:
    desk.portal.answer(archive(LAST, 1), Answer(status=403))
    done = desk.gisa("backfill", "paper", *ALL)
    assert (done.code, done.summary["blocked"]) == (5, 1)
    assert stored(desk) == published(desk, FIRST, f"{NOW - timedelta(days=1):%F}")
    desk.portal.heal()
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)


def test_robots_txt_holds_for_the_past_too(desk: Desk) -> None:
    desk.portal.robots = "User-agent: *\nDisallow: /paper/archive\n"
    assert desk.gisa("backfill", "paper", *ALL).code == 5
    assert {it.path for it in desk.portal.requests} == {"/robots.txt"}


def test_one_day_that_cannot_be_had_is_read_later(desk: Desk) -> None:
    day = f"{NOW - timedelta(days=1):%F}"
    desk.portal.answer(archive(day, 1), Answer(status=500))
    done = desk.gisa("backfill", "paper", *ALL)
    assert (done.code, done.summary["errors"]) == (3, 1)
    assert stored(desk) == published(desk) - published(desk, day, day)
    desk.portal.heal()
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)
    assert {p for p, times in asked(desk).items() if times > 1} == {archive(day, 1)}


@pytest.mark.parametrize("status", [500, 304])
def test_an_article_that_cannot_be_had_is_put_off(desk: Desk, status: int) -> None:
    url = min(published(desk))
    desk.portal.answer(url.removeprefix(desk.portal.base_url), Answer(status=status, times=1))
    done = desk.gisa("backfill", "paper", *ALL, "--format", "json")
    assert (done.code, done.json["finished"], done.json["totals"]["open"]) == (3, False, 1)
    assert stored(desk) == published(desk) - {url}


def test_a_layout_that_changed_is_drift_and_no_empty_days(desk: Desk) -> None:
    desk.portal.break_layout("paper")
    done = desk.gisa("backfill", "paper", *ALL)
    assert (done.code, done.summary["drift"]) == (4, 1)
    assert desk.gisa("status", "--format", "json").json["quarantined"] == 1
    desk.portal.heal_layout()
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)


def test_a_layout_that_changes_on_the_way_is_drift(desk: Desk) -> None:
    """The days behind it name nothing; a look at a day that named something tells why."""

    def break_then(request: SeenRequest) -> None:
        if f"{NOW - timedelta(days=1):%Y%m%d}&page=1" in request.path:
            desk.portal.break_layout("paper")

    desk.portal.on_request = break_then
    done = desk.gisa("backfill", "paper", *ALL)
    assert done.code == 4
    desk.portal.heal_layout()
    desk.portal.on_request = None
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)


def test_days_on_which_nothing_appeared(desk: Desk) -> None:
    early = f"{NOW - timedelta(days=9):%F}"
    done = desk.gisa("backfill", "paper", "--from", early, "--to", LAST)
    assert (done.code, stored(desk)) == (0, published(desk, "0001", LAST))
    # at the end of a range: a day that named articles is looked at once more, and all is believed
    after = f"{NOW + timedelta(days=1):%F}"
    desk.portal.forget_requests()
    done = desk.gisa("backfill", "paper", "--from", LAST, "--to", after)
    assert done.code == 0
    assert asked(desk) == Counter([archive(after, 1), archive(LAST, 1)])


def test_a_day_that_is_not_over_is_read_again(tmp_path: Path, desk: Desk) -> None:
    today = f"{datetime.now(UTC).astimezone(KST):%F}"
    page = desk.portal.respond("GET", archive(LAST, 1), {}).body
    desk.portal.answer(archive(today, 1), Answer(body=page))
    done = desk.gisa("backfill", "paper", "--from", today, "--to", today, "--format", "json")
    assert (done.code, done.json["finished"]) == (0, False)
    assert done.json["totals"]["new"] == 10
    desk.portal.forget_requests()
    assert desk.gisa("backfill", "paper", "--from", today, "--to", today).code == 0
    assert asked(desk) == Counter([archive(today, 1), archive(today, 2)])
    assert desk.rows("SELECT count(*) FROM backfill_days") == [(0,)]


def test_a_pager_that_shows_the_last_page_for_ever_ends(desk: Desk) -> None:
    first = desk.portal.respond("GET", archive(LAST, 1), {}).body
    for page in range(2, 9):
        desk.portal.answer(archive(LAST, page), Answer(body=first))
    desk.portal.forget_requests()
    assert desk.gisa("backfill", "paper", *TODAYS).code == 0
    assert set(asked(desk, "/archive")) == {archive(LAST, 1), archive(LAST, 2)}
    assert len(stored(desk)) == 10


def test_an_archive_that_takes_no_notice_of_the_date_is_drift(desk: Desk) -> None:
    desk.portal.answer(
        "/paper/archive", Answer(body=desk.portal.respond("GET", archive(LAST, 1), {}).body)
    )
    done = desk.gisa("backfill", "paper", *ALL)
    assert done.code == 4
    assert "it names those of" in done.out


def test_a_page_behind_the_last_one_may_be_404(desk: Desk) -> None:
    for day in range(4):
        for page in (1, 2, 3):
            path = archive(f"{NOW - timedelta(days=day):%F}", page)
            if b"card-title" not in desk.portal.respond("GET", path, {}).body:
                desk.portal.answer(path, Answer(status=404))
    assert desk.gisa("backfill", "paper", *ALL).code == 0
    assert stored(desk) == published(desk)


def test_two_backfills_exclude_each_other_and_crawls_go_first(desk: Desk) -> None:
    config = desk.config.read_text(encoding="utf-8").replace('delay = "0s"', 'delay = "20ms"')
    desk.config.write_text(config, encoding="utf-8")
    path = min(published(desk)).removeprefix(desk.portal.base_url)
    release, begun = threading.Event(), desk.first_request(path)
    desk.portal.answer(path, Answer(stall=release))
    backfill = desk.start("backfill", "paper", *ALL)
    assert begun.wait(20)
    second = desk.gisa("backfill", "paper", *ALL)
    assert second.code == 75
    said = (
        f"another backfill is at it: backfill-paper: another run holds the lock (pid {backfill.pid}"
    )
    assert said in second.out

    def go_on(request: SeenRequest) -> None:
        if request.path == "/politics":
            release.set()

    desk.portal.on_request = go_on
    assert desk.gisa("run", "politics").code == 0
    paths = [it.path for it in desk.portal.requests]
    last = max(n for n, each in enumerate(paths) if each.startswith("/v/"))
    beside = [each for each in paths[paths.index("/politics") : last] if "/paper/" in each]
    assert len(beside) <= 1
    assert backfill.wait(20) == 0
    assert stored(desk) >= published(desk)


def test_a_crawl_that_never_ends_is_not_waited_for_for_ever(desk: Desk) -> None:
    """Such as one of a machine that is gone: its note lies there, and nobody can tell."""
    told: list[str] = []

    async def twice() -> None:
        aside = GiveWay(desk.database, ("paper",), told.append, patience=0.0)
        await aside()
        await aside()

    with source_lock(desk.database, "paper", NOW):
        asyncio.run(twice())
    assert told == []
    assert rivals_of(load(desk.config, {}).sources["feed"], load(desk.config, {})) == (
        "feed",
        "politics",
        "paper",
        "maps",
    )


def lastmod(desk: Desk, url: str, at: datetime | None) -> str:
    said = f"<lastmod>{at.isoformat()}</lastmod>" if at else ""
    return f"<url><loc>{url}</loc>{said}</url>"


def urlset(*urls: str) -> Answer:
    ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Answer(
        body=f'<urlset xmlns="{ns}">{"".join(urls)}</urlset>', headers={"Content-Type": "text/xml"}
    )


def index_of(desk: Desk, names: dict[str, datetime | None]) -> Answer:
    base = f"{desk.portal.base_url}/paper"
    each = "".join(
        f"<sitemap><loc>{base}/{name}</loc>"
        + (f"<lastmod>{at.isoformat()}</lastmod>" if at else "")
        + "</sitemap>"
        for name, at in names.items()
    )
    ns = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return Answer(
        body=f'<sitemapindex xmlns="{ns}">{each}</sitemapindex>',
        headers={"Content-Type": "text/xml"},
    )


def without_dates(desk: Desk, number: int) -> list[str]:
    """Addresses of articles that say nothing of a day, as most do elsewhere."""
    base = desk.portal.base_url
    found = {f"/paper/story/{n}": url for n, url in enumerate(sorted(published(desk))[:number])}
    for path, url in found.items():
        page = desk.portal.respond("GET", url.removeprefix(base), {}).body
        desk.portal.answer(path, Answer(body=page))
    desk.portal.forget_requests()
    return [base + path for path in found]


def test_sitemaps_are_walked_as_far_as_they_may_name_something(desk: Desk) -> None:
    urls = without_dates(desk, 6)
    this, before = f"map-{NOW:%Y-%m}.xml", f"map-{NOW - timedelta(days=70):%Y-%m}.xml"
    desk.portal.answer(
        "/paper/sitemap.xml",
        index_of(
            desk, {this: None, before: None, "old.xml": NOW - timedelta(days=30), "deep.xml": None}
        ),
    )
    in_range, after = NOW - timedelta(days=2), NOW + timedelta(days=2)
    long_ago = NOW - timedelta(days=90)
    # of the month's own file all are of the month; no time is needed, and none of another one is believed
    desk.portal.answer(
        f"/paper/{this}",
        urlset(
            lastmod(desk, urls[0], None),
            lastmod(desk, urls[1], after),
            lastmod(desk, urls[5], long_ago),
        ),
    )
    desk.portal.answer("/paper/deep.xml", index_of(desk, {"deeper.xml": None}))
    desk.portal.answer(
        "/paper/deeper.xml",
        urlset(
            lastmod(desk, urls[2], in_range),
            lastmod(desk, urls[3], after),
            lastmod(desk, urls[4], None),
        ),
    )
    done = desk.gisa("backfill", "maps", *ALL)
    read = {path.removeprefix("/paper/") for path in asked(desk) if path.endswith(".xml")}
    assert read == {"sitemap.xml", this, "deep.xml", "deeper.xml"}
    assert (done.code, done.summary["errors"]) == (0, 0)
    assert stored(desk) == set(urls[:3])
    assert "1 addresses changed after these days, and tell no other time" in done.out
    assert "1 addresses tell no time" in done.out
    desk.portal.forget_requests()
    assert "is done" in desk.gisa("backfill", "maps", *ALL).out
    assert desk.portal.requests == []


def test_a_sitemap_that_fails_is_read_the_next_time_and_no_other(desk: Desk) -> None:
    urls = sorted(published(desk))
    at = NOW - timedelta(days=1)
    desk.portal.answer(
        "/paper/sitemap.xml", index_of(desk, {"a.xml": None, "b.xml": None, "gone.xml": None})
    )
    desk.portal.answer("/paper/a.xml", Answer(status=500, times=1))
    desk.portal.answer("/paper/b.xml", urlset(lastmod(desk, urls[0], at)))
    desk.portal.answer("/paper/gone.xml", Answer(status=404))
    done = desk.gisa("backfill", "maps", *ALL)
    assert (done.code, stored(desk)) == (3, {urls[0]})
    desk.portal.answer("/paper/a.xml", urlset(lastmod(desk, urls[1], at)))
    done = desk.gisa("backfill", "maps", *ALL)
    assert (done.code, stored(desk)) == (0, set(urls[:2]))
    assert {p: n for p, n in asked(desk).items() if n > 1} == {"/paper/a.xml": 2}


def test_sitemaps_that_name_nothing_of_the_range_say_so(desk: Desk) -> None:
    early = f"{NOW - timedelta(days=400):%F}"
    done = desk.gisa("backfill", "maps", "--from", early, "--to", early)
    assert done.code == 0
    assert "the sitemaps name no article of these days" in done.out


def test_what_its_page_dates_otherwise_is_stored_and_counted(desk: Desk) -> None:
    page = desk.portal.respond("GET", archive(FIRST, 1), {}).body
    day = f"{NOW + timedelta(days=1):%F}"
    desk.portal.answer(archive(day, 1), Answer(body=page))
    done = desk.gisa("backfill", "paper", "--from", day, "--to", day, "--format", "json")
    assert done.code == 0
    assert done.json["outside"] == done.json["totals"]["new"] > 0


def test_revisits_are_by_the_age_of_the_article(desk: Desk) -> None:
    """An article of last week is not looked at again in an hour, a day and a week from now."""
    config = desk.config.read_text(encoding="utf-8")
    config = config.replace("[source.paper]\n", '[source.paper]\nrevisit = ["1h", "1d", "520w"]\n')
    desk.config.write_text(config, encoding="utf-8")
    desk.gisa("backfill", "paper", *ALL, "--limit", "4")
    due = desk.rows("SELECT not_before FROM visits WHERE state = 'settled'")
    assert len(due) == 4
    assert all(int(at[:4]) > NOW.year + 8 for (at,) in due)
    assert desk.gisa("run", "paper").summary["unchanged"] == 0


def test_a_backfill_closes_the_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that `gisa gaps` prints fetches what stood on the listing between two looks."""
    newsroom = desk.portal.newsroom
    desk.gisa("run", "paper")
    desk.happened_at(newsroom.now)
    newsroom.advance(timedelta(hours=1))
    missed = [newsroom.publish("politics").id for _ in range(8)]
    newsroom.advance(timedelta(hours=3))
    for _ in range(6):
        newsroom.publish("politics")
    desk.gisa("run", "paper")
    desk.happened_at(newsroom.now)
    clock = [newsroom.now + timedelta(minutes=5)]
    monkeypatch.setattr(wiring, "now", lambda: clock[0])
    said = desk.gisa("gaps", "paper", "--since", "1d")
    assert "paper: 1 gaps in " in said.out
    command = f"gisa backfill paper --from {LAST} --to {LAST}"
    assert said.out.splitlines()[-1] == command
    clock[0] = (NOW + timedelta(days=1)).replace(hour=3)
    done = desk.gisa(*command.split()[1:])
    assert done.code == 0
    assert {url.rpartition("/")[2] for url in stored(desk)} >= set(missed)
    (after,) = desk.gisa("gaps", "paper", "--since", "2d", "--format", "json").json
    # what is left is that nobody has looked since midnight
    (gap,) = after["gaps"]
    assert datetime.fromisoformat(gap["from"]) == clock[0].replace(hour=0)
    assert gap["kinds"] == ["not_read_since"]
