"""Metrics: what is told agrees with the database, survives restarts and prune, and is read by a parser."""

from __future__ import annotations

import os
import re
import signal
import stat
from datetime import UTC, datetime, timedelta
from urllib.request import Request, urlopen

from prometheus_client.parser import text_string_to_metric_families

from jobs.metric_names import COUNTERS, GAUGES
from jobs.metrics import Exposition
from jobs.sample_portal import Answer
from pipeline.config import load
from pipeline.records import CrawlReport
from pipeline.store import open_store, sqlite_build
from pipeline.store.migrating import known_steps
from pipeline.store.runs import Skip
from tests.jobs.desk import ROOT, Desk
from tests.jobs.test_daemon import lines_until, stop

Samples = dict[str, float]


def _by_source(label: tuple[str, str]) -> tuple[bool, str]:
    return label[0] != "source", label[0]


def parsed(text: str) -> Samples:
    """Samples by `name{label="…"}`, as the official parser of the client reads them."""
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for it in family.samples:
            labels = ",".join(f'{k}="{v}"' for k, v in sorted(it.labels.items(), key=_by_source))
            found[f"{it.name}{{{labels}}}" if labels else it.name] = it.value
    return found


def told(desk: Desk) -> Samples:
    done = desk.gisa("metrics")
    assert (done.code, done.err) == (0, "")
    return parsed(done.out)


def test_counters_agree_with_the_database(desk: Desk) -> None:
    desk.gisa("run")
    desk.portal.newsroom.edit(desk.portal.newsroom.ids("politics")[3])
    desk.portal.answer("/politics", Answer(status=500, times=1))
    desk.gisa("run")
    desk.gisa("run")
    found = told(desk)
    ((new, listed, requests, size),) = desk.rows(
        "SELECT sum(new), sum(listed), sum(requests), sum(bytes) FROM runs"
    )
    assert found['gisa_runs_total{source="politics",outcome="ok"}'] == 2
    assert found['gisa_runs_total{source="politics",outcome="failed"}'] == 1
    assert found['gisa_runs_total{source="politics",outcome="drift"}'] == 0
    assert found['gisa_articles_total{source="politics",change="new"}'] == new > 5
    assert found['gisa_listed_total{source="politics"}'] == listed
    assert found['gisa_errors_total{source="politics",reason="server_error"}'] == 1
    assert found['gisa_requests_total{source="politics"}'] == requests
    pages = [it for it in desk.portal.requests if it.path != "/robots.txt"]
    assert requests == len(pages)
    assert found['gisa_received_bytes_total{source="politics"}'] == size > 10_000
    assert found['gisa_request_seconds_total{source="politics"}'] > 0
    assert found["gisa_articles_stored"] == desk.rows("SELECT count(*) FROM articles")[0][0]
    assert found['gisa_run_duration_seconds_count{source="politics"}'] == 3
    assert found['gisa_run_duration_seconds_bucket{source="politics",le="+Inf"}'] == 3
    assert found["gisa_daemon_up"] == 0
    assert found["gisa_schema_step"] == int(known_steps()[-1].split("_")[1])
    assert abs(found["gisa_metrics_timestamp_seconds"] - datetime.now(UTC).timestamp()) < 60
    last = found['gisa_run_last_success_timestamp_seconds{source="politics"}']
    assert abs(last - datetime.now(UTC).timestamp()) < 60
    assert found["gisa_archive_bytes"] > 0
    assert not any(name.startswith(("process_", "python_", "gisa_process_")) for name in found)


def test_what_did_not_run_is_not_the_last_run(desk: Desk) -> None:
    desk.gisa("run", "--limit", "3")
    before = told(desk)
    with open_store(desk.database) as store:
        due = datetime.now(UTC) + timedelta(hours=1)
        store.runs.note_skipped(Skip("politics", "overrun", due, 1, "still running"), due)
    found = told(desk)
    for name in ("gisa_visits_open", "gisa_run_last_timestamp_seconds"):
        assert found[f'{name}{{source="politics"}}'] == before[f'{name}{{source="politics"}}'] > 0
    assert 'gisa_runs_total{source="politics",outcome="overrun"}' not in found


def test_a_source_that_never_ran_begins_at_zero(desk: Desk) -> None:
    desk.configure("politics", "society")
    desk.gisa("run", "politics")
    found = told(desk)
    assert found['gisa_runs_total{source="society",outcome="blocked"}'] == 0
    assert found['gisa_articles_total{source="society",change="removed"}'] == 0
    assert 'gisa_run_last_timestamp_seconds{source="society"}' not in found


def test_counters_never_go_back_when_runs_are_pruned(desk: Desk) -> None:
    desk.gisa("run")
    with open_store(desk.database) as store:
        for day in range(200, 100, -20):
            at = datetime.now(UTC) - timedelta(days=day)
            number = store.runs.begin("politics", at, "test")
            store.runs.finish(number, CrawlReport("politics", at, at, "ok", new=1))
    before = told(desk)
    assert desk.gisa("prune").code == 0
    assert desk.rows("SELECT count(*) FROM runs")[0][0] < 6
    after = told(desk)
    assert {n: v for n, v in after.items() if n.partition("{")[0] in COUNTERS} == {
        n: v for n, v in before.items() if n.partition("{")[0] in COUNTERS
    }


def test_late_sources_and_what_the_last_hour_should_have_brought(desk: Desk) -> None:
    desk.configure("politics", source='every = "10m"')
    source, now = load(desk.config, {}).sources["politics"], datetime.now(UTC)
    with open_store(desk.database) as store:
        store.sources.remember(source, now)
        for hours in range(24 * 8, 1, -1):
            at = now - timedelta(hours=hours)
            number = store.runs.begin("politics", at, "test")
            store.runs.finish(number, CrawlReport("politics", at, at, "ok"))
    found = told(desk)
    assert found['gisa_source_late{source="politics"}'] == 1
    assert found['gisa_source_interval_seconds{source="politics"}'] == 600
    assert found['gisa_articles_expected{source="politics"}'] == 0
    assert found['gisa_articles_seen{source="politics"}'] == 0


def test_json_has_the_same_figures(desk: Desk) -> None:
    desk.gisa("run")
    samples = desk.gisa("metrics", "--format", "json").json
    ours = {
        (it["name"], tuple(it["labels"].values())): it["value"]
        for it in samples
        if it["name"] != "gisa_metrics_timestamp_seconds"
    }
    assert ours["gisa_runs_total", ("politics", "ok")] == 1
    assert len(ours) == len(told(desk)) - 1


def test_without_a_database_it_says_so(desk: Desk) -> None:
    done = desk.gisa("metrics")
    assert (done.code, done.out) == (1, "")
    assert "does not exist yet" in done.err


def test_a_run_leaves_the_text_file(desk: Desk) -> None:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[metrics]\ntextfile = "gisa.prom"\n')
    desk.gisa("run", "--dry-run")
    target = desk.folder / "gisa.prom"
    assert not target.exists()
    before = os.umask(0o077)
    try:
        assert desk.gisa("run").code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert parsed(target.read_text())['gisa_runs_total{source="politics",outcome="ok"}'] == 1
    assert [it for it in desk.folder.iterdir() if it.name.endswith(".part")] == []


def test_a_text_file_that_cannot_be_written_fails_no_run(desk: Desk) -> None:
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[metrics]\ntextfile = "nowhere/gisa.prom"\n')
    done = desk.gisa("run")
    assert done.code == 0
    assert "gisa.prom: No such file or directory: the figures could not be written" in done.err


def test_the_daemon_is_scraped(desk: Desk) -> None:
    desk.configure("politics", source='every = "1h"')
    with desk.config.open("a", encoding="utf-8") as file:
        file.write('[metrics]\nlisten = "127.0.0.1:0"\ntextfile = "gisa.prom"\n')
    daemon = desk.start("daemon")
    log = lines_until(daemon, r"politics ok in ")
    url = next(it[1] for line in log if (it := re.search(r"metrics at (http://\S+)", line)))
    assert desk.gisa("health", "--daemon").out == "healthy\n"
    with urlopen(url, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        found = parsed(answer.read().decode())
    assert found['gisa_runs_total{source="politics",outcome="ok"}'] == 1
    assert found["gisa_daemon_up"] == 1
    assert found["gisa_process_resident_memory_bytes"] > 10**7
    assert found["gisa_process_open_fds"] > 3
    health = Request(url.replace("/metrics", "/healthz"), method="HEAD")
    with urlopen(health, timeout=10) as answer:
        assert (answer.status, answer.read()) == (200, b"")
    assert parsed((desk.folder / "gisa.prom").read_text())["gisa_daemon_up"] == 1
    assert told(desk)["gisa_daemon_up"] == 1
    stop(daemon, signal.SIGTERM)


def test_an_address_in_use_is_told_in_words(desk: Desk, portal: object) -> None:
    desk.configure("politics", source='every = "1h"')
    with desk.config.open("a", encoding="utf-8") as file:
        file.write(f'[metrics]\nlisten = "{desk.authority}"\n')
    done = desk.process("daemon")
    assert done.code == 2
    assert re.search(rf"gisa: metrics\.listen: {desk.authority}: .*in use", done.err)


def test_every_name_is_told_and_documented(desk: Desk) -> None:
    """The table of docs/monitoring.md is what a database with some history has to tell."""
    desk.portal.answer("/politics", Answer(status=500, times=1))
    desk.gisa("run")
    desk.configure("politics", source='every = "10m"')
    desk.gisa("run")
    with open_store(desk.database) as store:
        config = load(desk.config, {})
        hours = lambda: {"politics": (2.5, 3)}  # noqa: E731
        text = Exposition(config, store, lambda: datetime.now(UTC), hourly=hours).text().decode()
        live = Exposition(config, store, lambda: datetime.now(UTC), live=True).text().decode()
    told = {it.removeprefix("# TYPE ").split(" ")[0] for it in text.splitlines() if "# TYPE" in it}
    assert told == set(COUNTERS) | set(GAUGES) | {"gisa_run_duration_seconds"}
    page = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(gisa_\w+)(?:\{([\w, ]+)\})?` \| (\w+) \|", page, flags=re.MULTILINE)
    documented = {
        name: (kind, tuple(filter(None, labels.split(", ")))) for name, labels, kind in rows
    }
    process = {it.split(" ")[2] for it in live.splitlines() if "# TYPE gisa_process" in it}
    assert set(documented) == told | process
    for known, kind in ((COUNTERS, "counter"), (GAUGES, "gauge")):
        for name, (labels, _) in known.items():
            assert documented[name] == (kind, labels)


def test_a_buggy_sqlite_is_a_figure(desk: Desk, monkeypatch) -> None:
    desk.gisa("run")
    assert told(desk)["gisa_sqlite_wal_reset_bug"] == 0
    monkeypatch.setattr(sqlite_build, "RELEASE", (3, 40, 1))
    assert told(desk)["gisa_sqlite_wal_reset_bug"] == 1
