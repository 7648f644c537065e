"""The starter catalogue: config.toml and docs/sources.md name the same entries, and each can be used."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pipeline.config import Config, load

ROOT = Path(__file__).parent.parent.parent
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
STATUS = re.compile(r"not checked here|checked live \d{4}-\d\d-\d\d")
ROWS = re.findall(
    r"^\| ([^|]+) \| `([^`]+)` \| `(https?://[^`]+)` \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE
)


@pytest.fixture
def uncommented(tmp_path: Path) -> Config:
    """The whole file as it is after the `#` of every entry was taken away."""
    head, _, catalogue = CONFIG.partition("# Starter catalogue")
    assert catalogue
    entries = re.sub(r"^# (?=\[source\.|[a-z_]+ = )", "", catalogue, flags=re.MULTILINE)
    path = tmp_path / "config.toml"
    path.write_text(f"{head}# Starter catalogue{entries}", encoding="utf-8")
    return load(path, {})


def test_every_entry_can_be_used_as_it_stands(uncommented: Config) -> None:
    shipped = load(ROOT / "config.toml", {}).sources
    added = {name: it for name, it in uncommented.sources.items() if name not in shipped}
    assert len(added) == CONFIG.count("\n# [source.") > 15
    assert {source.kind for source in added.values()} == {"feed", "naver_search"}
    assert all(source.every and source.enabled for source in added.values())
    assert "GISA_NAVER_CLIENT_ID" in (uncommented.lack_of_keys(added.values()) or "")


def test_the_page_and_the_file_name_the_same_feeds(uncommented: Config) -> None:
    feeds = {n: it.listings for n, it in uncommented.sources.items() if it.kind == "feed"}
    assert {name: (url,) for _, name, url, *_ in ROWS} == feeds
    assert len(ROWS) == len(feeds)
    publishers = {name: publisher for publisher, name, *_ in ROWS}
    said = dict(re.findall(r"^# \[source\.([\w-]+)\]  # (.+)$", CONFIG, re.MULTILINE))
    assert publishers == said


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_row_is_whole(row: tuple[str, ...]) -> None:
    _, _, url, seen, status = row
    parts = urlsplit(url)
    assert parts.scheme == "https"
    assert parts.hostname
    assert re.fullmatch(r"20\d\d|undated", seen)
    assert STATUS.fullmatch(status)
