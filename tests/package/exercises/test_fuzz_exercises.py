"""Hostile answers to every exercise: the check says what is wrong, and changes nothing."""

import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from answers import RIGHT
from fuzzing import SECONDS, fuzz_settings
from guard import guarded
from hostile_answers import Spoiled, Twisted, answers, numbers_of
from hypothesis import given, note
from hypothesis import strategies as st
from torch import Tensor

from dlbook.exercises import check
from dlbook.exercises.checking import PUZZLED
from dlbook.exercises.words import shown

EVERY = 3  # one in so many of the profile's examples is tried on each exercise
LONGEST = 700  # characters of what a check says
# Exercises to which other answers are as good: near enough, drawn, or not read.
FREE = {"1.6", "4.6", "5.3", "5.7", "7.6", "8.7", "9.7", "13.7", "14.6", "14.7", "15.7"} | {
    "18.2",
    "18.3",
    "18.4",
    "18.5",
}
ANY_ORDER = {"5.6"}  # the parts of the answer may come in any order
CAST = {"9.5"}  # `load_state_dict` casts what it is given, and warns


@pytest.fixture(autouse=True)
def own_progress(empty_data_root: Path) -> None:
    """The reader's file lies in a folder of the test's own."""


def verdict(name: str, answer: Any) -> str:
    """What a check says, in time, without warnings, and leaving the random numbers as they are."""
    before, said = torch.get_rng_state(), io.StringIO()
    with contextlib.redirect_stdout(said):
        outcome = guarded(lambda: check(name, answer, seconds=SECONDS / 4), seconds=SECONDS)
    if outcome.error is not None:
        raise outcome.error
    assert not outcome.warnings
    assert torch.equal(before, torch.get_rng_state())
    text = said.getvalue().strip()
    assert text.startswith((f"{name}: passed.", f"{name}, not yet: ", f"{name}: not tried yet."))
    assert PUZZLED not in text
    assert len(text) < LONGEST
    return text


def as_good(name: str, answer: Any) -> bool:
    """Whether an answer that nobody would call wrong may be another than the right one."""
    if isinstance(answer, Twisted):
        return name in FREE or not answer.changed
    number = isinstance(answer, float | np.number) or (
        isinstance(answer, Tensor) and answer.numel() == 1
    )
    return name in FREE or (number and numbers_of(answer) == numbers_of(RIGHT[name]))


def fuzz(name: str, wrong: st.SearchStrategy[Any]) -> None:
    """Try answers on an exercise; none may pass, except one that is as good as the right one."""

    @fuzz_settings(name, every=EVERY)
    @given(wrong)
    def attack(answer: Any) -> None:
        note(f"check({name!r}, {shown(answer)})")
        text = verdict(name, answer.answer() if isinstance(answer, Twisted) else answer)
        assert "passed" not in text or as_good(name, answer)

    attack()


@pytest.mark.parametrize("name", RIGHT)
def test_what_nobody_asked_for_is_rejected_in_words(name: str) -> None:
    fuzz(name, answers())


@pytest.mark.parametrize("name", [name for name in RIGHT if name not in CAST])
def test_a_right_answer_with_one_thing_wrong_is_rejected_in_words(name: str) -> None:
    def twisted(which: int) -> Twisted:
        return Twisted(RIGHT[name], which, any_order=name in ANY_ORDER)

    fuzz(name, st.integers(0, 10_000).map(twisted))


@pytest.mark.parametrize("name", [name for name in RIGHT if callable(RIGHT[name])])
@pytest.mark.parametrize("first", [True, False])
def test_a_function_that_writes_into_its_arguments_spoils_no_later_check(
    name: str, first: bool
) -> None:
    verdict(name, Spoiled(RIGHT[name], first=first).answer())
    assert verdict(name, RIGHT[name]) == f"{name}: passed."
