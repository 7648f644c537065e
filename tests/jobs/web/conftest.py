"""Fixtures of the web's tests: a database, and its page served on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copyfile
from typing import Any

import httpx
import pytest

from jobs.web.application import application
from jobs.web.guard import Guard
from pipeline.config import load
from pipeline.store import Store, open_store
from tests.jobs.web.serving import Servers, compile_templates_once

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


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without a row; to copy it is quicker than to make another."""
    path = tmp_path_factory.mktemp("empty") / "gisa.db"
    open_store(path).close()
    return path


@pytest.fixture
def store(config: Path, empty: Path) -> Iterator[Store]:
    """The database that is served; tests write to it as a daemon would beside the page."""
    with open_store(copyfile(empty, config.with_name("gisa.db"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Servers for all tests of this process."""
    with ExitStack() as ending, pytest.MonkeyPatch.context() as patch:
        compile_templates_once(patch)
        yield Servers(ending)


@pytest.fixture
def serve(config: Path, servers: Servers) -> Iterator[Callable[..., httpx.Client]]:
    """Serve the database, and return a client of the page; more than once where a test wants."""
    with ExitStack() as ending:

        def start(guard: Guard | None = None, **options: Any) -> httpx.Client:
            app = application(load(config, {}), guard or Guard())
            base = ending.enter_context(servers.serving(app))
            return ending.enter_context(
                httpx.Client(base_url=base, timeout=20, verify=False, **options)
            )

        yield start


@pytest.fixture
def page(store: Store, serve: Callable[..., httpx.Client]) -> httpx.Client:
    """A client of the page, in Korean."""
    return serve(headers={"accept-language": "ko"})
