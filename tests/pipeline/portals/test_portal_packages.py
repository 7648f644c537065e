"""Portal modules of installed packages: made-up distributions on sys.path."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import portals
from pipeline.config import load
from pipeline.errors import ConfigError

MODULE = """
NAME = "{name}"
VERSION = 3
def article_id(url, *, base=""):
    return "{name}:" + url.rpartition("/")[2] if "{name}.example" in url else None
def canonical_url(url): return url
def recognises(html): return False
def parse_listing(page): return ()
def parse_article(page, *, permission=None): raise NotImplementedError
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def forget() -> None:
        for cached in (portals.others, portals.faults, portals._examined):
            cached.cache_clear()

    def put(name: str, code: str, *, point: str = "") -> None:
        module = f"gisa_portal_{name}"
        (tmp_path / f"{module}.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        points = f"[gisa.portals]\n{point or name} = {module}\n"
        (info / "entry_points.txt").write_text(points)
        monkeypatch.delitem(sys.modules, module, raising=False)
        forget()

    monkeypatch.syspath_prepend(str(tmp_path))
    yield put
    for module in [name for name in sys.modules if name.startswith("gisa_portal_")]:
        del sys.modules[module]
    monkeypatch.undo()
    forget()


def test_a_package_brings_a_portal(install: Callable[..., None]) -> None:
    install("moru", MODULE.format(name="moru"))
    assert "moru" in portals.names()
    assert portals.faults() == ()
    assert portals.named("moru").VERSION == 3
    assert portals.for_url("https://moru.example/1") is portals.named("moru")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('boom')", "cannot be loaded: RuntimeError: boom"),
        ("import not_there_at_all", "cannot be loaded: ModuleNotFoundError"),
        ('NAME = "broken"\nVERSION = 1', "it lacks article_id, canonical_url"),
        (MODULE.format(name="other"), "its NAME should be the name of the entry point"),
        (MODULE.format(name="broken").replace("VERSION = 3", "VERSION = '3'"), "VERSION should be"),
    ],
)
def test_a_broken_one_is_named_and_stops_no_other(
    install: Callable[..., None], tmp_path: Path, code: str, said: str
) -> None:
    install("broken", code)
    install("moru", MODULE.format(name="moru"))
    assert {"daum", "moru"} <= set(portals.names())
    assert "broken" not in portals.names()
    (fault,) = portals.faults()
    assert fault.startswith("portal broken (gisa_portal_broken, package gisa_portal_broken): ")
    assert said in fault
    path = tmp_path / "config.toml"
    path.write_text('[source.a]\nportal = "broken"\nlistings = ["https://x.example/"]\n')
    with pytest.raises(ConfigError, match="portal broken"):
        load(path, {})


def test_none_takes_the_name_of_another(install: Callable[..., None]) -> None:
    install("daum", MODULE.format(name="daum"))
    (fault,) = portals.faults()
    assert "there is a portal of this name already" in fault
    assert portals.named("daum").__name__ == "pipeline.portals.daum"  # type: ignore[attr-defined]
