"""The page in a real browser: without a browser on the machine these tests skip."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from pipeline.store import Store
from tests.jobs.web.browsing import Browser, started
from tests.jobs.web.newsroom import EDITED, fill

PAGES = (
    "/", "/search", "/search?q=정부", "/search?q=없는말", f"/article/{EDITED}",
    f"/article/{EDITED}/diff?from=1&to=2", "/article/daum:8", "/stories", "/stories/1", "/sources",
    "/sources/politics", "/sources/society", "/runs/1", "/quarantine", "/quarantine/1",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    it = started(tmp_path_factory.mktemp("chromium"))
    yield it
    it.driver.quit()


@pytest.fixture
def browser(
    chromium: Browser, store: Store, page: httpx.Client, request: pytest.FixtureRequest
) -> Iterator[Browser]:
    """A window on the page of a full morning, a desk's by day; its console must stay silent."""
    fill(store)
    chromium.base = str(page.base_url).rstrip("/")
    chromium.dress(width=1280)
    yield chromium
    chromium.keep_picture(request.node.name)
    complaints = chromium.complaints()
    chromium.driver.get("about:blank")
    assert complaints == []


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)], ids=["phone", "desk"])
def test_pages_have_no_barriers(browser: Browser, width: int, dark: bool) -> None:
    browser.dress(width=width, dark=dark)
    for path in PAGES:
        browser.open(path)
        assert browser.one("h1").text, path
        assert browser.barriers() == [], path
        assert not browser.overflows(), path
        browser.keep_picture(f"{path} {width} {'night' if dark else 'day'}")


def test_a_page_that_is_not_there_has_no_barriers(browser: Browser) -> None:
    browser.open("/nothing")
    assert "없는 페이지입니다" in browser.text
    assert browser.barriers() == []
    (said,) = browser.complaints()  # the browser's own word about the status
    assert "404" in said


def test_language_is_the_browsers(browser: Browser) -> None:
    browser.open("/")
    assert "수집원" in browser.text
    browser.dress(width=1280, language="en-GB")
    browser.open("/")
    assert "Sources" in browser.text
    assert browser.one("html").get_attribute("lang") == "en"


def test_from_a_search_to_what_was_edited(browser: Browser) -> None:
    browser.open("/")
    browser.follow("검색")
    browser.one("input[type=search]").send_keys("정부", Keys.ENTER)
    browser.arrive("/search?q=")
    assert [it.text for it in browser.all(".hits mark")][:1] == ["정부"]  # within 정부는
    browser.follow("다온시 자전거 쉰 곳 줄인다")
    browser.arrive(f"/article/{EDITED}")
    assert "시장은 물러서지 않겠다고 했다." in browser.text
    assert "금지" in browser.one("ul.uses").text
    browser.driver.find_element(By.CSS_SELECTOR, f"a[href^='/article/{EDITED}/diff']").click()
    browser.arrive("/diff")
    assert "쉰 곳" in " ".join(it.text for it in browser.all("ins"))
    Select(browser.one("select[name=from]")).select_by_value("2")
    Select(browser.one("select[name=to]")).select_by_value("2")
    browser.one("form.ask button").click()
    browser.arrive("/diff", "from=2", "to=2")
    assert not browser.all(".diff ins, .diff del")


def test_facets_narrow_a_search_and_can_be_taken_back(browser: Browser) -> None:
    browser.open("/search?q=정부")
    everything = len(browser.all(".hits h3"))
    browser.driver.find_element(By.CSS_SELECTOR, "ul.facet a[href*='publisher=']").click()
    browser.arrive("publisher=")
    narrowed = len(browser.all(".hits h3"))
    assert 0 < narrowed < everything
    shared = browser.path
    browser.open("/")
    browser.open(shared)
    assert len(browser.all(".hits h3")) == narrowed
    browser.one(".chips a").click()
    assert len(browser.all(".hits h3")) == everything


def test_a_search_has_a_feed_that_a_reader_can_follow(browser: Browser, page: httpx.Client) -> None:
    browser.open("/search?q=정부&publisher=한빛경제")
    link = browser.one("main a[href^='/feed.atom']").get_attribute("href")
    told = browser.one("head link[type='application/atom+xml']").get_attribute("href")
    assert link == told
    browser.one("main a[href^='/feed.atom']").click()
    browser.arrive("/feed.atom")
    source = browser.text  # Chromium shows a feed as its text
    assert "<entry" in source
    assert "미르군에 비 3mm" in source
    assert "다온시 자전거" not in source


def test_without_a_mouse(browser: Browser) -> None:
    browser.open("/")
    browser.press(Keys.TAB)
    assert browser.focused.get_attribute("class") == "skip"
    assert browser.focused.is_displayed()
    browser.press(Keys.ENTER, Keys.TAB)
    main = browser.one("main")
    within = "return arguments[0].contains(arguments[1])"
    assert browser.driver.execute_script(within, main, browser.focused)
    browser.open("/search")
    _tab_to(browser, "input[type=search]")
    browser.press("정부", Keys.ENTER)
    browser.arrive("/search?q=")
    _tab_to(browser, ".hits a")
    outline = "return getComputedStyle(arguments[0]).outlineStyle"
    assert (
        browser.driver.execute_script(outline, browser.focused) == "solid"
    )  # it is seen where one is
    browser.press(Keys.ENTER)
    browser.arrive("/article/")


def _tab_to(browser: Browser, css: str) -> None:
    wanted = browser.all(css)
    for _ in range(60):
        browser.press(Keys.TAB)
        if browser.focused in wanted:
            return
    pytest.fail(f"{css} cannot be reached by the keyboard")


def test_a_saved_page_is_text_and_never_runs(browser: Browser) -> None:
    browser.open("/quarantine/1")
    assert "<script>alert(1)</script>" in browser.one("pre").text
    assert not browser.all("pre script")


def test_nothing_is_asked_of_another_machine(browser: Browser) -> None:
    for path in PAGES:
        browser.open(path)
        asked = "return performance.getEntriesByType('resource').map((it) => it.name)"
        names = browser.driver.execute_script(asked)
        assert names, path
        assert [name for name in names if not name.startswith(browser.base)] == [], path


def test_datasettes_own_pages_work_under_the_policy(browser: Browser) -> None:
    for path in ("/data", "/data/articles", "/data?sql=select+1+as+one"):
        browser.open(path)
        assert browser.complaints() == [], path
    assert browser.all(".CodeMirror")  # the SQL editor is there: its scripts ran
