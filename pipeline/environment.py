"""GISA_… variables over the values of config.toml: the settings of `[pipeline]`, `[alerts]` and `[naver]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from pipeline.errors import ConfigError
from pipeline.settings import AlertSettings, NaverSettings, PipelineSettings

_NUMBERS = {"concurrency", "parallel", "processes", "failures", "daily_calls"}
_SWITCHES = {"quiet", "keep_emails"}
_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_TABLES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("pipeline", "GISA_", PipelineSettings),
    ("alerts", "GISA_ALERTS_", AlertSettings),
    ("naver", "GISA_NAVER_", NaverSettings),
)


def variables() -> list[str]:
    """Return the names of all variables that set something; each may also end in _FILE."""
    return [name for _, _, name in _names()]


def apply_environment(
    values: dict[str, Any], origins: dict[tuple[str, ...], str], environ: Mapping[str, str]
) -> None:
    """Put the variables in place of what the file says.

    Raises:
        ConfigError: a variable names a file that cannot be read.
    """
    for table, key, name in _names():
        value = environ.get(name)
        if value is None and f"{name}_FILE" in environ:
            value = secret(name, environ)
            name += "_FILE"
        if value is not None:
            keys = values.setdefault(table, {})
            if isinstance(keys, dict):
                keys[key] = _typed(key, value)
                origins[table, key] = name


def secret(name: str, environ: Mapping[str, str]) -> str | None:
    """Return a variable, or the content of the file that NAME_FILE names; None where neither is set.

    Raises:
        ConfigError: the file cannot be read.
    """
    if (value := environ.get(name)) is not None:
        return value
    file = environ.get(f"{name}_FILE")
    return _content(f"{name}_FILE", file) if file else None


def _names() -> Iterator[tuple[str, str, str]]:
    for table, prefix, model in _TABLES:
        for key in model.model_fields:
            yield table, key, f"{prefix}{key.upper()}"


def _content(name: str, file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{name}: {file}: {error.strerror}") from None
    except ValueError:  # bytes that are no UTF-8
        raise ConfigError(f"{name}: {file} is not UTF-8") from None


def _typed(key: str, value: str) -> Any:
    """Return the value as a file would have it; one that has not the form is left for the check."""
    if key == "urls":
        return value.split()
    if key in _SWITCHES:
        return _WORDS.get(value.strip().lower(), value)
    return int(value) if key in _NUMBERS and value.isdecimal() else value
