"""Checks of chapter 99, title of the chapter."""

from typing import Any

import torch
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise

X = torch.tensor([2.0, 3.0, 10.0])


@exercise("99.1")
def closest(answer: Any) -> None:
    """The number closest to 2, 3 and 10."""
    value = expect.number(answer)
    if value == 3:  # say what is behind a mistake that many make
        raise NotYet("3 is in the middle. The squares also count how far away the 10 is.")
    expect.close(value, X.mean(), hint="Where is the slope of the cost zero?", tolerance=1e-3)


@exercise("99.2")
def differences(answer: Any) -> None:
    """The differences from the mean, shape (3,)."""
    hint = "Take the mean away from each measurement."
    expect.close(expect.tensor(answer, (3,)), X - X.mean(), hint=hint, tolerance=1e-4)


@exercise("99.3")
def slope(answer: Any) -> None:
    """Ask for `slope`: the derivative of the cost."""

    def twice_the_distance(x: Tensor, c: float) -> Tensor:
        return 2 * (c - x.mean())

    cases = [(X, 0.0), (X, 5.0), (torch.tensor([1.0, 2.0, 6.0]), 4.0)]
    expect.same_for_all(answer, twice_the_distance, cases, name="slope")


@exercise("99.4")
def closest_by_absolute_differences(answer: Any) -> None:
    """The number closest to 1, 2 and 6 by absolute differences."""
    hint = "Try the numbers from 0 to 6, and look where the cost is smallest."
    expect.close(expect.number(answer), 2.0, hint=hint, tolerance=0.01)
