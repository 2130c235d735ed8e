"""The field of an exercise on a page: it judges as the check does, from what the check has said."""

from dataclasses import asdict
from html import escape
from typing import Any

from torch import Tensor

from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import find, on_page
from dlbook.exercises.verdicts import verdicts
from dlbook.page import json_script


def answer_field(name: str, right: Any) -> str:
    """The field as HTML; empty where the answer is a function or another thing that must run.

    Args:
        name: of the exercise.
        right: a right answer.
    """
    asked = on_page(name)
    if isinstance(right, Tensor) and right.numel() == 1:
        right = right.item()
    if asked.menu:
        told = {"choices": {choice: _message(name, choice) for choice in asked.menu}}
        options = "".join(f"<option>{escape(choice)}</option>" for choice in asked.menu)
        control = f"<select><option></option>{options}</select>"
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


def _message(name: str, choice: str) -> str | None:
    try:
        find(name)(choice)
    except NotYet as wrong:
        return str(wrong)
    return None
