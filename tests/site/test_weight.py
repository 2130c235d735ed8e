"""A page sends little before it is scrolled, and waits for no script."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, SITE
from playwright.sync_api import Browser
from serve import served
from weight import MOST_KILOBYTES, sent


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
    assert sum(files.values()) <= 1000 * MOST_KILOBYTES, files
