"""The pages of the built book, as a reader's browser sees them."""

import re

import pytest
from browser import NARROW, read_through
from conftest import PAGES, SITE
from playwright.sync_api import Browser, Page

WITH_EXPLORERS = [path for path in PAGES if 'class="dlx"' in (SITE / path).read_text("utf-8")]
WITH_TRAINING = [path for path in PAGES if 'class="dlx-lab"' in (SITE / path).read_text("utf-8")]
SHOWN = ".dlx:has(svg.marks)"
SHIFTS = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => {
        const own = list.getEntries().filter((entry) => !entry.hadRecentInput);
        for (const entry of own) window.shift += entry.value;
    }).observe({type: "layout-shift", buffered: true});
}"""


# Over http each page is read through below and by `test_access`, whose fixture listens as well.
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_read_from_the_disk_without_an_error(page: Page, path: str) -> None:
    page.goto(f"{SITE.as_uri()}/{path}", wait_until="load")
    read_through(page)


@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_nothing_jumps_and_nothing_reaches_beyond_the_edge(
    page: Page, server: str, path: str
) -> None:
    page.set_viewport_size(NARROW)
    page.add_init_script(f"({SHIFTS})()")
    page.goto(f"{server}/{path}", wait_until="load")
    read_through(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    # A drawn chart may be a few pixels taller than its still.
    assert page.evaluate("window.shift") < 0.05


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_cheat_sheet_prints_on_two_pages(page: Page, paper: str) -> None:
    page.goto(f"{SITE.as_uri()}/book/cheat_sheet.html")
    assert len(re.findall(rb"/Type /Page\b", page.pdf(format=paper))) == 2


@pytest.mark.parametrize("path", WITH_EXPLORERS)
def test_every_control_changes_the_picture(page: Page, path: str) -> None:
    page.goto(f"{SITE.as_uri()}/{path}")
    for explorer in page.locator(".dlx").all():
        said = explorer.locator(".dlx-outcome").text_content()  # by Python, until Vega has come
        explorer.scroll_into_view_if_needed()
        page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
        assert explorer.locator(".dlx-outcome").text_content() == said
        controls = explorer.locator(".dlx-control")
        assert controls.count()
        for control in controls.all():
            if control.locator("input, select").is_enabled():
                moved(page, explorer, control)


def moved(page: Page, explorer, control) -> None:
    """Move a control with the keyboard, see the picture and the words follow, move it back."""
    field = control.locator("input, select")
    before, value = explorer.locator(".dlx-views").inner_html(), field.input_value()
    field.focus()
    back = value != "0"
    page.keyboard.press("ArrowLeft" if back else "ArrowRight")
    if field.input_value() == value:  # a menu may open at the first key
        page.keyboard.press("ArrowUp" if back else "ArrowDown")
    assert field.input_value() != value
    page.wait_for_function(
        "([views, before]) => views.innerHTML !== before",
        arg=[explorer.locator(".dlx-views").element_handle(), before],
    )
    if field.get_attribute("type") == "range":
        words = control.locator(".dlx-value").inner_text()
        assert words == field.get_attribute("aria-valuetext") != ""
    page.keyboard.press("ArrowRight" if back else "ArrowLeft")
    if field.input_value() != value:
        page.keyboard.press("ArrowDown" if back else "ArrowUp")
    assert field.input_value() == value


# What is told at the beginning, just after Play was pressed at the end, and at the end.
PLAY_FROM_THE_END = """(button) => {
    const outcome = button.closest(".dlx").querySelector(".dlx-outcome");
    const control = button.closest(".dlx-control"), slider = control.querySelector("input");
    const told = () => control.querySelector(".dlx-value").textContent + outcome.textContent;
    const put = (value) => { slider.value = value; slider.dispatchEvent(new Event("input")); };
    put(slider.min);
    const first = told();
    put(slider.max);
    const last = told();
    button.click();
    return [first, told(), last];
}"""


def test_play_walks_through_the_steps(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    explorer = page.locator(".dlx", has=page.locator(".dlx-play")).first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
    button, slider = explorer.locator(".dlx-play"), explorer.locator("input").last
    states = button.evaluate(PLAY_FROM_THE_END)
    assert states[0] == states[1] != states[2]
    assert button.inner_text() == "Pause"
    page.wait_for_function("(input) => Number(input.value) > 2", arg=slider.element_handle())
    button.click()
    assert button.inner_text() == "Play"
    assert int(slider.input_value()) < int(slider.get_attribute("max"))


def test_the_dark_switch_reaches_the_explorers(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    explorer = page.locator(".dlx").first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=explorer.element_handle())
    ink = "() => getComputedStyle(document.querySelector('.dlx svg text')).fill"
    colors = {page.evaluate(ink)}
    switch = page.locator("button.theme-switch-button:visible").first
    for _ in range(3):  # light, dark, auto
        switch.click()
        colors.add(page.evaluate(ink))
    assert len(colors) == 2


@pytest.mark.parametrize("path", WITH_EXPLORERS)
def test_without_scripts_the_stills_stand_and_no_control_is_dead(
    browser: Browser, server: str, path: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{server}/{path}")
        for explorer in page.locator(".dlx").all():
            assert explorer.locator(".dlx-view svg").first.is_visible()
            assert not explorer.locator(".dlx-controls").is_visible()


@pytest.mark.parametrize("path", WITH_TRAINING)
def test_a_training_lab_trains_on_the_page(page: Page, base: str, path: str) -> None:
    page.goto(f"{base}/{path}")
    lab = page.locator(".dlx-lab")
    lab.scroll_into_view_if_needed()
    page.wait_for_function("(root) => 'drawn' in root.dataset", arg=lab.element_handle())
    lab.get_by_role("button", name="Train").click()
    lab.locator(".dlx-outcome", has_text="Run 1: done, held-out accuracy").wait_for()
    assert lab.locator("tbody tr").count() == 1


def test_an_exercise_is_answered_on_the_page(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/03_linear_model.html")
    assert "not tried yet" not in page.inner_text("article")
    field = page.locator('[data-exercise="3.1"]')
    for typed, said in (("3.5", "sum of the three losses"), ("7/6", "Right.")):
        field.get_by_label("Your answer to 3.1").fill(typed)
        field.get_by_role("button", name="Check").click()
        assert said in field.locator("output").inner_text()
    assert "1 of 2" in page.locator(".exercise-progress").inner_text()


def test_a_folded_answer_opens_with_the_keyboard(page: Page, base: str) -> None:
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    answer = page.locator("details", has=page.locator("summary", has_text="The gradient at some"))
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert "Against it" in answer.inner_text()


@pytest.mark.parametrize(("width", "narrow"), [(390, True), (1280, False)])
def test_a_phone_is_shown_the_narrow_drawing_of_a_figure(
    page: Page, base: str, width: int, *, narrow: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{base}/notebooks/04_gradient_descent.html")
    for picture in page.locator("picture > img").all():
        picture.scroll_into_view_if_needed()
        page.wait_for_function("(image) => image.complete", arg=picture.element_handle())
        shown = picture.evaluate("(image) => [image.currentSrc, image.naturalWidth]")
        assert shown[0].endswith("-narrow.png") == narrow
        assert shown[1] > 0
    assert page.locator("picture > img").count() > 3
