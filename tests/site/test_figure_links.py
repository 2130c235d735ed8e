"""A link to a figure puts its controls where they were when it was copied."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

KL = "notebooks/10_information.html"
MOVE = """(control) => {
    const range = control.type === "range";
    control.value = range ? Math.floor(control.max / 3) : control.options.length - 1;
    control.dispatchEvent(new Event("input", {bubbles: true}));
}"""
LAB = "notebooks/09_training_loop.html"


def values(figure: Locator) -> Any:
    return figure.locator(".dlx-control :is(input, select)").evaluate_all(
        "(controls) => controls.map((control) => control.value)"
    )


def link(figure: Locator) -> str:
    """Move every control, press Copy link and return the address."""
    figure.scroll_into_view_if_needed()
    for control in figure.locator(".dlx-control :is(input, select)").all():
        control.evaluate(MOVE)
    button = figure.locator(".dlx-link")
    button.click()
    expect(button).to_have_text("Copied")
    assert figure.page.evaluate("navigator.clipboard.readText()") == figure.page.url
    return figure.page.url


@pytest.mark.parametrize(("path", "kind", "place"), [(KL, ".dlx", 1), (LAB, ".dlx-lab", 0)])
def test_what_was_copied_comes_back(
    page: Page, base: str, path: str, kind: str, place: int
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base}/{path}")
    figure = page.locator(kind).nth(place)
    first = values(figure)
    address, moved = link(figure), values(figure)
    assert moved != first
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=figure.element_handle())
    assert values(figure) == moved
    if kind == ".dlx":
        said = figure.locator(".dlx-outcome").inner_text()
        page.goto("about:blank")
        page.goto(f"{base}/{path}")
        figure.scroll_into_view_if_needed()
        page.wait_for_function("(root) => 'drawn' in root.dataset", arg=figure.element_handle())
        assert values(figure) == first
        assert figure.locator(".dlx-outcome").inner_text() != said


def test_without_a_clipboard_the_address_has_the_link(page: Page, base: str) -> None:
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(f"{base}/{KL}")
    button = page.locator(".dlx-link").first
    button.click()
    expect(button).to_have_text("See the address")
    assert "#figure-1:" in page.url


@pytest.mark.parametrize("hash_", ["#figure-99:1", "#figure-1:", "#figure-1:x,-5,1e9,,,"])
def test_a_link_without_values_leaves_the_figure_as_it_begins(
    page: Page, base: str, hash_: str
) -> None:
    page.goto(f"{base}/{KL}")
    figure = page.locator(".dlx").first
    first = values(figure)
    page.goto("about:blank")
    page.goto(f"{base}/{KL}{hash_}")
    assert values(figure) == first


@pytest.mark.parametrize(
    "hash_",
    ["#figure-99:1", "#figure-1:", "#figure-1:x,-5,1e9,7,7,7,7,7", "#figure-1:999999,7,7,7,7,7"],
)
def test_a_link_that_fits_no_figure_leaves_one_that_works(
    page: Page, base: str, hash_: str
) -> None:
    page.goto(f"{base}/{KL}{hash_}")
    figure = page.locator(".dlx").first
    figure.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=figure.element_handle())
    assert "" not in values(figure)
    assert "NaN" not in figure.locator(".dlx-outcome").inner_text()
