"""What the docs claim, the code does: field and column dictionaries, keys, verbs, examples, links."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from jobs.__main__ import EXIT_CODES, VERBS
from jobs.terminal import duration
from pipeline import portals
from pipeline.config import load
from pipeline.errors import Reason
from pipeline.record_json import RECORD_FIELDS, record
from pipeline.records import Page, Rights
from pipeline.settings import (
    AlertSettings,
    ArchiveSettings,
    FileSettings,
    HostSettings,
    MetricsSettings,
    NaverSettings,
    PipelineSettings,
    RetentionSettings,
    SourceSettings,
    WatchSettings,
)
from pipeline.store import open_store

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def _section(text: str, heading: str) -> str:
    """From a heading to the next one of the same or a higher level."""
    level = len(heading) - len(heading.lstrip("#"))
    rest = text.split(f"\n{heading}", 1)[1]
    return re.split(rf"\n#{{1,{level}}} ", rest)[0]


def _first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


def test_every_record_field_is_explained_in_order() -> None:
    text = _doc("records.md")
    before_rights = _section(text, "## The record").split("### Rights")[0]
    assert tuple(_first_cells(before_rights)) == RECORD_FIELDS
    assert _first_cells(_section(text, "### Rights")) == list(Rights.__slots__)


def test_every_column_is_explained(tmp_path: Path) -> None:
    text = _doc("records.md")
    documented = set()
    for heading, names in re.findall(r"^(### ((?:`\w+`(?:, )?)+).*)$", text, flags=re.MULTILINE):
        tables = re.findall(r"`(\w+)`", names)
        for cell in _first_cells(_section(text, heading)):
            documented.add(cell if len(tables) > 1 else f"{tables[0]}.{cell}")
    with open_store(tmp_path / "gisa.db") as store:
        # of a virtual table, what SQLite keeps it in is not ours to explain
        not_ours = ("_", "sqlite_", "articles_fts_")
        names = [n for n in store.db.table_names() if not n.startswith(not_ours)]
        names += store.db.view_names()
        there = {f"{name}.{column.name}" for name in names for column in store.db[name].columns}
    assert documented == there


def _default(value: Any) -> str:
    if isinstance(value, timedelta):
        return f'"{duration(value)}"'
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**6:
        return f'"{value // 10**9} GB"' if value >= 10**9 else f'"{value // 10**6} MB"'
    return json.dumps(value)


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## `[pipeline]`", PipelineSettings),
        ("## `[archive]`", ArchiveSettings),
        ("## `[retention]`", RetentionSettings),
        ("## `[alerts]`", AlertSettings),
        ("## `[watch.NAME]`", WatchSettings),
        ("## `[metrics]`", MetricsSettings),
        ("## `[naver]`", NaverSettings),
        ('## `[host."news.example"]`', HostSettings),
        ("## `[source.NAME]`", SourceSettings),
    ],
)
def test_every_key_is_explained_with_its_default(heading: str, model: type[BaseModel]) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.+?) \| (.+?) \|$",
        _section(_doc("configuration.md"), heading),
        flags=re.MULTILINE,
    )
    expected = []
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        if default is PydanticUndefined:
            said = "required"
        elif default is None:
            absent = {
                HostSettings: "as `[pipeline]`",
                RetentionSettings: '`"forever"`',
                WatchSettings: '`"run"`',
            }
            said = absent.get(model, "none")
        else:
            said = f"`{_default(default)}`"
        expected.append((name, said, field.description))
    assert rows == expected
    assert set(FileSettings.model_fields) == {
        "pipeline", "archive", "retention", "metrics", "alerts", "naver", "watch", "host", "source",
    }  # fmt: skip


def test_readme_lists_every_verb_and_exit_code() -> None:
    listed = re.findall(r"^\| `gisa (\w+)", _section(README, "## Commands"), flags=re.MULTILINE)
    assert sorted(listed) == sorted(VERBS)
    for code, word in re.findall(r"(\d+) (done|failed|usage|partial|drift|blocked)", EXIT_CODES):
        assert re.search(rf"\b{code} {word}", README), (code, word)


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_commands_and_links_of_a_page_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"(?:\$ |`)make ([a-z]+)", text):
        assert target in _targets(), target
    for verb in re.findall(r"(?:\$ (?:\.venv/bin/)?|`)gisa ([a-z]+)\b", text):
        assert verb in VERBS, verb
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        assert link.startswith("https://") or (page.parent / link).exists(), link


def test_ci_runs_what_the_readme_says() -> None:
    commands = [
        line for line in (ROOT / ".ci/run").read_text().splitlines() if line.startswith("make ")
    ]
    assert commands == ["make test", "make format lint types", "make demo"]  # all of `make check`
    assert all(f"$ {command}" in README for command in commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_configuration_examples_are_valid(page: Path, tmp_path: Path) -> None:
    for number, example in enumerate(re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)):
        # the guide's PORTAL stands for the reader's own: take one that exists
        known = example.replace('"portal"', f'"{portals.names()[0]}"').replace(
            "PORTAL", "p.example"
        )
        path = tmp_path / f"{number}.toml"
        path.write_text(known, encoding="utf-8")
        assert load(path, {}).sources


def test_the_shipped_configuration_is_valid() -> None:
    sources = load(ROOT / "config.toml", {}).sources
    sections = {source.listings[0].rpartition("/")[2] for source in sources.values()}
    assert sections == {"politics", "society", "economic", "foreign", "culture", "digital"}


def test_the_record_of_the_readme_is_what_the_parser_gives() -> None:
    example = json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])  # type: ignore[index]
    case = ROOT / "tests/pages/daum/article_plain.json"
    said = json.loads(case.read_text(encoding="utf-8"))
    html = case.with_suffix(".html").read_text(encoding="utf-8")
    page = Page(said["url"], html, datetime.fromisoformat(said["fetched_at"]))
    found = json.loads(json.dumps(record(portals.named("daum").parse_article(page))))
    assert list(example) == list(RECORD_FIELDS)
    _assert_same(example, found, "record")


def _assert_same(example: Any, found: Any, where: str) -> None:
    """Equal, but for what the README cuts: an ellipsis ends a text, a list may be shorter."""
    if isinstance(example, dict):
        for key, value in example.items():
            _assert_same(value, found[key], f"{where}.{key}")
    elif isinstance(example, list):
        for value, other in zip(example, found, strict=False):
            _assert_same(value, other, where)
        assert bool(example) == bool(found), where
    elif isinstance(example, str) and "…" in example and example != found:
        parts = [part for part in example.split("…") if part.strip()]
        assert all(part.strip() in found for part in parts), (where, example, found)
    else:
        assert example == found, where


def _catalogue() -> list[str]:
    """The rows of docs/fetching.md that name a fault and its tests."""
    table = _section(_doc("fetching.md"), "## Faults, behaviour, tests")
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [row for row in rows if not row.startswith("| **")]


def test_every_fault_of_the_catalogue_names_tests_that_exist() -> None:
    from jobs.sample_portal.hostile import cases

    known = {case.name for case in cases("")}
    files = {
        path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")
    }
    assert len(_catalogue()) > 50
    for row in _catalogue():
        said = re.findall(r"`([^`]+)`", row.split("|")[-2])
        assert said, f"names no test: {row}"
        for name in said:
            if name.startswith("test_"):
                file, _, test = name.partition("::")
                assert file in files, f"no such file: {name}"
                assert not test or f"def {test}(" in files[file], f"no such test: {name}"
            else:
                assert name in known, f"no such case: {name}"


def test_the_fetching_page_knows_every_reason() -> None:
    table = _section(_doc("fetching.md"), "## What becomes of an answer")
    assert set(
        re.findall(r"`(\w+)`", "".join(r.split("|")[1] for r in table.splitlines() if "|" in r))
    ) == set(get_args(Reason))
