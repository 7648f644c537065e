"""Logs: one event one line, JSON for machines, and no URL of a library's making."""

from __future__ import annotations

import asyncio
import json
import logging
from argparse import Namespace
from collections.abc import Iterator

import pytest

from jobs import logs
from jobs.sample_portal import Answer
from pipeline.under_way import crawl_of
from tests.jobs.desk import Desk

HOSTILE = "two\nlines \x1b[31mred\x1b[0m \u202e tail"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the loggers of this process as they were."""
    root, gisa = logging.getLogger(), logging.getLogger("gisa")
    before = root.handlers[:], root.level, gisa.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    gisa.setLevel(before[2])


def test_json_is_one_object_a_line_with_what_belongs_to_the_event(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.start("json")
    extra = {"source": "politics", "url": "https://news.example/", "reason": "timeout"}
    logging.getLogger("gisa.crawl").warning("%s said %s", "politics", HOSTILE, extra=extra)
    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert extra.items() <= event.items()
    assert (event["level"], event["logger"]) == ("warning", "gisa.crawl")
    assert event["message"] == "politics said two lines [31mred[0m tail"
    assert event["at"].endswith("+00:00")


def test_a_library_deep_down_speaks_of_the_crawl_it_works_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def fetch() -> None:
        logging.getLogger("aiohttp.client").warning("odd answer")

    async def crawl(source: str, run: int) -> None:
        with crawl_of(source, run):
            await asyncio.gather(fetch(), asyncio.create_task(fetch()))
        logging.getLogger("gisa.daemon").warning("between crawls")

    async def both() -> None:
        await asyncio.gather(crawl("politics", 7), crawl("society", 8))

    logs.start("json")
    asyncio.run(both())
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = sorted((e["message"], e.get("source", ""), e.get("run", 0)) for e in events)
    between, odd = ("between crawls", "", 0), "odd answer"
    politics, society = (odd, "politics", 7), (odd, "society", 8)
    assert said == [between, between, politics, politics, society, society]


def test_json_keeps_a_traceback_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start("json")
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("gisa.crawl").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "Traceback" in json.loads(line)["traceback"]
    assert line.isprintable()


def test_text_is_one_harmless_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start()
    logging.getLogger("gisa.crawl").error(HOSTILE)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert line.endswith(" error   two lines [31mred[0m tail")


def test_a_traceback_in_text_is_harmless_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start()
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        logging.getLogger("gisa.crawl").exception("failed")
    lines = capsys.readouterr().err.splitlines()
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[2].startswith('  File "')
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.ERROR])
def test_libraries_are_heard_from_warning_on(
    capsys: pytest.CaptureFixture[str], level: int
) -> None:
    logs.start(level=level)
    for name in ("httpx", "httpcore.http11", "apscheduler.scheduler", "asyncio"):
        logging.getLogger(name).info("HTTP Request: GET https://user:secret@news.example/")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("verbose", "quiet", "level"),
    [
        (False, False, logging.INFO),
        (True, False, logging.DEBUG),
        (False, True, logging.ERROR),
    ],
)
def test_v_and_q_choose_the_level(verbose: bool, quiet: bool, level: int) -> None:
    assert logs.level(Namespace(verbose=verbose, quiet=quiet), logging.INFO) == level


def test_a_run_can_be_followed_page_by_page(desk: Desk) -> None:
    desk.configure("politics", pipeline='log_format = "json"')
    desk.portal.answer(f"/v/{desk.portal.newsroom.ids('politics')[-1]}", Answer(status=500))
    done = desk.gisa("run", "--verbose")
    events = [json.loads(line) for line in done.err.splitlines()]
    pages = [event for event in events if event["logger"] == "gisa.fetch"]
    asked = [it for it in desk.portal.requests if it.path != "/robots.txt"]
    assert len(pages) == len(asked)
    assert {event["url"] for event in pages} == {desk.portal.base_url + it.path for it in asked}
    assert all(event["seconds"] >= 0 and event["bytes"] >= 0 for event in pages)
    ((run, seconds),) = desk.rows("SELECT id, fetch_seconds FROM runs")
    assert abs(sum(event["seconds"] for event in pages) - seconds) < 0.01
    (end,) = [event for event in events if "outcome" in event and "url" not in event]
    (problem,) = [event for event in events if "reason" in event]
    assert problem["reason"] == "server_error"
    assert {event["run"] for event in (*pages, end, problem)} == {run}
    assert {event["source"] for event in (*pages, end, problem)} == {"politics"}
