"""Answers to exercises as slips and misunderstandings produce them."""

import math
from collections.abc import Callable, Iterator
from itertools import count
from numbers import Real
from typing import Any, NoReturn

import hostile
import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st
from torch import Tensor, nn


class Unfinished:
    """A class that was never made into an object; it needs two arguments."""

    def __init__(self, first: Any, second: Any) -> None:
        self.first, self.second = first, second


class EqualToAll:
    """Says that it equals whatever it is compared with, as `unittest.mock.ANY` does."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]


class Unprintable:
    """Cannot say what it is."""

    def __repr__(self) -> str:
        raise hostile.Boom("no words")


def leaves_python(*_: Any) -> NoReturn:
    raise SystemExit(3)


def calls_itself(*arguments: Any) -> Any:
    return calls_itself(*arguments)


def used_up() -> Iterator[Tensor]:
    """A model's parameters after an optimizer has walked over them."""
    parameters = nn.Linear(2, 2).parameters()
    list(parameters)
    return parameters


MOST = 500  # numbers of a tensor that are compared
VALUES: tuple[Callable[[], Any], ...] = (
    *hostile.ANYTHING,
    EqualToAll,
    Unprintable,
    used_up,
    count,  # has no end
    nn.Sequential,
    lambda: Unfinished,
    lambda: Unfinished(1, 2),
    lambda: "x" * 10_000,
    lambda: 10**400,
    lambda: NotImplemented,
    lambda: ValueError("an error, not raised"),
    lambda: pd.Series([1.0, 2.0]),
    lambda: torch.Size([2, 3]),
    lambda: {"model": 1, "optimizer": None},
    lambda: (torch.zeros(2), torch.zeros(2)),
    lambda: (None, None, None),
    lambda: (math.inf, math.nan),
    lambda: torch.tensor(math.nan),
    lambda: torch.tensor(1 + 2j),
    lambda: torch.tensor(1.0, device="meta"),
    lambda: torch.zeros(1).expand(10**12),
    lambda: torch.eye(2).to_sparse(),
    lambda: torch.nested.nested_tensor([torch.zeros(2)], layout=torch.jagged),
    lambda: torch.zeros(2, requires_grad=True) * 2,
)
FUNCTIONS: tuple[Callable[..., Any], ...] = (
    *hostile.FUNCTIONS,
    leaves_python,
    calls_itself,
    lambda x: x,
    lambda x, y: x,
    lambda *, x: x,
    lambda a, b, c, d, e, f, g, h, i: a,
    lambda *arguments: arguments,
    lambda *arguments: arguments[0],
    lambda *arguments: arguments[-1],
    lambda *_: lambda *_: torch.zeros(2),
)


def answers() -> st.SearchStrategy[Any]:
    """An answer that no exercise asks for."""
    value = st.sampled_from(VALUES)
    return st.one_of(
        value.map(lambda make: make()),
        value.map(lambda make: lambda *_: make()),
        st.sampled_from(FUNCTIONS),
    )


class Twisted:
    """A right answer, or a function that returns right answers, with one thing wrong in each.

    Args:
        right: what is right.
        which: which of its parts becomes wrong, and how.
        any_order: whether the same numbers in another order are right, too.

    Attributes:
        changed: whether any of them holds other numbers, or other things, than the right one.
    """

    def __init__(self, right: Any, which: int, *, any_order: bool = False) -> None:
        self._right, self._which, self.changed = right, which, False
        self._compared = _sorted_numbers if any_order else numbers_of

    def answer(self) -> Any:
        """What to hand in."""
        return self._call if callable(self._right) else self._twist(self._right)

    def _call(self, *arguments: Any) -> Any:
        return self._twist(self._right(*arguments))

    def _twist(self, right: Any) -> Any:
        twisted = list(_twists(right))
        if not twisted:
            return right
        wrong = twisted[self._which % len(twisted)]
        self.changed |= self._compared(wrong) != self._compared(right)
        return wrong


class Spoiled:
    """A right function that writes into all tensors that it gets, before it answers or after."""

    def __init__(self, right: Callable[..., Any], *, first: bool) -> None:
        self._right, self._first = right, first

    def answer(self) -> Callable[..., Any]:
        """What to hand in."""
        return self._call

    def _call(self, *arguments: Any) -> Any:
        if self._first:
            _zero(arguments)
        answer = self._right(*arguments)
        _zero(arguments)
        return answer


def _twists(right: Any) -> Iterator[Any]:
    """The answer twisted as a whole, and with each of its parts twisted."""
    # Half of the twists of a tensor cut it along its first dimension.
    flat = right.reshape(1) if isinstance(right, Tensor) and right.ndim == 0 else right
    yield from hostile.twists(flat)
    if isinstance(right, tuple | list):
        for place, part in enumerate(right):
            for twisted in _twists(part):
                yield type(right)((*right[:place], twisted, *right[place + 1 :]))
    if isinstance(right, dict):
        yield from (list(right), {}, {**right, "more": 1}, dict.fromkeys(right), str(right))
        for key, part in right.items():
            yield from ({**right, key: twisted} for twisted in _twists(part))


def numbers_of(answer: Any) -> list[Any]:
    """The numbers of an answer, rounded, one after the other; what is none stands as a text.

    In a tensor True counts as 1. Of a text neither spaces around it count nor which letters are
    capital.
    """
    if isinstance(answer, Tensor) and not answer.is_meta and answer.layout == torch.strided:
        shown = answer.detach().flatten()[:MOST]
        return numbers_of((shown.float() if shown.dtype == torch.bool else shown).tolist())
    if isinstance(answer, np.ndarray):
        return numbers_of(answer.tolist())
    if isinstance(answer, tuple | list):
        return [number for part in answer for number in numbers_of(part)]
    if isinstance(answer, dict):
        return numbers_of(list(answer.items()))
    if isinstance(answer, Real) and not isinstance(answer, bool):
        return [float(f"{float(answer):.3g}")]
    return [answer.strip().casefold() if isinstance(answer, str) else repr(answer)]


def _sorted_numbers(answer: Any) -> list[Any]:
    return sorted(numbers_of(answer), key=str)


def _zero(arguments: Any) -> None:
    for argument in arguments:
        if isinstance(argument, Tensor) and not argument.requires_grad:
            argument.zero_()
        elif isinstance(argument, tuple | list):
            _zero(argument)
        elif isinstance(argument, nn.Module):
            for parameter in argument.parameters():
                parameter.data.zero_()
