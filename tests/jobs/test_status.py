"""`gisa status`, `sources`, `config`: how things are, in text, in JSON and as an exit code."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from jobs.sample_portal import Answer
from pipeline.config import load
from pipeline.measures import Look
from pipeline.records import CrawlReport
from pipeline.settings import PipelineSettings
from pipeline.store import open_store
from tests.jobs.desk import Desk


def state(desk: Desk) -> tuple[str | None, int]:
    (source,) = desk.gisa("status", "--format", "json").json["sources"]
    return source["outcome"], desk.gisa("status", "--exit-code").code


def test_before_any_run_there_is_nothing_to_tell(desk: Desk) -> None:
    done = desk.gisa("status")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"gisa: {desk.database} does not exist yet: `gisa run` makes it\n"
    open_store(desk.database).close()
    assert state(desk) == (None, 1)
    assert re.search(r"^politics +never", desk.gisa("status").out, re.MULTILINE)


def test_after_a_good_run(desk: Desk) -> None:
    desk.gisa("run")
    assert state(desk) == ("ok", 0)
    done = desk.gisa("status")
    articles = desk.rows("SELECT count(*) FROM articles")[0][0]
    assert done.out.startswith(f"{articles} articles, 0 known and not fetched yet, 0 pages")
    assert re.search(rf"^politics +ok +{datetime.now(UTC):%Y}-", done.out, re.MULTILINE)
    assert re.search(rf"^{re.escape(desk.authority)} +\d+", done.out, re.MULTILINE)
    assert "last errors" not in done.out
    assert all(line == line.rstrip() for line in done.out.splitlines())
    status = desk.gisa("status", "--format", "json").json
    (host,) = status["hosts"]
    assert (host["authority"], host["retry_at"]) == (desk.authority, None)
    assert host["requests"] == host["requests_today"] == len(desk.portal.requests)
    assert host["last_url"].startswith(desk.portal.base_url)
    assert host["robots"] == "group *: 1 rule"
    assert status["database"] == str(desk.database)


def test_after_a_failed_run(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=500))
    desk.gisa("run")
    desk.gisa("run")
    assert state(desk) == ("failed", 1)
    (said,) = desk.gisa("status").out.split("last errors\n")[1].splitlines()
    assert re.fullmatch(
        r"  \d{4}-\d\d-\d\d \d\d:\d\d politics server_error: answered 500"
        rf" {re.escape(desk.portal.listing_url('politics'))} \(2 times\)",
        said,
    )
    assert desk.gisa("status").code == 0


def test_after_drift(desk: Desk) -> None:
    desk.portal.break_layout("listing")
    desk.gisa("run")
    assert state(desk) == ("drift", 4)
    assert ", 1 pages in quarantine" in desk.gisa("status").out


def test_the_yield_is_told_in_a_word(desk: Desk) -> None:
    def told() -> dict[str, object]:
        (source,) = desk.gisa("status", "--format", "json").json["sources"]
        found: dict[str, object] = source["yield"]
        return found

    desk.gisa("run")
    assert told() == {"word": "learning", "found": 0, "usual": 0, "learned_by": "none", "drifts": 0}
    with open_store(desk.database) as store:
        now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        listing = desk.portal.listing_url("politics")
        for hours in range(24 * 20, 0, -1):
            at = now - timedelta(hours=hours)
            fresh = 1 if hours < 24 else 4
            look = Look(listing, at + timedelta(hours=1), 20, fresh, at)
            store.health.note_looks("politics", [look])
    said = told()
    assert (said["word"], said["learned_by"]) == ("low", "hour of week")
    assert said["usual"] > 3 * said["found"] > 60  # type: ignore[operator]
    assert re.search(r"^politics +ok .* low ", desk.gisa("status").out, re.MULTILINE)


def test_after_being_blocked(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=403))
    desk.gisa("run")
    assert state(desk) == ("blocked", 5)


def test_after_being_asked_to_wait(desk: Desk) -> None:
    desk.portal.answer("/politics", Answer(status=429, headers={"Retry-After": "3600"}))
    desk.gisa("run")
    assert state(desk) == ("failed", 1)
    (host,) = desk.gisa("status", "--format", "json").json["hosts"]
    assert host["failures"] == 1
    assert datetime.fromisoformat(host["retry_at"]) > datetime.now(UTC) + timedelta(minutes=50)


def test_the_worst_of_the_enabled_sources_counts(desk: Desk) -> None:
    desk.configure("politics", "society", "culture")
    desk.portal.answer("/society", Answer(status=403))
    desk.gisa("run")
    assert desk.gisa("status", "--exit-code").code == 5
    desk.portal.answer("/culture", Answer(status=500))
    desk.gisa("run")
    assert desk.gisa("status", "--exit-code").code == 1
    desk.configure("politics")
    assert desk.gisa("status", "--exit-code").code == 0
    desk.configure("politics", "culture", source="enabled = false")
    assert desk.gisa("status", "--exit-code").code == 0
    assert "not enabled" in desk.gisa("status").out


def run_at(desk: Desk, at: datetime) -> None:
    source = load(desk.config, {}).sources["politics"]
    with open_store(desk.database) as store:
        store.sources.remember(source, at)
        number = store.runs.begin("politics", at, "pid 1 on elsewhere")
        store.runs.finish(number, CrawlReport("politics", at, at, "ok"))


def test_silence_is_told_where_a_source_should_have_run(desk: Desk) -> None:
    desk.configure("politics", source='every = "10m"')
    run_at(desk, datetime.now(UTC) - timedelta(minutes=29))
    assert state(desk) == ("ok", 0)
    run_at(desk, datetime.now(UTC) - timedelta(minutes=31))
    assert state(desk) == ("ok", 1)
    assert "is the daemon or cron alive?" in desk.gisa("status").out
    desk.configure("politics")
    assert state(desk) == ("ok", 0)


def test_what_a_server_said_cannot_steer_the_terminal(desk: Desk) -> None:
    for number in desk.portal.newsroom.ids("politics"):
        desk.portal.answer(f"/v/{number}", Answer(headers={"Content-Type": "x/\x1b]0;pwned\x07"}))
    done = desk.gisa("run")
    for said in (done.out, done.err, desk.gisa("status").out, desk.gisa("sources").out):
        assert all(line.isprintable() for line in said.split("\n"))


def test_sources_tells_what_is_configured_with_and_without_a_database(desk: Desk) -> None:
    desk.configure("politics", "society", source='every = "90m"\nrevisit = ["1h", "7d"]')
    assert re.search(
        r"^politics +portal +daum +every 90m +yes +never ran +http",
        desk.gisa("sources").out,
        re.MULTILINE,
    )
    desk.gisa("run", "politics", "--limit", "1")
    politics, society = desk.gisa("sources", "--format", "json").json
    assert (politics["last_outcome"], society["last_outcome"]) == ("ok", None)
    assert (politics["schedule"], politics["revisit"]) == ("every 90m", ["1h", "7d"])
    assert politics["listings"] == [desk.portal.listing_url("politics")]
    desk.configure("politics", source='cron = "@daily"\nenabled = false')
    assert re.search(
        r"^politics +portal +daum +@daily +no +ok ", desk.gisa("sources").out, re.MULTILINE
    )


def test_sources_does_not_hide_a_damaged_database(desk: Desk) -> None:
    desk.database.write_bytes(b"no database at all" * 1000)
    done = desk.gisa("sources")
    assert done.code == 1
    assert "not a database" in done.err


def test_config_shows_values_and_where_they_came_from(desk: Desk) -> None:
    desk.configure("politics", pipeline='deadline = "90s"', source='revisit = ["1h", "7d"]')
    done = desk.gisa("config", env={"GISA_TIMEZONE": "Europe/Berlin"})
    assert done.out.startswith(f"file      {desk.config}\ndatabase  {desk.database}\n")
    for said in (
        r"pipeline\.deadline +90s +config\.toml:3",
        r"pipeline\.timezone +Europe/Berlin +GISA_TIMEZONE",
        r"pipeline\.delay +1s +default",
        r"source\.politics\.revisit +1h, 7d +config\.toml:\d+",
        r"source\.politics\.enabled +true +default",
    ):
        assert re.search(rf"^{said}$", done.out, re.MULTILINE)
    rows = {row["key"]: row for row in desk.gisa("config", "--format", "json").json}
    assert {f"pipeline.{key}" for key in PipelineSettings.model_fields} <= set(rows)
    assert rows["source.politics.enabled"]["value"] is True
    assert rows["pipeline.concurrency"]["value"] == 1
    assert rows["pipeline.deadline"]["value"] == "90s"
    assert rows["source.politics.listings"]["value"] == [desk.portal.listing_url("politics")]


def test_config_shows_when_a_crontab_expression_comes_due(desk: Desk) -> None:
    desk.configure("politics", source='cron = "30 6 * * 1"')
    assert re.search(
        r"due next \(Asia/Seoul\)\npolitics +30 6 \* \* 1 +Mon \S+ 06:30, Mon \S+ 06:30, Mon \S+ 06:30\n",
        desk.gisa("config").out,
    )


@pytest.mark.parametrize("verb", ["config", "run", "status", "sources", "show x", "history x"])
def test_every_fault_of_a_configuration_is_a_line_and_exits_2(desk: Desk, verb: str) -> None:
    desk.config.write_text('[pipeline]\ncontct = ""\ndelay = 1\n')
    done = desk.gisa(*verb.split())
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        f"gisa: {desk.config}:2: pipeline.contct: unknown key; did you mean 'contact'?",
        f"{desk.config}:3: pipeline.delay: should be a text with a unit,"
        ' such as "30s", "10m", "6h" or "7d" (it is 1)',
    ]


def test_an_adaptive_source_says_why_it_is_asked_less_often(desk: Desk) -> None:
    desk.configure("politics", source='every = "10m"\nadaptive = true\nat_most = "1h"')
    desk.gisa("run")
    (before,) = desk.gisa("status", "--format", "json").json["sources"]
    assert before["polling"] is None
    now = datetime.now(UTC)
    with open_store(desk.database) as store, store.writing() as db:
        db.execute("DELETE FROM runs")
        for hour in range(14 * 24, 0, -1):
            at = f"{now - timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}"
            db.execute(
                "INSERT INTO runs (source, started_at, finished_at, outcome)"
                " VALUES ('politics', ?, ?, 'ok')",
                [at, at],
            )
    (after,) = desk.gisa("status", "--format", "json").json["sources"]
    assert re.fullmatch(
        r"asked every 1h now instead of 10m: nothing new at any hour on (\d+) of \1 days",
        after["polling"],
    )
    assert after["polling"] in desk.gisa("status").out
