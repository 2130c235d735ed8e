"""The book in WebKit, the engine of Safari, driven by Selenium, for Playwright knows only its own.

`make soak-webkit` runs these tests; where Selenium is missing they are skipped.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import SCROLL_THROUGH
from children import LIMIT
from conftest import PAGES, SITE

webdriver = pytest.importorskip("selenium.webdriver", reason="make soak-webkit brings Selenium")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:selenium")

WIDE, NARROW = 1280, 450  # its window gets no narrower
READ = f"""const done = arguments[0], wrong = [];
for (const kind of ["error", "unhandledrejection"])
    addEventListener(kind, (event) => wrong.push(String(event.message ?? event.reason)));
({SCROLL_THROUGH})().then(() => done(wrong), (error) => done([String(error)]));"""
UNDRAWN = "return document.querySelectorAll('.dlx:not([data-drawn])').length"
BEYOND = "return document.documentElement.scrollWidth - innerWidth"
ACCENTS = """return [...document.querySelectorAll("mover[accent=true]")].map((accented) => {
    const size = parseFloat(getComputedStyle(accented).fontSize);
    return accented.getBoundingClientRect().height / size;
});"""


@pytest.fixture(scope="module")
def webkit() -> Iterator[Any]:
    """WebKitGTK's small browser."""
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(next(Path("/usr/lib").glob("*/webkit*gtk-*/MiniBrowser")))
    options.add_argument("--automation")
    service = webdriver.WebKitGTKService("/usr/bin/WebKitWebDriver")
    browser = webdriver.WebKitGTK(options=options, service=service)
    browser.set_script_timeout(LIMIT)
    browser.implicitly_wait(LIMIT)
    yield browser
    browser.quit()


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_read_from_the_disk(webkit: Any, path: str, width: int) -> None:
    webkit.set_window_size(width, 900)
    webkit.get((SITE / path).as_uri())
    assert webkit.execute_async_script(READ) == []
    assert webkit.execute_script(UNDRAWN) == 0
    assert webkit.execute_script(BEYOND) <= 0


def test_the_lab_of_the_first_page_trains(webkit: Any) -> None:
    webkit.get((SITE / "index.html").as_uri())
    webkit.find_element("xpath", "//button[text()='Train']").click()
    webkit.find_element("xpath", "//*[@role='status'][contains(., 'done, held-out accuracy')]")


def test_what_is_searched_is_found(webkit: Any) -> None:
    webkit.set_window_size(WIDE, 900)
    webkit.get((SITE / "search.html").as_uri())
    field = webkit.find_element("css selector", "main input[name=q]")
    field.send_keys("saddle", webdriver.Keys.ENTER)
    webkit.find_element("css selector", "#search-results a[href*='04_gradient_descent']")


def test_an_accent_lies_near_its_letter(webkit: Any) -> None:
    webkit.get((SITE / "notebooks/13_initialization.html").as_uri())
    heights = webkit.execute_script(ACCENTS)
    assert heights
    assert max(heights) < 1.1
