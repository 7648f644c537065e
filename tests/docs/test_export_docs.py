"""docs/export.md: its tables of fields are those of the code, its options those of the command."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from jobs.verbs import export
from pipeline.exporting import flat, news_article, ninjs
from pipeline.exporting.columns import schema
from pipeline.rights_gate import PURPOSES

TEXT = (Path(__file__).parent.parent.parent / "docs/export.md").read_text(encoding="utf-8")
TYPES = {name: str(schema().field(name).type).replace("item: ", "") for name in schema().names}


def rows(heading: str) -> list[tuple[str, str]]:
    """The first two cells of the rows of the table under a heading."""
    rest = re.split(r"\n##+ ", TEXT.split(f"\n{heading}\n", 1)[1])[0]
    return re.findall(r"^\| `([^`]+)` \| (.+?) \|", rest, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "mapping"),
    [
        ("### CSV", flat.COLUMNS),
        ("### Parquet", TYPES),
        ("### ninjs", ninjs.PROPERTIES),
        ("### JSON-LD", news_article.PROPERTIES),
    ],
)
def test_every_field_of_a_format_is_explained(heading: str, mapping: dict[str, str]) -> None:
    assert rows(heading) == list(mapping.items())


def test_every_option_and_purpose_is_explained() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    export.arguments(parser)
    options = {it.option_strings[0] for it in parser._actions} | {"--format"}
    table = TEXT.split("\n## ", 1)[0]
    cells = re.findall(r"^\| (`--.+?) \|", table, flags=re.MULTILINE)
    assert {it for cell in cells for it in re.findall(r"--[a-z]+", cell)} == options
    assert [name for name, _ in rows("## The rights gate")][: len(PURPOSES)] == list(PURPOSES)
    assert all(f"`{name}`" in TEXT for name in export.FORMATS)
