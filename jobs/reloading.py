"""What a configuration means for a daemon: what is scheduled, what a new one changes, and what it may not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jobs.triggers import check_schedules
from pipeline.config import Config
from pipeline.errors import ConfigError


def check(config: Config, now: datetime) -> None:
    """Refuse what a daemon cannot work with.

    Raises:
        ConfigError: no source has a schedule, a schedule never comes due, or Naver's keys are wanted.
    """
    check_schedules(config, now)
    if not timetable(config):
        config.chosen([])
        raise ConfigError(f"{config.path}: no enabled source has `every` or `cron`")
    if said := config.lack_of_keys(config.sources[name] for name in timetable(config)):
        raise ConfigError(f"{config.path}: {said}")


def refuse(before: Config, after: Config) -> None:
    """Refuse what cannot change while a daemon runs.

    Raises:
        ConfigError: another database is named.
    """
    if before.database.resolve() != after.database.resolve():
        where = after.path.with_name(after.origins.get("pipeline.database", after.path.name))
        raise ConfigError(
            f"{where}: pipeline.database: another database needs a restart"
            f" ({before.database.resolve()} is in use)"
        )


def timetable(config: Config) -> Mapping[str, tuple[Any, ...]]:
    """Return what the schedule of each enabled source that has one consists of."""
    return {
        source.name: (
            source.every,
            source.cron,
            source.adaptive,
            source.at_most,
            (source.cron or source.adaptive) and config.zone.key,
        )
        for source in config.sources.values()
        if source.enabled and (source.every or source.cron)
    }


def changes(before: Config, after: Config) -> tuple[list[str], list[str], list[str]]:
    """Return the sources that are to be scheduled no more, those that are new or have another schedule, and the
    rest.
    """
    old, new = timetable(before), timetable(after)
    gone = [name for name in old if name not in new]
    changed = [name for name in new if old.get(name) != new[name]]
    return gone, changed, [name for name in new if old.get(name) == new[name]]
