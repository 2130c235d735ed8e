"""A page sends little before it is scrolled, waits for no script, and does not jump."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, SITE
from playwright.sync_api import Browser, Page
from serve import served
from weight import PHONE, sent

SENT_BYTES = 600_000
SHIFTS = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
        for (const entry of own) window.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
}"""
SCROLL_SLOWLY = """async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
        window.scrollTo({top: y, behavior: "instant"});
        await new Promise((done) => setTimeout(done, 40));
    }
}"""


@pytest.fixture(scope="module")
def compressed() -> Iterator[str]:
    """The address of the book as `make serve` serves it."""
    with served(SITE) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_no_script_holds_a_page_up(path: str) -> None:
    html = BeautifulSoup((SITE / path).read_text("utf-8"), "html.parser")
    held = [tag["src"] for tag in html.find_all("script", src=True) if not tag.has_attr("defer")]
    assert held == []


@pytest.mark.parametrize("path", PAGES)
def test_little_is_sent_before_a_page_is_scrolled(
    browser: Browser, compressed: str, path: str
) -> None:
    files = sent(browser, f"{compressed}/{path}")
    assert sum(files.values()) <= SENT_BYTES, files


@pytest.mark.parametrize("path", PAGES)
def test_nothing_jumps_while_a_page_loads_and_is_scrolled(
    page: Page, compressed: str, path: str
) -> None:
    page.set_viewport_size(PHONE)
    page.add_init_script(f"({SHIFTS})()")
    page.goto(f"{compressed}/{path}", wait_until="load")
    page.evaluate(SCROLL_SLOWLY)
    # A drawn chart may be a few pixels taller than its still.
    assert page.evaluate("window.shift") < 0.05
