"""The page in a real browser: without a browser on the machine these tests skip."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.jobs.web.browsing import Browser, started


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    it = started(tmp_path_factory.mktemp("chromium"))
    yield it
    it.driver.quit()


@pytest.fixture
def browser(
    chromium: Browser, page: httpx.Client, request: pytest.FixtureRequest
) -> Iterator[Browser]:
    """A window on the served page, a desk's by day; its console must stay silent."""
    chromium.base = str(page.base_url).rstrip("/")
    chromium.dress(width=1280)
    yield chromium
    chromium.keep_picture(request.node.name)
    complaints = chromium.complaints()
    chromium.driver.get("about:blank")
    assert complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_have_no_barriers(browser: Browser, width: int, dark: bool) -> None:
    browser.dress(width=width, dark=dark)
    for path in ("/", "/nothing"):
        browser.open(path)
        assert browser.barriers() == [], path
        assert not browser.overflows(), path
    assert len(browser.complaints()) == 1  # the page that is not there


def test_language_is_the_browsers(browser: Browser) -> None:
    browser.open("/")
    assert "현황" in browser.text
    browser.dress(width=1280, language="en-GB")
    browser.open("/")
    assert "Overview" in browser.text


def test_datasettes_own_pages_work_under_the_policy(browser: Browser) -> None:
    for path in ("/data", "/data/articles", "/data?sql=select+1+as+one"):
        browser.open(path)
        assert browser.complaints() == [], path
    assert browser.all(".CodeMirror")  # the SQL editor is there: its scripts ran
