"""How all sources are doing, worst first: every state that a source can be in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.lock import source_lock
from jobs.overview import BAD, STATES, Overview, Standing
from pipeline.config import Config, load
from pipeline.history import Sign
from pipeline.store import Store, open_store
from tests.jobs.lived import HOUR, brought, drifted, ran

NOW = datetime(2026, 9, 27, 12, 0, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_NAMES = ("a", "b", "c", "d")
_CONFIG = '[pipeline]\ncontact = "mailto:desk@newsroom.example"\n' + "".join(
    f'[source.{name}]\nportal = "daum"\nlistings = ["https://news.daum.net/{name}"]\nevery = "10m"\n'
    for name in _NAMES
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return _configured(tmp_path, _CONFIG)


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    with open_store(config.database) as opened:
        yield opened


def _configured(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, {})


def _of(config: Config, store: Store, name: str = "a", now: datetime = NOW) -> Standing:
    return Overview(config, store, now).of(name)


def test_of_an_empty_database_all_sources_never_ran(config: Config, store: Store) -> None:
    standings = Overview(config, store, NOW).standings()
    assert [(it.name, it.state, it.last_ok_at) for it in standings] == [
        (name, "never", None) for name in _NAMES
    ]
    assert standings[0].next_at == NOW, "without a run it is due at once"


def test_a_source_that_ran_well_says_so_and_when_it_runs_next(config: Config, store: Store) -> None:
    at = NOW - 4 * _MINUTE
    ran(store, config.sources["a"], at, open=2)
    it = _of(config, store)
    assert (it.state, it.detail, it.since) == ("ok", "", None)
    assert it.last_ok_at == at + timedelta(seconds=30)
    assert it.next_at == at + 10 * _MINUTE


@pytest.mark.parametrize("outcome", ["blocked", "failed", "drift"])
def test_trouble_lasts_since_the_first_run_after_the_last_good_one(
    config: Config, store: Store, outcome: str
) -> None:
    source = config.sources["a"]
    ran(store, source, NOW - 40 * _MINUTE)
    ran(store, source, NOW - 30 * _MINUTE, outcome, "first")  # type: ignore[arg-type]
    ran(store, source, NOW - 20 * _MINUTE, outcome, "second")  # type: ignore[arg-type]
    it = _of(config, store)
    assert (it.state, it.detail, it.since) == (outcome, "second", "2026-09-27T11:30:00Z")
    ran(store, source, NOW - 10 * _MINUTE)
    assert (_of(config, store).state, _of(config, store).since) == ("ok", None)


def test_a_drift_says_what_there_is_less_of_also_after_a_run_that_saw_no_page(
    config: Config, store: Store
) -> None:
    source = config.sources["a"]
    ran(store, source, NOW - 40 * _MINUTE)
    drifted(store, source, NOW - 20 * _MINUTE, Sign("field:authors", 0.97, 2, 14))
    ran(store, source, NOW - 10 * _MINUTE)
    it = _of(config, store)
    assert (it.state, it.since) == ("drift", "2026-09-27T11:40:00Z")
    assert [row["name"] for row in it.drifts] == ["field:authors"]


def test_a_run_that_is_under_way_does_not_hide_how_the_one_before_ended(
    config: Config, store: Store
) -> None:
    source = config.sources["a"]
    ran(store, source, NOW - 20 * _MINUTE, "blocked", "403")
    with source_lock(config.database, "a", NOW):
        store.runs.begin("a", NOW, "pid 1")
        assert (_of(config, store).state, _of(config, store).detail) == ("blocked", "403")
    assert _of(config, store).state == "crashed", "nobody is at it any more"


def test_a_first_run_that_is_under_way_is_running(config: Config, store: Store) -> None:
    store.sources.remember(config.sources["a"], NOW)
    with source_lock(config.database, "a", NOW):
        store.runs.begin("a", NOW, "pid 1")
        assert _of(config, store).state == "running"


@pytest.mark.parametrize(("minutes", "state"), [(29, "ok"), (31, "late")])
def test_a_source_that_did_not_run_for_three_intervals_is_late(
    config: Config, store: Store, minutes: int, state: str
) -> None:
    ran(store, config.sources["a"], NOW - minutes * _MINUTE)
    assert _of(config, store).state == state


def test_a_crontab_source_is_late_too(tmp_path: Path, store: Store) -> None:
    config = _configured(tmp_path, _CONFIG.replace('every = "10m"', 'cron = "0 * * * *"'))
    ran(store, config.sources["a"], NOW - 2 * HOUR)
    assert (_of(config, store).state, _of(config, store).next_at) == ("ok", NOW - HOUR)
    assert _of(config, store, now=NOW + 2 * HOUR).state == "late"


@pytest.mark.parametrize("cron", ["61 * * * *", "0 0 30 2 *"])
def test_a_crontab_expression_that_never_comes_due_is_trouble(
    tmp_path: Path, store: Store, cron: str
) -> None:
    config = _configured(tmp_path, _CONFIG.replace('every = "10m"', f'cron = "{cron}"', 1))
    ran(store, config.sources["a"], NOW - HOUR)
    it = Overview(config, store, NOW).standings()[0]
    assert (it.name, it.state, it.next_at) == ("a", "misconfigured", None)
    assert cron in it.detail
    assert it.state in BAD


def test_few_new_entries_are_worth_a_look_and_no_trouble(config: Config, store: Store) -> None:
    source = config.sources["a"]
    brought(store, source, NOW, days=10, an_hour=6, last_day=2)
    ran(store, source, NOW - 4 * _MINUTE)
    it = _of(config, store)
    assert it.state == "low"
    assert it.state not in BAD
    assert (it.brought.word(0), round(it.brought.found)) == ("low", 48)
    assert 130 < it.brought.usual < 150


def test_few_of_next_to_nothing_are_not_few(config: Config, store: Store) -> None:
    brought(store, config.sources["a"], NOW, days=10, an_hour=0, last_day=0)
    ran(store, config.sources["a"], NOW - 4 * _MINUTE)
    assert _of(config, store).state == "ok"


def test_what_is_switched_off_without_schedule_or_not_configured_any_more(
    tmp_path: Path, store: Store
) -> None:
    before = _configured(tmp_path, _CONFIG)
    for source in before.sources.values():
        ran(store, source, NOW - 4 * _MINUTE)
    text = _CONFIG.replace('every = "10m"', "", 1).replace(
        "[source.b]", "[source.b]\nenabled = false"
    )
    config = _configured(tmp_path, text.partition("[source.d]")[0])
    standings = Overview(config, store, NOW).standings()
    assert [(it.name, it.state) for it in standings] == [
        ("c", "ok"), ("a", "unscheduled"), ("b", "off"), ("d", "gone"),
    ]  # fmt: skip
    assert [it.next_at is None for it in standings] == [False, True, True, True]


def test_worst_comes_first_and_within_a_state_the_order_of_the_configuration(
    config: Config, store: Store
) -> None:
    for name, outcome in (("b", "ok"), ("c", "blocked"), ("d", "failed")):
        ran(store, config.sources[name], NOW - 4 * _MINUTE, outcome)  # type: ignore[arg-type]
    found = [(it.name, it.state) for it in Overview(config, store, NOW).standings()]
    assert found == [("c", "blocked"), ("d", "failed"), ("a", "never"), ("b", "ok")]
    assert [*found] == sorted(found, key=lambda pair: STATES.index(pair[1]))


def test_an_adaptive_source_is_due_when_its_history_says(tmp_path: Path, store: Store) -> None:
    config = _configured(
        tmp_path, _CONFIG.replace('every = "10m"', 'every = "10m"\nadaptive = true', 1)
    )
    source = config.sources["a"]
    for day in range(1, 15):
        for quiet in range(4):
            ran(store, source, NOW - timedelta(days=day, minutes=30 * quiet))
    ran(store, source, NOW - _MINUTE)
    due = _of(config, store).next_at
    assert due is not None
    assert due > NOW + 10 * _MINUTE, "it brought nothing at this hour for two weeks"
