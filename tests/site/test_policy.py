"""Every page says what may run on it, and keeps to it."""

import re

import pytest
from browser import Watch
from conftest import PAGES, SITE
from playwright.sync_api import Browser, Page, expect

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')
EVERY_PAGE = [*PAGES, "404.html", "search.html"]
RUN_MORE = """() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    return window.ran === true;
}"""


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_has_one_policy_before_its_first_script(path: str) -> None:
    html = (SITE / path).read_text("utf-8")
    (found,) = POLICY.finditer(html)
    assert found.start() < html.index("<script")
    scripts = next(part for part in found[1].split("; ") if part.startswith("script-src"))
    assert re.fullmatch(r"script-src 'self'( 'sha256-[\w+/=]{44}')*", scripts)
    assert "default-src 'self'" in found[1]


def test_a_script_that_did_not_stand_on_the_page_is_refused_and_noticed(
    browser: Browser, base: str
) -> None:
    with browser.new_context() as context:
        watch = Watch(context)
        page = context.new_page()
        page.goto(f"{base}/index.html")
        assert page.evaluate(RUN_MORE) is False
        page.wait_for_timeout(100)
        assert len(watch.refused) == 1
        with pytest.raises(AssertionError, match="content security policy"):
            watch.assert_clean()


def test_one_can_search_under_the_policy(browser: Browser, base: str) -> None:
    # Not with the fixture page: from a file no summaries can be fetched, which ends in errors.
    with browser.new_context() as context:
        watch = Watch(context)
        page = context.new_page()
        page.goto(f"{base}/index.html")
        page.get_by_role("search").get_by_role("button", name="Search").click()
        page.get_by_role("searchbox").fill("gradient")
        page.keyboard.press("Enter")
        page.locator("#search-results a", has_text="Walking downhill").first.click()
        expect(page.locator("article h1")).to_contain_text("Walking downhill")
        assert watch.refused == []


def test_copying_code_works_under_the_policy(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    button = page.locator("button.copybtn").first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_class(re.compile("success"))
