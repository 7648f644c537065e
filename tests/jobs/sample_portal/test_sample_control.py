"""The control desk over HTTP, and the portal as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

from jobs.sample_portal import SamplePortal

ROOT = Path(__file__).parents[3]


def test_edit_remove_and_publish(portal: SamplePortal, get) -> None:
    first, second = portal.newsroom.ids("society")[:2]
    edited = json.loads(get(f"/_control/edit?id={first}", method="POST").text)
    assert edited["headline"] == portal.newsroom.article(first).headline
    assert edited["modified_at"].endswith("+09:00")
    assert json.loads(get(f"/_control/remove?id={second}", method="POST").text) == {
        "removed": second
    }
    assert get(f"/v/{second}").status == 404
    published = json.loads(get("/_control/publish?section=society", method="POST").text)
    assert published["url"] == portal.article_url(portal.newsroom.ids("society")[0])


def test_ordered_answers(portal: SamplePortal, get) -> None:
    order = "/_control/answer?path=/politics&status=429&retry_after=7&times=1"
    assert get(order, method="POST").status == 200
    got = get("/politics")
    assert (got.status, got.headers["Retry-After"]) == (429, "7")
    assert get("/politics").status == 200
    get("/_control/answer?path=/politics&empty=1&hold=0", method="POST")
    assert get("/politics").raw == b""
    get("/_control/heal", method="POST")
    assert get("/politics").raw


def test_break_heal_and_state(portal: SamplePortal, get) -> None:
    assert json.loads(get("/_control/break?what=article", method="POST").text) == {
        "broken": ["article"]
    }
    state = json.loads(get("/_control/state").text)
    assert state["broken"] == ["article"]
    assert state["articles"] == dict.fromkeys(portal.newsroom.sections, 10)
    assert state["listings"][0] == portal.listing_url("politics")
    assert json.loads(get("/_control/heal", method="POST").text) == {"broken": []}
    assert portal.broken_layouts == ()
    assert portal.requests == []


def test_advance(portal: SamplePortal, get) -> None:
    before = portal.newsroom.now
    answer = json.loads(get("/_control/advance?minutes=90", method="POST").text)
    assert answer["now"] == portal.newsroom.now.isoformat()
    assert (portal.newsroom.now - before).total_seconds() == 5400


def test_wrong_requests_are_told_why(get) -> None:
    for path, method, status in (
        ("/_control/explode", "POST", 404),
        ("/_control/edit?id=1", "GET", 405),
        ("/_control/edit?id=1", "POST", 400),
        ("/_control/edit", "POST", 400),
        ("/_control/break?what=everything", "POST", 400),
        ("/_control/answer?path=/politics&status=many", "POST", 400),
    ):
        got = get(path, method=method)
        assert got.status == status
        assert json.loads(got.text)["error"]


def test_runs_as_a_process_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "jobs.sample_portal", "--port", "0", "--articles", "12"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.endswith("/politics")
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert "정치" in answer.read().decode()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_port_in_use_is_a_clear_failure(portal: SamplePortal) -> None:
    port = portal.base_url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "jobs.sample_portal", "--port", port],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 1
    assert f"cannot listen on port {port}" in done.stderr
