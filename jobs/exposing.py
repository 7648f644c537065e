"""Where the figures go: an address for Prometheus, a file for node_exporter; nothing by default."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import wiring
from pipeline.config import Config
from pipeline.errors import StoreError

if TYPE_CHECKING:  # loaded where figures are wanted only: it costs a tenth of a second, and memory
    from jobs.metrics import Exposition
    from pipeline.store import Store

log = logging.getLogger("gisa.metrics")

FILE_EVERY = 60.0
HOURLY_EVERY = 3600.0
_READABLE = 0o644


@asynccontextmanager
async def exposed(current: Callable[[], Config], store: Store) -> AsyncIterator[None]:
    """Tell the figures of a daemon while it runs, of the sources that `current` has then.

    Where they go is settled at the start; a reload does not move it.

    Raises:
        ConfigError: `[metrics] listen` cannot be listened at.
    """
    settings = current().metrics
    if not settings.listen and not settings.textfile:
        yield
        return
    from jobs.metrics import CONTENT_TYPE, Exposition
    from jobs.metrics_server import MetricsServer

    known: dict[str, tuple[float, int]] = {}

    def exposition() -> Exposition:
        return Exposition(current(), store, wiring.now, live=True, hourly=lambda: known)

    async with AsyncExitStack() as stack:
        if settings.listen:
            server = MetricsServer(
                settings.listen,
                any_name=settings.public,
                figures=lambda: (exposition().text(), CONTENT_TYPE),
                healthy=lambda: store.rows("SELECT 1 FROM sources LIMIT 1"),
            )
            await stack.enter_async_context(server)
            host = settings.listen.rpartition(":")[0]
            log.info("metrics at http://%s:%d/metrics", host, server.port)
        await stack.enter_async_context(_beside(_ask_hourly(current, known)))
        if settings.textfile:
            await stack.enter_async_context(_beside(_write_often(exposition, textfile(current()))))
        yield


def textfile(config: Config) -> Path | None:
    """Return the file for node_exporter; a relative path counts from the configuration file."""
    name = config.metrics.textfile
    return config.path.parent / Path(name).expanduser() if name else None


def write_after_run(config: Config, store: Store) -> None:
    """Write the text file, where one is asked for; a run does not fail by it."""
    if config.metrics.textfile:
        from jobs.metrics import Exposition

        write_file(Exposition(config, store, wiring.now), textfile(config))


def write_file(exposition: Exposition, target: Path | None) -> None:
    """Write the text file in one step, readable for all; what goes wrong is logged."""
    assert target
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        text = exposition.text()
        try:
            with part.open("wb") as file:
                os.fchmod(file.fileno(), _READABLE)
                file.write(text)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        log.error("%s: %s: the figures could not be written", target, error.strerror)
    except StoreError as error:
        log.error("the figures could not be calculated: %s", error)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _write_often(exposition: Callable[[], Exposition], target: Path | None) -> None:
    while True:
        try:
            write_file(exposition(), target)
        except Exception:
            log.exception("a bug in the figures")
        await asyncio.sleep(FILE_EVERY)


async def _ask_hourly(current: Callable[[], Config], known: dict[str, tuple[float, int]]) -> None:
    """In a thread: with many sources it takes seconds, and the crawls go on meanwhile."""
    from jobs.hourly import last_hours

    while True:
        try:
            found: Mapping[str, tuple[float, int]] = await asyncio.to_thread(
                last_hours, current(), wiring.now()
            )
        except StoreError as error:
            log.error("what the last hour should have brought is not known: %s", error)
        except Exception:
            log.exception("a bug in what the last hour should have brought")
        else:
            known.clear()
            known.update(found)
        await asyncio.sleep(HOURLY_EVERY)
