"""`gisa serve` as a process."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.jobs.desk import Desk


def _line(stream: IO[str] | None, wanted: str) -> str:
    """The next line of the stream that has it."""
    assert stream
    return next(line for line in stream if wanted in line)


def _address(process: subprocess.Popen[str]) -> str:
    found = re.search(r"http://\S+", _line(process.stderr, "gisa serves"))
    assert found
    return found[0]


def test_serves_until_it_is_told_to_stop(desk: Desk) -> None:
    desk.gisa("run")
    process = desk.start("serve", "--port", "0")
    address = _address(process)
    assert address.startswith("http://127.0.0.1:")
    assert httpx.get(address, headers={"accept-language": "ko"}).status_code == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def test_an_address_that_others_reach_needs_a_token(desk: Desk) -> None:
    desk.gisa("run")
    process = desk.start("serve", "--host", "0.0.0.0", "--port", "0", "--allow-host", "127.0.0.1")
    token = _line(process.stderr, "token:").split()[-1]
    address = _address(process).replace("0.0.0.0", "127.0.0.1")
    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_without_a_database_it_does_not_start(desk: Desk) -> None:
    ended = desk.gisa("serve", "--port", "0")
    assert ended.code == 1
    assert "does not exist yet: `gisa run` makes it" in ended.err


@pytest.mark.parametrize("given", ["", "short"])
def test_a_token_that_can_be_guessed_is_refused(desk: Desk, given: str, tmp_path: Path) -> None:
    desk.gisa("run", "--limit", "1")
    file = tmp_path / "token"
    file.write_text(given + "\n", encoding="utf-8")
    ended = desk.gisa("serve", "--port", "0", env={"GISA_WEB_TOKEN_FILE": str(file)})
    assert ended.code == 2
    assert "GISA_WEB_TOKEN" in ended.err
    assert "16 characters" in ended.err
