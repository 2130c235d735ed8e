"""The field of an exercise on a page: it judges as the check does, from what the check has said."""

from dataclasses import asdict
from html import escape
from typing import Any

from torch import Tensor

from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import find, on_page
from dlbook.exercises.verdicts import HERE, verdicts
from dlbook.page import json_script

UNHEARD_OF = (97, 89)  # a shape that no reader gives


def answer_field(name: str, right: Any) -> str:
    """The field as HTML; empty where the answer is a function or another thing that must run.

    Args:
        name: of the exercise.
        right: a right answer.
    """
    asked = on_page(name)
    if isinstance(right, Tensor) and right.numel() == 1:
        right = right.item()
    told: dict[str, Any]
    if asked.menu:
        told = {"choices": {choice: _message(name, choice) for choice in asked.menu}}
        options = "".join(f"<option>{escape(choice)}</option>" for choice in asked.menu)
        control = f"<select><option></option>{options}</select>"
    elif asked.shapes:
        said = {shape: _message(name, shape) for shape in (*asked.shapes, tuple(right))}
        other = str(_message(name, UNHEARD_OF)).replace(str(UNHEARD_OF), HERE)
        shapes = {",".join(map(str, shape)): message for shape, message in said.items()}
        told = {"shapes": shapes, "other": other}
        control = '<input type="text" autocomplete="off" size="16">'
    elif asked.asked and isinstance(right, int | float):
        told = asdict(verdicts(name, float(right)))
        control = '<input type="text" inputmode="decimal" autocomplete="off" size="12">'
    else:
        return ""
    return (
        f'<form class="exercise-field" data-exercise="{name}" hidden>'
        f"<label>Your answer to {name} {control}</label> <button>Check</button>"
        '<output role="status"></output>'
        f"{json_script(told)}</form>"
    )


def show(html: str) -> None:
    """Display a piece of a page."""
    from IPython.display import HTML, display  # not needed where exercises are only checked

    if html:
        display(HTML(html))  # type: ignore[no-untyped-call]


def _message(name: str, answer: Any) -> str | None:
    try:
        find(name)(answer)
    except NotYet as wrong:
        return str(wrong)
    return None
