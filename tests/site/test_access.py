"""Pages for everybody: axe finds nothing, the focus is seen, and what changes is said."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NARROW, read_through
from conftest import PAGES
from playwright.sync_api import Page, expect

# Rules that axe leaves out unless asked for, and that Lighthouse asks for.
MORE_RULES = ("label-content-name-mismatch", "table-fake-caption", "target-size", "td-has-header")
OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # it would request style sheets from where they are not
    "rules": {rule: {"enabled": True} for rule in MORE_RULES},
}
MORE_PAGES = ["404.html", "search.html"]
TABS = 40
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [document.activeElement.outerHTML.slice(0, 100), outlined || style.boxShadow !== "none"];
}"""


def violations(page: Page) -> list[str]:
    """What axe finds, minor things included: the rule, how bad it is, and where."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("path", [*PAGES, *MORE_PAGES])
def test_axe_finds_nothing_in_the_light_and_in_the_dark(page: Page, host: str, path: str) -> None:
    page.goto(f"{host}/{path}")
    read_through(page)
    for mode in ("light", "dark"):
        # Reduced motion: no color is caught between two modes.
        page.emulate_media(color_scheme=mode, reduced_motion="reduce")
        page.wait_for_function(
            "(mode) => document.documentElement.dataset.theme === mode", arg=mode
        )
        assert violations(page) == []


@pytest.mark.parametrize("path", ["index.html", "book/notation.html", "notebooks/17_mnist.html"])
def test_axe_finds_nothing_on_a_phone(page: Page, host: str, path: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{host}/{path}")
    assert violations(page) == []


def test_the_focus_is_seen_wherever_the_keyboard_leads(page: Page, server: str) -> None:
    page.goto(f"{server}/notebooks/04_gradient_descent.html")
    unseen = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        element, seen = page.evaluate(FOCUS)
        if not seen:
            unseen.append(element)
    assert unseen == []


def test_an_explorer_says_what_came_out(page: Page, server: str) -> None:
    page.goto(f"{server}/notebooks/04_gradient_descent.html")
    explorer = page.locator(".dlx", has=page.locator(".dlx-outcome:not(:empty)")).first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
    status = explorer.get_by_role("status")
    said = status.inner_text()
    explorer.locator("input").first.press("ArrowRight")
    expect(status).not_to_have_text(said)
