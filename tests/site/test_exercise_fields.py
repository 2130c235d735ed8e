"""Exercises that are answered on the page: what the browser says is what Python says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from answers import RIGHT, WRONG
from playwright.sync_api import Browser, Locator, Page

from dlbook.exercises.expect import NotYet
from dlbook.exercises.field import answer_field
from dlbook.exercises.registry import find
from dlbook.exercises.verdicts import verdicts

SCRIPT = Path(__file__).parents[2] / "book" / "_static" / "exercises.js"
NUMBERS = {"3.1": 7 / 6, "8.1": 4690, "10.1": 5.700439718141092}
MENU = "19.2"
SHAPE = "2.2"


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with some fields, opened from a disk."""
    fields = [answer_field(name, right) for name, right in NUMBERS.items()]
    cells = [f'<div class="cell"><details>{field}</details></div>' for field in fields]
    others = answer_field(MENU, RIGHT[MENU]) + answer_field(SHAPE, RIGHT[SHAPE])
    script = SCRIPT.read_text("utf-8")
    path = tmp_path_factory.mktemp("fields") / "fields.html"
    html = f"<meta charset=utf-8>{''.join(cells)}{others}<script>{script}</script>"
    path.write_text(html, "utf-8")
    with browser.new_page() as page:
        page.goto(path.as_uri())
        yield page


def answered(page: Page, name: str, typed: str) -> str:
    field = page.locator(f'[data-exercise="{name}"]')
    control: Locator = field.locator("input, select")
    if name == MENU:
        control.select_option(label=typed)
    else:
        control.fill(typed)
    field.get_by_role("button", name="Check").click()
    return field.locator("output").inner_text()


def judged(message: str | None) -> str:
    """What the page says where a check says this."""
    return "Right." if message is None else f"Not yet: {message}"


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_judged_as_by_the_table(opened: Page, name: str) -> None:
    table = verdicts(name, NUMBERS[name])
    wrong = [a for n, a, _ in WRONG if n == name and isinstance(a, int | float)]
    for x in [NUMBERS[name], *wrong, 0, -12.5, 0.001, 123456.0, 12345678.0]:
        assert answered(opened, name, repr(x)) == judged(table.of(x))


def test_numbers_are_typed_as_people_write_them(opened: Page) -> None:
    for typed in ("7/6", " 1.16666667 ", "+1.1666667e0", "−7 / −6"):
        assert answered(opened, "3.1", typed) == "Right.", typed
    assert answered(opened, "8.1", "4,690") == "Right."
    for typed in (
        "",
        "seven",
        "1/2/3",
        "1.2.3",
        "0/0",
        "1/0",
        "1e400",
        "0,1",
        "2,06667",
        "1,16666",
    ):
        assert answered(opened, "3.1", typed).startswith("One number is expected"), typed


def test_a_menu_says_what_the_check_says(opened: Page) -> None:
    assert answered(opened, MENU, RIGHT[MENU]) == "Right."
    with pytest.raises(NotYet) as wrong:
        find(MENU)("leak")
    assert answered(opened, MENU, "leak") == judged(str(wrong.value))


def test_a_shape_is_typed_as_people_write_it(opened: Page) -> None:
    written = "(100, 3, 1, 1)", "100,3,1,1", "[100, 3, 1, 1]", "100 × 3 x 1 X 1", "100 3 1 1,"
    for typed in (*written, str(torch.Size([100, 3, 1, 1]))):
        assert answered(opened, SHAPE, typed) == "Right.", typed
    for typed in ("", ",", "(,)", "three", "(100, 3.5)", "100 by 3", "(-1, 3)"):
        assert answered(opened, SHAPE, typed) == "A shape is expected, such as (3, 4).", typed


def test_a_shape_is_judged_as_by_the_check(opened: Page) -> None:
    wrong = [answer for name, answer, _ in WRONG if name == SHAPE and isinstance(answer, tuple)]
    for shape in [*wrong, (), (5,), (2, 9)]:
        with pytest.raises(NotYet) as said:
            find(SHAPE)(shape)
        assert answered(opened, SHAPE, str(shape)) == judged(str(said.value))


def test_what_is_solved_stays_in_the_browser_and_can_be_forgotten(opened: Page) -> None:
    answered(opened, "3.1", "7/6")
    answered(opened, "8.1", "4690")
    opened.reload()
    assert opened.locator('[data-exercise="3.1"] output').inner_text() == "Solved before."
    count = opened.locator(".exercise-progress")
    assert "of 5 with a field" in count.inner_text()
    count.get_by_role("button").click()
    assert "0 of 5" in count.inner_text()
    opened.reload()
    assert "0 of 5" in count.inner_text()


def test_a_field_stands_outside_of_the_folded_solution(opened: Page) -> None:
    assert opened.locator('[data-exercise="3.1"]').is_visible()
    assert opened.locator("details .exercise-field").count() == 0
