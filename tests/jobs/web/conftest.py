"""Fixtures of the web's tests: a database, and its page served on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from jobs.web.application import application
from jobs.web.guard import Guard
from jobs.web.server import listening, server
from pipeline.config import load
from pipeline.store import Store, open_store

CONFIG = """\
[pipeline]
contact = "mailto:desk@newsroom.example"
[source.politics]
portal = "daum"
listings = ["https://news.daum.net/politics"]
every = "10m"
[source.society]
portal = "daum"
listings = ["https://news.daum.net/society"]
every = "10m"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def store(config: Path) -> Iterator[Store]:
    """The database that is served; tests write to it as a daemon would beside the page."""
    with open_store(config.with_name("gisa.db")) as opened:
        yield opened


@pytest.fixture
def serve(config: Path) -> Iterator[Callable[..., httpx.Client]]:
    """Serve the database, and return a client of the page; more than once where a test wants."""
    with ExitStack() as ending:

        def start(guard: Guard | None = None, **options: Any) -> httpx.Client:
            app = application(load(config, {}), guard or Guard())
            sock = ending.enter_context(listening("127.0.0.1", 0))
            running = server(app)
            thread = threading.Thread(target=running.run, args=([sock],))
            thread.start()

            def stop() -> None:
                running.should_exit = True
                thread.join(10)

            ending.callback(stop)
            base = f"http://127.0.0.1:{sock.getsockname()[1]}"
            return ending.enter_context(httpx.Client(base_url=base, timeout=20, **options))

        yield start


@pytest.fixture
def page(store: Store, serve: Callable[..., httpx.Client]) -> httpx.Client:
    """A client of the page, in Korean."""
    return serve(headers={"accept-language": "ko"})
