"""Pages for everybody: axe finds nothing, the focus is seen, and what changes is said."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import NARROW, read_through
from conftest import PAGES
from playwright.sync_api import Page, expect

# Rules that axe leaves out unless asked for, and that Lighthouse asks for.
MORE_RULES = ("label-content-name-mismatch", "table-fake-caption", "target-size", "td-has-header")
SETTINGS = {
    "resultTypes": ["violations"],
    "preload": False,  # it would request style sheets from where they are not
}
# Colors take nine tenths of axe's time, for it looks at every element with text by itself.
# Text that looks alike has the same contrast: of each look one element is enough.
COLOR_RULES = ["color-contrast", "link-in-text-block"]
STRUCTURE = SETTINGS | {
    "rules": {rule: {"enabled": True} for rule in MORE_RULES}
    | {rule: {"enabled": False} for rule in COLOR_RULES},
}
COLORS = SETTINGS | {"runOnly": {"type": "rule", "values": COLOR_RULES}}
ONE_OF_EACH_LOOK = {"include": [["[data-look]"]]}
MARK_LOOKS = """() => {
    const known = new Map();
    // All that lies behind the text, and what is done to it.
    const behind = (element) => {
        if (!element) return "";
        if (!known.has(element)) {
            const {backgroundColor, backgroundImage, opacity, position} = getComputedStyle(element);
            const own = `${backgroundColor} ${backgroundImage} ${opacity} ${position}`;
            const plain = own === "rgba(0, 0, 0, 0) none 1 static";
            known.set(element, behind(element.parentElement) + (plain ? "" : `/${own}`));
        }
        return known.get(element);
    };
    const hasText = (element) =>
        element.matches("input, select, textarea") ||
        [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const looks = new Set();
    for (const element of document.body.querySelectorAll("*")) {
        element.removeAttribute("data-look");
        if (!hasText(element) || !element.checkVisibility({visibilityProperty: true})) continue;
        const {color, fill, fontSize, fontWeight, textShadow} = getComputedStyle(element);
        const name = `${element.localName}.${element.getAttribute("class")}`;
        const look = [name, color, fill, fontSize, fontWeight, textShadow, behind(element)].join();
        if (!looks.has(look)) element.dataset.look = "";
        looks.add(look);
    }
    return looks.size;
}"""
MORE_PAGES = ["404.html", "search.html"]
TABS = 40
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return [document.activeElement.outerHTML.slice(0, 100), outlined || style.boxShadow !== "none"];
}"""

WIDE_AND_REACHED = """(code) =>
    code.map((each) => [each.scrollWidth > each.clientWidth, "reached" in each.dataset])"""


def violations(page: Page) -> list[str]:
    """What axe finds, minor things included: the rule, how bad it is, and where."""
    return [*found(page, STRUCTURE), *color_violations(page)]


def color_violations(page: Page) -> list[str]:
    """What axe finds in the colors."""
    assert page.evaluate(MARK_LOOKS) > 0
    return found(page, COLORS, ONE_OF_EACH_LOOK)


def found(page: Page, options: dict[str, object], context: object = None) -> list[str]:
    """What axe finds by some of its rules, on the whole page or in a part."""
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in Axe().run(page, context, options).response["violations"]
        for node in each["nodes"]
    ]


def show(page: Page, mode: str) -> None:
    """Switch to light or dark; with reduced motion no color is caught between the two."""
    page.emulate_media(color_scheme=mode, reduced_motion="reduce")
    page.wait_for_function("(mode) => document.documentElement.dataset.theme === mode", arg=mode)


@pytest.mark.parametrize("path", [*PAGES, *MORE_PAGES])
def test_axe_finds_nothing_in_the_light_and_in_the_dark(page: Page, host: str, path: str) -> None:
    page.goto(f"{host}/{path}")
    read_through(page)
    show(page, "light")
    assert violations(page) == []
    show(page, "dark")  # other colors, and nothing else
    assert color_violations(page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_the_one_pale_word_of_a_page(page: Page, host: str, mode: str) -> None:
    page.goto(f"{host}/book/notation.html")
    show(page, mode)
    page.evaluate("document.querySelectorAll('.bd-article p')[3].style.color = '#777'")
    assert any(each.startswith("color-contrast") for each in color_violations(page))


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


def test_on_a_phone_the_keyboard_leads_to_all_code_that_scrolls(page: Page, server: str) -> None:
    page.set_viewport_size(NARROW)
    page.goto(f"{server}/notebooks/08_sgd.html")
    for _ in range(4 * TABS):
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.dataset.reached = ''")
    page.add_style_tag(content="pre {content-visibility: visible !important}")
    places = page.locator("pre:visible").evaluate_all(WIDE_AND_REACHED)
    last = max(i for i, (_, reached) in enumerate(places) if reached)
    assert last > 20
    assert places[:last] == [[wide, wide] for wide, _ in places[:last]]


def test_an_explorer_says_what_came_out(page: Page, server: str) -> None:
    page.goto(f"{server}/notebooks/04_gradient_descent.html")
    explorer = page.locator(".dlx", has=page.locator(".dlx-outcome:not(:empty)")).first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
    status = explorer.get_by_role("status")
    said = status.inner_text()
    explorer.locator("input").first.press("ArrowRight")
    expect(status).not_to_have_text(said)
