"""Lists of where saved pages came from, and what pages say of it themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.importing.saved_html import Known, own_url, read_map, unpacked

URL = "https://p.example/1"
AT = datetime(2026, 9, 27, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        f"a.html,{URL},2026-09-27T01:00:00Z\nsub\\b.html,{URL}\n",
        f"url,file,note,fetched_at\n{URL},a.html,,2026-09-27T10:00:00+09:00\n{URL},sub/b.html,,\n",
        f"\ufefffile\turl\tfetched_at\n./a.html\t{URL}\t2026-09-27T01:00\n\nsub/b.html\t{URL}\t\n",
        f'{{"file":"a.html","url":"{URL}","fetched_at":"2026-09-27T01:00:00Z"}}\n'
        f'{{"file":"sub/b.html","url":"{URL}"}}\n',
    ],
)
def test_lists_of_every_form(tmp_path: Path, text: str) -> None:
    path = tmp_path / "map"
    path.write_text(text, encoding="utf-8")
    assert read_map(path) == {"a.html": Known(URL, AT), "sub/b.html": Known(URL)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"a.html,{URL}\nb.html,ftp://x/\n", "map:2: 'ftp://x/' is no http"),
        (f"a.html,{URL},soon\n", "map:1: 'soon' is no time"),
        ('{"file": 1}\n[]\n', "map:1"),
        ("{no json", "map:1: not an object in JSON"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "map"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_map(path)


def test_a_page_says_where_it_came_from() -> None:
    og = f'<meta property="og:url" content="{URL}/og">'
    link = f'<link rel="canonical" href="{URL}/canonical">'
    noted = f"<!DOCTYPE html>\n<!-- saved from url=(0019){URL}/noted -->\n"
    assert own_url(f"<head>{og}") == f"{URL}/og"
    assert own_url(f"<head>{og}{link}") == f"{URL}/canonical"
    assert own_url(f"{noted}<head>{og}{link}") == f"{URL}/noted"
    assert own_url('<head><link rel="canonical" href="/relative">') == ""


def test_what_no_mhtml_is() -> None:
    assert unpacked(b"") is None
    assert unpacked(b"<html>") is None
    assert unpacked(b"Content-Type: image/png\r\n\r\nx") is None
