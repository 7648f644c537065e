"""A real browser: headless Chromium, driven by Selenium."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parent.parent.parent.parent
SCREENSHOTS = ROOT / ".screenshots"
AXE = Path(__file__).parent / "axe-core" / "axe.min.js"
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_RUN_AXE = """
const done = arguments[arguments.length - 1];
const said = (found) => found.violations
  .filter((it) => ["serious", "critical"].includes(it.impact))
  .flatMap((it) => it.nodes.map((node) => `${it.impact} ${it.id}: ${it.help}: ${node.html.slice(0, 200)}`));
axe.run(document, {resultTypes: ["violations"]})
  .then((found) => done(said(found)), (error) => done([String(error)]));
"""


class Browser:
    """What a person does with a page, and what a person would see."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.base = ""

    def open(self, path: str) -> None:
        """Go to a page."""
        self.driver.get(self.base + path)

    @property
    def path(self) -> str:
        """Where we are, without the host."""
        return self.driver.current_url.removeprefix(self.base)

    def arrive(self, *parts: str) -> None:
        """Wait until the address has these parts: a key or a click only begins the way there."""
        WebDriverWait(self.driver, 15).until(lambda _: all(it in self.path for it in parts))

    @property
    def text(self) -> str:
        """What is to be read."""
        return self.one("body").text

    def one(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def follow(self, words: str) -> None:
        """Click the link that has these words."""
        self.driver.find_element(By.PARTIAL_LINK_TEXT, words).click()

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        ActionChains(self.driver).send_keys(*keys).perform()

    @property
    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def complaints(self) -> list[str]:
        """What the browser's console says since it was asked last: errors, refusals of the policy."""
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def barriers(self) -> list[str]:
        """What axe-core calls serious or critical on this page."""
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.driver.execute_async_script(_RUN_AXE)
        return found

    def overflows(self) -> bool:
        """Is the page wider than the window?"""
        wide = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.driver.execute_script(wide))

    def dress(self, *, width: int, dark: bool = False, language: str = "ko-KR") -> None:
        """Be a phone or a desk, by day or by night, Korean or English."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self._tell("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._tell("Emulation.setEmulatedMedia", {"features": [scheme]})
        self._tell("Network.enable", {})
        self._tell("Network.setExtraHTTPHeaders", {"headers": {"Accept-Language": language}})

    def _tell(self, command: str, said: dict[str, Any]) -> None:
        self.driver.execute_cdp_cmd(command, said)  # type: ignore[no-untyped-call]

    def keep_picture(self, name: str) -> None:
        """Keep what is seen, for whoever looks at the run."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / (re.sub(r"\W+", "-", name) + ".png")))


def started(profile: Path) -> Browser:
    """Start the browser, or skip the test where there is none."""
    chromium = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("no chromium with chromedriver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for switch in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=ko-KR",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        f"--user-data-dir={profile}", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ):  # fmt: skip
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Browser(webdriver.Chrome(options, Service(driver)))
