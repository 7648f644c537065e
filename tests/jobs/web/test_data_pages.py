"""Datasette's own pages of our tables: what publishers wrote is text there, too."""

from __future__ import annotations

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from jobs import wiring
from pipeline.store import Store
from tests.jobs.web.hostile import EVIL
from tests.jobs.web.test_hostile_text import NOW, filled

_MARKUP = "img, iframe, object, [onerror], [onload], [onmouseover], [onclick]"
_FOLLOWED = ("/", "#", "?", "http://", "https://")


def test_no_table_makes_markup_or_a_link_of_what_is_stored(
    page: httpx.Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    for evil in (EVIL, "  JaVaScRiPt:alert(1)", 'http://x.example/"onmouseover=alert(1)//'):
        filled(store, evil)
    tables = [it["name"] for it in page.get("/data.json").json()["tables"] if not it["hidden"]]
    assert "articles" in tables
    assert "alert(1)" in page.get("/data/articles").text
    for table in tables:
        answer = page.get(f"/data/{table}", params={"_size": 5})
        assert answer.status_code == 200, table
        tree = LexborHTMLParser(answer.text)
        assert not [it for it in tree.css("script") if not it.attributes.get("src")], table
        assert not tree.css(_MARKUP), table
        for link in tree.css("a[href]"):
            assert (link.attributes["href"] or "").startswith(_FOLLOWED), table
