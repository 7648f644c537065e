"""The house: which module may import which, who owns a library, how large things may grow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("pipeline/**/*.py"), *ROOT.glob("jobs/**/*.py")])
MODULE_LINES_MOST = 250
FUNCTION_LINES_MOST = 40

FLOORS = {
    0: {"records", "source", "errors", "hashing"},
    1: {
        "text", "dates", "urls", "encoding", "select", "structured", "headlines", "bylines",
        "boilerplate", "rights", "diffs", "due", "tally", "record_json", "markup", "markup_gate", "markup_scan",
        "walls", "polling", "gaps", "pauses",
        "soft_failures", "rights_signals", "personal", "language", "json_ld", "json_script",
        "stories",
        "search_terms", "search_query", "search_passages",
        "watches", "toml_lines",
        "rights_gate", "exporting", "feeds",
        "measures", "odds", "rhythm", "history", "lulls", "health", "candidates", "fiction",
    },
    2: {"portals", "extract", "discover"},
    3: {
        "fetch", "store", "settings", "settings_reporting", "setting_values", "setting_addresses", "config",
        "environment", "settings_naver", "settings_source",
        "together", "reading", "under_way", "second_opinion",
    },
    4: {
        "crawl", "visiting", "judging", "importing", "discovering", "naming", "searching", "backfilling",
        "notebook",
    },
}  # fmt: skip
PURE_FLOORS = 2
BESIDE = {
    ("config", "settings"), ("config", "environment"), ("environment", "settings"),
    ("settings", "setting_values"), ("settings", "settings_source"), ("settings_source", "setting_values"),
    ("settings_source", "setting_addresses"), ("settings_source", "settings_naver"),
    ("settings", "setting_addresses"), ("settings", "settings_reporting"),
    ("settings", "settings_naver"), ("config", "settings_naver"), ("settings_naver", "setting_values"),
    ("settings_naver", "setting_addresses"), ("crawl", "searching"), ("searching", "visiting"),
    ("searching", "judging"), ("searching", "discovering"),
    ("settings_reporting", "setting_values"), ("crawl", "visiting"), ("crawl", "judging"),
    ("judging", "visiting"), ("crawl", "discovering"), ("crawl", "naming"), ("discovering", "visiting"),
    ("discovering", "judging"), ("naming", "visiting"), ("discover", "portals"), ("discover", "extract"),
    ("backfilling", "crawl"), ("backfilling", "visiting"),
}  # fmt: skip
"""Rooms that are two halves of one subject; on floors 0 and 1 modules may use each other."""

NOT_PURE = {
    "os", "io", "pathlib", "logging", "time", "random", "socket", "subprocess", "asyncio",
    "threading", "tempfile", "shutil", "httpx", "sqlite3", "sqlite_utils", "tomllib",
}  # fmt: skip
NOT_PURE_CALLS = {"open", "print", "input", "now", "utcnow", "today"}

OWNERS = {
    "httpx": ("pipeline/fetch/",),
    "aiohttp": ("pipeline/fetch/",),
    "protego": ("pipeline/fetch/",),
    "sqlite3": ("pipeline/store/",),
    "sqlite_utils": ("pipeline/store/",),
    "zstandard": ("pipeline/store/", "pipeline/fetch/"),
    "brotli": ("pipeline/fetch/",),
    "isal": ("pipeline/fetch/",),
    "yarl": ("pipeline/fetch/",),
    "selectolax": ("pipeline/select.py", "pipeline/extract/"),
    "webencodings": ("pipeline/encoding.py",),
    "tomllib": ("pipeline/config.py",),
    "tomlkit": ("jobs/adding/config_file.py",),
    "pydantic": (
        "pipeline/settings.py",
        "pipeline/setting_values.py",
        "pipeline/setting_addresses.py",
        "pipeline/settings_reporting.py",
        "pipeline/settings_source.py",
        "pipeline/settings_naver.py",
        "pipeline/config.py",
        "pipeline/environment.py",
    ),
    "apscheduler": ("jobs/scheduler.py", "jobs/triggers.py"),
    "fastwarc": ("pipeline/importing/warc.py",),
    "feedparser": ("pipeline/discover/",),
    "filelock": ("jobs/lock.py",),
    "apprise": ("jobs/alerting/sender.py",),
    "rensa": ("pipeline/stories.py",),
    "pyarrow": ("pipeline/exporting/columns.py",),
    "datasette": ("jobs/web/",),
    "uvicorn": ("jobs/web/server.py",),
    "prometheus_client": ("jobs/metrics.py",),
}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _room(dotted: str) -> str | None:
    """The first name below pipeline: a module of its own, or a folder."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "pipeline" and len(parts) > 1 else None


def _floor(room: str) -> int | None:
    return next((floor for floor, rooms in FLOORS.items() if room in rooms), None)


LIBRARY = [p for p in MODULES if _name(p).startswith("pipeline/") and p.parent.name != "pipeline"]
LIBRARY += [p for p in MODULES if p.parent.name == "pipeline" and p.stem != "__init__"]


def _own_room(path: Path) -> str:
    return path.relative_to(ROOT / "pipeline").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", LIBRARY, ids=_name)
def test_library_module_stands_on_a_floor_and_imports_downwards(path: Path) -> None:
    own = _own_room(path)
    floor = _floor(own)
    assert floor is not None, f"{own} stands on no floor: add it to FLOORS and to the design"
    for imported in _imports(path):
        assert not imported.startswith("jobs"), f"{_name(path)} imports {imported}"
        room = _room(imported)
        below = _floor(room) if room else None
        if room is None or below is None or room == own:
            continue
        beside = below == floor and (floor <= 1 or (own, room) in BESIDE)
        assert below < floor or beside, (
            f"{_name(path)} (floor {floor}) imports {imported} (floor {below})"
        )


@pytest.mark.parametrize("path", LIBRARY, ids=_name)
def test_lower_floors_are_pure(path: Path) -> None:
    floor = _floor(_own_room(path))
    if floor is None or floor > PURE_FLOORS:
        return
    used = {imported.split(".")[0] for imported in _imports(path)}
    assert not used & NOT_PURE, f"{_name(path)} uses {used & NOT_PURE}"
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else None
            called = node.func.id if isinstance(node.func, ast.Name) else called
            assert called not in NOT_PURE_CALLS, f"{_name(path)}:{node.lineno} calls {called}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_library_is_used_by_its_owner_only(path: Path) -> None:
    for imported in {name.split(".")[0] for name in _imports(path)}:
        owners = OWNERS.get(imported)
        assert owners is None or _name(path).startswith(owners), f"{_name(path)} uses {imported}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_modules_and_functions_fit(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    if path.name != "schema.py":  # the list of schema steps only grows
        assert lines <= MODULE_LINES_MOST, f"{_name(path)} has {lines} lines"
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and path.name != "schema.py":
            length = (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)
            assert length <= FUNCTION_LINES_MOST, f"{_name(path)}: {node.name} has {length} lines"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return (first.end_lineno or 0) - first.lineno + 1 if is_text else 0


def test_every_floor_has_its_rooms() -> None:
    rooms = {_own_room(path) for path in LIBRARY}
    assert rooms == set().union(*FLOORS.values())
