"""Logs on stderr: one event a line, text for people or JSON for machines. stdout belongs to results."""

from __future__ import annotations

import argparse
import logging
import sys
from datetime import UTC, datetime

from jobs.json_text import dumps
from pipeline.text import one_line
from pipeline.under_way import crawl_at_hand

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


def start(log_format: str = "text", *, level: int = logging.WARNING) -> None:
    """Set up logging once, for the whole process. Libraries are heard from WARNING on only:
    httpx tells every URL at INFO, and a URL may hold what a log must not.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if log_format == "json" else _Text())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("gisa").setLevel(level)


def level(args: argparse.Namespace, usual: int) -> int:
    """Return the level that -v and -q ask for; `usual` without them."""
    return logging.DEBUG if args.verbose else logging.ERROR if args.quiet else usual


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone()
        line = f"{at:%H:%M:%S} {record.levelname.lower():<7} {one_line(record.getMessage())}"
        return line + (f"\n{self._traceback(record)}" if record.exc_info else "")

    def _traceback(self, record: logging.LogRecord) -> str:
        """Its lines, without what a page could have put into the message of an exception."""
        assert record.exc_info
        lines = self.formatException(record.exc_info).splitlines()
        return "\n".join(line[: len(line) - len(line.lstrip())] + one_line(line) for line in lines)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": one_line(record.getMessage()),
        }
        event |= crawl_at_hand()
        event |= {k: v for k, v in record.__dict__.items() if k not in _OWN}
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return dumps(event, default=str)
