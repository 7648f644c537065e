"""Logs on stderr: one event a line, text for people or JSON for machines. stdout belongs to results."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

from pipeline.text import one_line

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


def start(log_format: str = "text", *, verbose: bool = False, quiet: bool = False) -> None:
    """Set up logging once, for the whole process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    level = logging.DEBUG if verbose else logging.ERROR if quiet else logging.WARNING
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("gisa").setLevel(level)


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        line = f"{at:%H:%M:%S} {record.levelname.lower():<7} {one_line(record.getMessage())}"
        return line + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else "")


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        event |= {k: v for k, v in record.__dict__.items() if k not in _OWN}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False, default=str)
