"""The tests' own look at the browser: a page that gets no more frames is told from a broken one."""

from browser import without_frames
from playwright.sync_api import Browser, Page

NO_FRAMES = "window.requestAnimationFrame = () => 0"
opened: list[Page] = []


def test_a_page_without_frames_is_named(browser: Browser, page: Page) -> None:
    page.goto("about:blank")
    assert without_frames(browser) == []
    page.evaluate(NO_FRAMES)
    assert without_frames(browser) == ["about:blank"]


def test_a_test_whose_page_gets_no_frames_runs_again(page: Page) -> None:
    opened.append(page)
    if len(opened) == 1:
        page.evaluate(NO_FRAMES)
    assert len(opened) == 2
