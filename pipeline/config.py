"""config.toml and GISA_… variables to typed settings. An unknown key is an error that names the nearest key."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from pipeline.environment import apply_environment
from pipeline.errors import ConfigError
from pipeline.records import Source
from pipeline.settings import (
    AlertSettings,
    ArchiveSettings,
    FileSettings,
    HostSettings,
    MetricsSettings,
    NaverSettings,
    PipelineSettings,
    RetentionSettings,
    WatchSettings,
)
from pipeline.settings_naver import SECRETS
from pipeline.text import one_line
from pipeline.toml_lines import flat_keys, line_of

# pydantic's words for a wrong type, in words of a configuration file
_SAID = {
    "string_type": "should be a text in quotes",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "list_type": 'should be a list in brackets, such as ["…", "…"]',
    "dict_type": "should be a table",
    "model_type": "should be a table",
    "too_short": "should have at least one entry",
    "missing": "this key is required",
}
_SHOWN = 80
_SECRET = {"urls", "ping", "alerts", "watch", *SECRETS}
"""Keys whose values are in no message, nor what stands directly in these tables: they hold passwords."""
_LOCATED = re.compile(r"(.*?)(?: \(at (?:line (\d+), column \d+|end of document)\))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Config:
    """The effective settings and where each that is not a default came from."""

    path: Path
    pipeline: PipelineSettings
    archive: ArchiveSettings
    retention: RetentionSettings
    metrics: MetricsSettings
    alerts: AlertSettings
    watches: Mapping[str, WatchSettings]
    hosts: Mapping[str, HostSettings]
    sources: Mapping[str, Source]
    origins: Mapping[str, str]
    naver: NaverSettings

    @property
    def database(self) -> Path:
        """The SQLite file; a relative path counts from the configuration file, so cron finds it too."""
        return self.path.parent / Path(self.pipeline.database).expanduser()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are printed and schedules are read."""
        return ZoneInfo(self.pipeline.timezone)

    def chosen(self, names: list[str]) -> list[Source]:
        """Return the named sources, or all enabled ones.

        Raises:
            ConfigError: a name is not configured, or nothing is enabled.
        """
        for name in names:
            if name not in self.sources:
                raise ConfigError(
                    f"no source {name!r} in {self.path}{_did_you_mean(name, self.sources)}"
                )
        if names:
            return [self.sources[name] for name in dict.fromkeys(names)]
        enabled = [source for source in self.sources.values() if source.enabled]
        if not enabled:
            raise ConfigError(f"{self.path}: no source is enabled; add a [source.NAME] table")
        return enabled

    def to_crawl(self, names: list[str]) -> list[Source]:
        """Return the sources of `chosen`, each of which has what it needs to be crawled.

        Raises:
            ConfigError: as `chosen`; or Naver's search is to be asked, and its keys are not set.
        """
        found = self.chosen(names)
        if said := self.lack_of_keys(found):
            raise ConfigError(f"{self.path}: {said}")
        return found

    def lack_of_keys(self, sources: Iterable[Source]) -> str | None:
        """Say which variables must be set for these sources; None where all are."""
        asking = next((it.name for it in sources if it.kind == "naver_search"), None)
        if asking is None or not self.naver.missing:
            return None
        wanted = " and ".join(f"GISA_NAVER_{key.upper()}" for key in self.naver.missing)
        return (
            f"source.{asking} asks Naver's search API: set {wanted} in the environment, or each with"
            " _FILE behind its name for a file that holds it (docs/sources.md)"
        )


def load(path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the configuration file and the GISA_… variables over it.

    Raises:
        ConfigError: every fault found, each with file, line, key and, for an unknown key, the nearest one.
    """
    return loads(_read(path), path, environ)


def loads(text: str, path: Path, environ: Mapping[str, str] = os.environ) -> Config:
    """Return the configuration that a text would be as the file at `path`.

    Raises:
        ConfigError: as `load` does.
    """
    values = _toml(text, path)
    origins = {key: f"{path.name}:{line_of(text, key)}" for key in flat_keys(values)}
    _refuse_keys_in_file(path, origins)
    apply_environment(values, origins, environ)
    try:
        parsed = FileSettings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, path, text, origins)) from None
    api = parsed.naver.address
    sources = {name: settings.source(name, api) for name, settings in parsed.source.items()}
    named = {".".join(key): where for key, where in origins.items()}
    archive = _archive(parsed, named)
    _check_watches(parsed, path, named)
    return Config(
        path, parsed.pipeline, archive, parsed.retention, parsed.metrics, parsed.alerts,
        parsed.watch, parsed.host, sources, named, parsed.naver,
    )  # fmt: skip


def _refuse_keys_in_file(path: Path, origins: Mapping[tuple[str, ...], str]) -> None:
    """A file is copied, shown to others and put under version control."""
    faults = [
        f"{path.with_name(where)}: naver.{key}: should not stand in a file: set GISA_NAVER_{key.upper()}"
        for key in SECRETS
        if (where := origins.get(("naver", key)))
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def _check_watches(parsed: FileSettings, path: Path, origins: Mapping[str, str]) -> None:
    """A watch on a source that is not there would wait for ever."""
    faults = [
        f"{path.with_name(origins[f'watch.{name}.sources'])}: watch.{name}.sources: no source"
        f" {wanted!r}{_did_you_mean(wanted, parsed.source)}"
        for name, watch in parsed.watch.items()
        for wanted in watch.sources
        if wanted not in parsed.source
    ]
    if faults:
        raise ConfigError("\n".join(faults))


def _archive(parsed: FileSettings, origins: dict[str, str]) -> ArchiveSettings:
    """Pages hold the addresses that `keep_emails = false` drops: who wants them kept must say so."""
    if parsed.pipeline.keep_emails or "enabled" in parsed.archive.model_fields_set:
        return parsed.archive
    origins["archive.enabled"] = "default, since keep_emails = false"
    return parsed.archive.model_copy(update={"enabled": False})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"{path} does not exist; name the file with --config or GISA_CONFIG"
        ) from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from None
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None


def _toml(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, number = _LOCATED.fullmatch(str(error)).groups()  # type: ignore[union-attr]
        line = int(number) if number else text.count("\n") + 1
        if said.startswith("Cannot"):  # overwrite a value, declare a table twice …
            key = text.split("\n")[line - 1].partition("=")[0].strip()
            said = f"{key}: stands here a second time"
        raise ConfigError(f"{path}:{line}: {said}") from None


def _explain(
    error: ValidationError, path: Path, text: str, origins: Mapping[tuple[str, ...], str]
) -> str:
    faults = [_fault(dict(found), path, text, origins) for found in error.errors()]
    return "\n".join(line for _, line in sorted(faults))


def _fault(
    found: dict[str, Any], path: Path, text: str, origins: Mapping[tuple[str, ...], str]
) -> tuple[int, str]:
    where = tuple(p for p in found["loc"] if isinstance(p, str) and p != "[key]")
    key = one_line(".".join(where))
    origin = origins.get(where, "")
    number = 0 if origin.startswith("GISA_") else line_of(text, where)
    place = f"{path}:{number}" if number else origin
    if found["type"] == "extra_forbidden":
        near = _did_you_mean(where[-1], _siblings(where))
        return number, f"{place}: {key}: unknown key{near}"
    said = _SAID.get(found["type"]) or str(found["msg"]).removeprefix("Value error, ")
    said = said.replace("Input should be", "should be")
    given = None if _SECRET.intersection(where[-2:]) else found.get("input")
    shown = f" (it is {given!r:.{_SHOWN}})" if isinstance(given, (str, int, float, bool)) else ""
    return number, f"{place}: {key}: {said}{shown}"


def _siblings(where: tuple[str, ...]) -> list[str]:
    table = FileSettings.model_fields.get(where[0])
    if table is None or len(where) == 1:
        return list(FileSettings.model_fields)
    # [source.NAME] and its like are a dict of tables
    return list((get_args(table.annotation) or (table.annotation,))[-1].model_fields)


def _did_you_mean(key: str, known: Any) -> str:
    near = get_close_matches(key, list(known), 1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
