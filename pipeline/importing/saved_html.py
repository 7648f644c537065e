"""Folders of saved pages: .html, .htm and .mhtml files, with a list of where they came from or without one."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath

from pipeline.errors import ConfigError
from pipeline.importing.found import EVERYTHING, Found, FoundKind, Item, Only, Passed, Start
from pipeline.select import parse
from pipeline.structured import read_head
from pipeline.urls import absolute

SUFFIXES = (".html", ".htm", ".xhtml", ".mhtml", ".mht")
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d{4}\)(https?://\S{1,2000})\s*-->", re.IGNORECASE
)
_LOOKED_AT = 4096  # characters: browsers write where a page was saved from at its top


@dataclass(frozen=True, slots=True)
class Known:
    """What a list says of a file: where it came from, and when."""

    url: str
    fetched_at: datetime | None = None


def read_map(path: Path) -> dict[str, Known]:
    """Return what a list of URLs says of each file: CSV or TSV (file, url and perhaps fetched_at, with or
    without a heading), or JSON lines with these names.

    Raises:
        ConfigError: it cannot be read; says which line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: should be UTF-8: {error.reason}") from None
    known = {}
    for number, row in _rows(text, path):
        if not any(row):
            continue
        name, url, at = (*row, "", "", "")[:3]
        if absolute("", url.strip()) is None:
            raise ConfigError(f"{path}:{number}: {url!r:.80} is no http(s) URL")
        try:
            known[_plain(name)] = Known(url.strip(), _time(at))
        except ValueError:
            raise ConfigError(f"{path}:{number}: {at!r:.80} is no time, ISO 8601") from None
    return known


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    if text.lstrip().startswith("{"):
        yield from _json_rows(text, path)
        return
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter="\t" if "\t" in first else ",")
    columns = (0, 1, 2)
    for number, row in enumerate(reader, 1):
        names = [cell.strip().lower() for cell in row]
        if number == 1 and {"file", "url"} <= set(names):
            at = names.index("fetched_at") if "fetched_at" in names else len(names)
            columns = (names.index("file"), names.index("url"), at)
            continue
        yield number, [row[column] if column < len(row) else "" for column in columns]


def _json_rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            said = json.loads(line) if line.strip() else {}
            yield number, [str(said.get(name) or "") for name in ("file", "url", "fetched_at")]
        except (ValueError, AttributeError, RecursionError):
            raise ConfigError(f"{path}:{number}: not an object in JSON") from None


def _plain(name: str) -> str:
    return str(PurePosixPath(name.strip().replace("\\", "/")))


def _time(text: str) -> datetime | None:
    if not text.strip():
        return None
    at = datetime.fromisoformat(text.strip())
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Folder:
    """Saved pages by their names below `root`, in order. `most` is how many bytes a page may have."""

    root: Path
    names: tuple[str, ...]
    most: int
    known: Mapping[str, Known]
    only: Only = EVERYTHING

    def pages(self, start: Start) -> Iterator[Item]:
        """Yield each file as a page; `position` counts the bytes of the files before it."""
        position = start.position
        for number, name in enumerate(self.names, 1):
            if number <= start.number:
                continue
            item, size = self._item(name, position, number)
            position += size
            yield item

    def _item(self, name: str, position: int, number: int) -> tuple[Item, int]:
        path = self.root / name
        said = self.known.get(name) or self.known.get(path.name)
        try:
            state = path.stat()
            if state.st_size > self.most:
                return Passed("too_large", position, number, name=name), state.st_size
            body = path.read_bytes()
        except OSError as error:
            told = f"{name}: {error.strerror}"
            return Passed("damaged", position, number, told, name), 0
        is_archive = path.suffix.lower() in (".mhtml", ".mht")
        saved_at = datetime.fromtimestamp(state.st_mtime, UTC)
        at = None if is_archive else (said and said.fetched_at) or saved_at
        url = said.url if said else ""
        refusal = self.only.refusal(url, at)
        if refusal:
            return Passed(refusal, position, number, name=name), len(body)
        kind: FoundKind = "mhtml" if is_archive else "html"
        return Found(kind, position, number, body, at or saved_at, url, name=name), len(body)


def own_url(html: str, otherwise: str = "") -> str:
    """Return where a saved page says that it came from: as the browser noted it, else its canonical URL, else
    `og:url`; `otherwise` where it says none.
    """
    noted = _SAVED_FROM.search(html[:_LOOKED_AT])
    if noted and (url := absolute("", noted[1])):
        return url
    head = read_head(parse(html))
    return next(
        (url for said in (head.canonical, head.first("og:url")) if (url := absolute("", said))),
        otherwise,
    )


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The page in an MHTML file, with where and when the browser says it was."""

    body: bytes
    content_type: str
    url: str
    fetched_at: datetime | None


def unpacked(body: bytes) -> Unpacked | None:
    """Return the page of an MHTML file (RFC 2557): its first part that is HTML; None where there is none."""
    message = BytesParser(policy=policy.default).parsebytes(body)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        return None
    content = page.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    said = str(message.get("Snapshot-Content-Location") or page.get("Content-Location") or "")
    charset = page.get_content_charset() or ""
    kind = f"text/html; charset={charset}" if charset else "text/html"
    return Unpacked(content, kind, absolute("", said.strip()) or "", _sent(message))


def _sent(message: EmailMessage) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message.get("Date")))
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
