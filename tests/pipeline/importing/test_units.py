"""What is to be imported of a path: files that can be read to their end, and nothing that is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.errors import GisaError
from pipeline.importing.units import units


def test_pipes_and_dead_links_of_a_folder_are_none_of_its_pages(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.html")
    (tmp_path / "b.html").symlink_to(tmp_path / "gone.html")
    (tmp_path / "c.html").write_text("<p>온새시</p>", encoding="utf-8")
    (unit,) = units([tmp_path])
    assert unit.names == ("c.html",)


def test_a_pipe_by_itself_is_told_how_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.warc")
    with pytest.raises(GisaError, match="pipe it into: gisa import -"):
        list(units([tmp_path / "a.warc"]))
