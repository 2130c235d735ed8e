"""What a page says of a number is what the check says of it."""

import json
import math
from typing import Any

import pytest
from answers import RIGHT, RIGHT_TOO, WRONG
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from dlbook.exercises import check, check_solution
from dlbook.exercises.expect import NotYet
from dlbook.exercises.field import answer_field
from dlbook.exercises.registry import find, on_page
from dlbook.exercises.verdicts import NUMBER, Verdicts, verdicts


def number(answer: Any) -> float | None:
    """The answer as a number, if it is one."""
    if isinstance(answer, Tensor) and answer.numel() == 1:
        answer = answer.item()
    plain = isinstance(answer, int | float) and not isinstance(answer, bool)
    return float(answer) if plain and math.isfinite(answer) else None


NUMBERS = {
    name: value
    for name, right in RIGHT.items()
    if (value := number(right)) is not None and on_page(name).asked
}
SHAPES = [name for name in RIGHT if on_page(name).shapes]
COMPUTED = ("4.6", "5.7")  # whose messages hold numbers that are computed from the answer
ASKED: dict[str, Verdicts] = {}


def page_says(name: str, x: float) -> str | None:
    ASKED[name] = ASKED.get(name) or verdicts(name, NUMBERS[name])
    return ASKED[name].of(x)


def check_says(name: str, x: Any) -> str | None:
    try:
        find(name)(int(x) if isinstance(x, float) and x == int(x) else x)
    except NotYet as wrong:
        return str(wrong)
    return None


@pytest.mark.parametrize("name", NUMBERS)
def test_each_known_answer_is_judged_as_the_check_judges_it(name: str) -> None:
    answers = [RIGHT[name], *(a for n, a in RIGHT_TOO if n == name)]
    answers += [a for n, a, _ in WRONG if n == name]
    for x in filter(None, map(number, answers)):
        said, expected = page_says(name, x), check_says(name, x)
        assert (said is None) == (expected is None), x
        if said is not None and expected is not None and name not in COMPUTED:
            assert NUMBER.sub("#", said) == NUMBER.sub("#", expected)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_line_of_numbers_has_few_pieces(name: str) -> None:
    page_says(name, NUMBERS[name])
    assert len(ASKED[name].ends) < 100


@pytest.mark.parametrize("name", NUMBERS)
@given(share=st.floats(-3, 3))
@settings(max_examples=20, deadline=None)
def test_any_number_is_right_on_the_page_only_if_it_is_right(name: str, share: float) -> None:
    x = NUMBERS[name] * share
    assert (page_says(name, x) is None) == (check_says(name, x) is None)


def test_a_field_offers_the_menu_of_its_exercise() -> None:
    html = answer_field("19.2", RIGHT["19.2"])
    assert html.count("<option>") == len(on_page("19.2").menu) + 1
    assert '"no zero_grad":null' in html


@pytest.mark.parametrize("name", SHAPES)
def test_a_field_knows_what_the_check_says_of_a_shape(name: str) -> None:
    html = answer_field(name, RIGHT[name])
    told = json.loads(html[html.index('{"shapes"') : html.index("</script>")])
    wrong = [answer for n, answer, _ in WRONG if n == name and isinstance(answer, tuple)]
    assert len(wrong) > 3
    for shape in [*wrong, (7, 7), (1, 2, 3), tuple(RIGHT[name])]:
        key = ",".join(map(str, shape))
        page = told["shapes"].get(key, told["other"].replace("{x}", str(shape)))
        assert page == check_says(name, shape)


def test_a_function_gets_no_field() -> None:
    assert answer_field("3.2", RIGHT["3.2"]) == ""


def test_on_a_page_nothing_says_that_it_was_not_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DLBOOK_PAGE", "1")
    check("3.1", ...)
    assert capsys.readouterr().out == ""
    check_solution("3.1", RIGHT["3.1"])
    assert "not" not in capsys.readouterr().out
