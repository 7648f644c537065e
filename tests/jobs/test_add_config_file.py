"""New sources in config.toml: its bytes stay, it is valid or as it was, and replaced whole or not at all."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from jobs.adding.config_file import NewSource, add, current, rendered
from jobs.adding.source_names import Names, of_address, of_host, of_title
from pipeline.config import load
from pipeline.errors import ConfigError
from tests.jobs.desk import ROOT

OWN = """# 내 설정\t(keep)
[pipeline]   # one
contact = 'mailto:desk@newsroom.example'  # who
delay="2s"

  [source.old]  # indented, with a hash in a value
  listing = "https://old.example/#a"   # end
"""
NEW = NewSource("hanbit", "feed", "https://hanbit.example/rss.xml", comment="한빛일보")
ENTRY = '# 한빛일보\n[source.hanbit]\nfeed = "https://hanbit.example/rss.xml"\nevery = "30m"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    it = tmp_path / "config.toml"
    it.write_bytes(OWN.encode())
    return it


def test_an_entry_is_added_behind_every_byte_that_was_there(path: Path) -> None:
    add(path, [NEW])
    assert path.read_bytes() == f"{OWN}\n{ENTRY}".encode()
    assert list(load(path, {}).sources) == ["old", "hanbit"]


@pytest.mark.parametrize(
    "before", [OWN, OWN.rstrip(), OWN + "\n", OWN + "\n\n# the last word", "", "\n"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_stay(path: Path, before: str, end: str, mark: str) -> None:
    written = (mark + before.replace("\n", end)).encode()
    path.write_bytes(written)
    add(path, [NEW])
    after = path.read_bytes()
    assert after.startswith(written)
    assert after.endswith(ENTRY.replace("\n", end if end.encode() in written else "\n").encode())
    added = after[len(written) :]
    assert added.count(b"\n") == added.count(b"\r\n") or b"\r\n" not in added
    assert load(path, {}).sources["hanbit"].listings == (NEW.url,)


def test_entries_of_every_kind_are_valid(path: Path) -> None:
    sources = [
        NewSource("a", "portal", "https://news.daum.net/politics", portal="daum"),
        NewSource("b.c", "sitemap", 'https://a.example/"x".xml', every="90s", is_enabled=False),
        NewSource(
            "d",
            "listing",
            "https://a.example/뉴스",
            comment="한 줄\x1b[31m\x00 \u2028# [source.evil]\n",
        ),
    ]
    add(path, sources)
    found = load(path, {}).sources
    assert [found[it.name].listings for it in sources] == [(it.url,) for it in sources]
    assert [found[it.name].kind for it in sources] == ["portal", "sitemap", "listing"]
    assert [found[it.name].enabled for it in sources] == [True, False, True]
    assert "evil" not in found
    assert rendered(sources[2]).splitlines()[0] == "# 한 줄[31m # [source.evil]"


@pytest.mark.parametrize(
    "before",
    [
        "[source.hanbit]\nfeed = 'https://x.example/'\n",  # its name is taken
        "source = {}\n",  # which nothing can be added to
        "[pipeline]\ncolour = 'red'\n",
    ],
)
def test_what_would_not_be_valid_leaves_the_file_as_it_was(path: Path, before: str) -> None:
    path.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError, match="nothing was added"):
        add(path, [NEW])
    assert path.read_text(encoding="utf-8") == before
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_file_is_made_with_a_head(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    assert list(current(path).sources) == []
    before = os.umask(0o027)
    try:
        add(path, [NEW])
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(load(path, {}).sources) == ["hanbit"]
    assert "contact" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_mode_and_symlink_stay(path: Path, mode: int) -> None:
    path.chmod(mode)
    link = path.parent / "elsewhere" / "link.toml"
    link.parent.mkdir()
    link.symlink_to("../config.toml")
    add(link, [NEW])
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert "hanbit" in load(path, {}).sources


def test_a_read_only_file_is_left_alone_and_the_entry_told(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(ConfigError, match=r"read-only.*nothing was added") as caught:
        add(path, [NEW])
    assert str(caught.value).endswith(ENTRY)
    assert path.read_bytes() == OWN.encode()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file or directory"):
        add(tmp_path / "no" / "config.toml", [NEW])


def test_killed_before_it_is_replaced_it_is_the_old_one(path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom jobs.adding.config_file import NewSource, add\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), 9)\n"
        "add(Path(sys.argv[1]), [NewSource('hanbit', 'feed', 'https://hanbit.example/rss.xml')])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], cwd=ROOT, check=False, timeout=30
    )
    assert done.returncode == -signal.SIGKILL
    assert path.read_bytes() == OWN.encode()
    (left,) = set(path.parent.iterdir()) - {path}
    assert tomllib.loads(left.read_text(encoding="utf-8"))["source"]["hanbit"]
    add(path, [NEW])
    assert "hanbit" in load(path, {}).sources


def test_what_an_editor_saved_meanwhile_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: path.write_text("# new\n", encoding="utf-8"))
    with pytest.raises(ConfigError, match="changed at the same time"):
        add(path, [NEW])
    assert path.read_text(encoding="utf-8") == "# new\n"
    assert list(path.parent.iterdir()) == [path]


def test_a_fault_while_writing_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        add(path, [NEW])
    assert path.read_bytes() == OWN.encode()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.hani.co.kr/", "hani"),
        ("https://news.sbs.co.kr/rss", "sbs"),
        ("http://rss.hanbit.example/all.xml", "hanbit"),
        ("https://www.korea.kr", "korea"),
        ("https://news.kbs.kr", "kbs"),
        ("https://seoul.go.kr", "seoul"),
        ("https://co.kr", "co"),
        ("https://a.b.c.example.", "c"),
        ("http://127.0.0.1:8765/paper", "127-0-0-1"),
        ("http://[::1]:80/", "1"),
        ("http://localhost/", "localhost"),
        ("https://한빛.kr/", "xn-xx3br43b"),
    ],
)
def test_names_of_hosts(url: str, name: str) -> None:
    assert of_host(url) == name


def test_names_of_addresses_and_titles() -> None:
    assert of_address("https://www.hani.co.kr/rss/politics/index.xml") == "hani-politics"
    assert of_address("https://a.example/rss?section=12") == "a-section-12"
    assert len(of_address("https://a.example/" + "x" * 500)) <= 55
    assert of_title("Hanbit Daily: Politics!") == "hanbit-daily-politics"
    assert of_title("한겨레 Politics") == of_title("!") == of_title("") == ""


def test_a_name_that_is_taken_gets_a_number() -> None:
    names = Names(["hani", "hani-2"])
    assert [names.take("hani"), names.take("hani"), names.take("sbs")] == [
        "hani-3",
        "hani-4",
        "sbs",
    ]
