"""The harness of `make bench` on a site of twenty pages: it measures the whole job, and counts all of it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import whole, whole_server
from benchmarks.plotting import write_plot
from benchmarks.processes import measured
from benchmarks.whole_fields import people, without_labels
from benchmarks.whole_gisa import home
from benchmarks.whole_profile import read, shares
from benchmarks.whole_site import HEAVIEST, LIGHTEST, Plan
from benchmarks.whole_store import Articles

PAGES = 20


@pytest.mark.parametrize("nginx", [True, False])
def test_gisa_stores_the_site_and_asks_again_for_changes_only(
    nginx: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nginx:
        monkeypatch.setattr(whole_server, "_nginx", lambda: None)
    elif whole_server._nginx() is None:
        pytest.skip("nginx is not installed")
    with whole.course(Plan(PAGES, 2)) as it:
        made = home(it.folder / "gisa", it.site, sources=2, archive=nginx)
        used, said = made.run()
        assert made.headlines() == it.site.headlines
        assert said["totals"]["new"] == len(it.site.headlines) == PAGES
        assert 0.1 < used.cpu < 30
        assert used.peak_megabytes > 20
        made.all_due()
        _, said = made.run()
        assert said["totals"]["unchanged"] == PAGES
        weights = [
            path.stat().st_size for path in (it.folder / "pages/v").iterdir() if not path.suffix
        ]
        assert len(weights) == PAGES
        assert min(weights) > LIGHTEST * 0.9
        assert max(weights) < HEAVIEST * 1.1


def test_what_a_process_starts_is_counted_too() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\nkept = bytearray(80_000_000)"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}], check=True)"
    used = measured([sys.executable, "-c", start])
    assert used.cpu >= 0.3
    assert used.wall >= 0.3


def test_a_process_that_fails_ends_the_benchmark() -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        measured([sys.executable, "-c", "raise SystemExit(3)"])


def test_samples_go_to_the_innermost_part() -> None:
    crawl = "work (pipeline/crawl.py:134)"
    stacks = read(
        f"{crawl};parse (pipeline/select.py:70) 3\n"
        f"{crawl};related_links (pipeline/portals/_around.py:9);absolute (pipeline/urls.py:4) 2\n"
        f"{crawl} 1\n"
        "main (jobs/verbs/run.py:1);_find_and_load (<frozen importlib._bootstrap>:1);x (aiohttp/a.py:1) 4\n"
        "group (jobs/crawl_source.py:9);Stories.group (pipeline/store/stories.py:8);x (pipeline/text.py:1) 5"
    )
    assert shares(list(stacks)) == Counter(
        {
            "parse: the tree": 3,
            "parse: related links": 2,
            "crawl: all other code": 1,
            "start: imports": 4,
            "stories: grouping": 5,
        }
    )


def test_a_plot_is_svg_with_a_mark_at_every_point(tmp_path: Path) -> None:
    path = tmp_path / "plot.svg"
    lines = {"articles": [(1000, 9.0), (10_000, 9.5)], "sources & more": [(10, 8.0), (100, 8.5)]}
    write_plot(path, "CPU a page", lines, x="what there is", y="ms")
    drawn = ElementTree.parse(path)
    space = "{http://www.w3.org/2000/svg}"
    assert len(drawn.findall(f"{space}circle")) == 4 + len(lines)
    said = {element.text for element in drawn.findall(f"{space}text")}
    assert {"CPU a page", "sources & more", "10,000", "ms"} <= said


def test_the_other_clients_write_an_article_anew_and_find_it_once(tmp_path: Path) -> None:
    articles = Articles(tmp_path / "articles.db")
    item = {
        "id": "1",
        "url": "http://a.example/v/1",
        "headline": "다온시 도서관",
        "text": "강변에 문을 열었다",
    }
    articles.save(item)
    articles.save(item | {"text": "강변에 다시 열었다"})
    found = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert articles.db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert articles.db.execute(found, ["다시"]).fetchone() == (1,)
    assert articles.db.execute(found, ["문을"]).fetchone() == (0,)
    articles.close()


def test_the_other_clients_read_bylines_and_labels() -> None:
    assert without_labels("[단독] [속보] 다온시, 도서관 연다") == "다온시, 도서관 연다"
    (person,) = people("김온결 한빛일보 기자(ongyeol@hanbit.example)", "한빛일보", [])
    assert person == {"name": "김온결", "email": "ongyeol@hanbit.example"}
    last = ["본문이다.", "박누솔 기자 nusol@daon.example"]
    assert people("박누솔 기자", "다온통신", last)[0]["email"] == "nusol@daon.example"
