"""Values that a reader might pass by mistake, and whether they have the annotated type at all."""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import singledispatch
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import numpy as np
import pandas as pd
import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from dlbook.data import Samples


class Boom(Exception):  # noqa: N818
    """What the hostile functions raise."""


def boom(*arguments: Any, **options: Any) -> Any:
    """Fail, as a reader's function may."""
    raise Boom("the function failed")


def takes_nothing() -> None:
    """Cannot be called as it should."""


def returns_nothing(*arguments: Any, **options: Any) -> None:
    """Lacks its return statement."""


def returns_text(*arguments: Any, **options: Any) -> str:
    """Returns what nobody can compute with."""
    return "done"


def returns_nan(*arguments: Any, **options: Any) -> Tensor:
    """Returns NaN, of the shape of the first argument."""
    first = arguments[0] if arguments else 0.0
    return torch.full_like(first, math.nan) if isinstance(first, Tensor) else torch.tensor(math.nan)


def returns_two_rows(*arguments: Any, **options: Any) -> Tensor:
    """Returns the wrong shape."""
    return torch.zeros(2, 7)


class Wrong(nn.Module):
    """A model with one weight that answers as a function does."""

    def __init__(self, answer: Callable[..., Any]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.answer = answer

    def forward(self, x: Tensor) -> Any:
        """Whatever the function says."""
        return self.answer(x)


FUNCTIONS = (boom, takes_nothing, returns_nothing, returns_text, returns_nan, returns_two_rows)
HUGE = (10**9, 2**31, 2**62, 2**63, -(2**63) - 1, 10**400)
# Made anew for each call.
ANYTHING: tuple[Callable[[], Any], ...] = (
    *(lambda value=value: value for value in (None, True, False, 0, 1, -1, 2.5, -0.0, 1e308)),
    *(
        lambda value=value: value
        for value in (math.nan, math.inf, -math.inf, 1 + 2j, Fraction(1, 3))
    ),
    *(
        lambda value=value: value
        for value in ("", "3", "nonsense", "cuda", "cuda:99", "meta", "\0", b"3")
    ),
    *(lambda value=value: value for value in (*FUNCTIONS, object(), ..., torch.float32, slice(2))),
    *(lambda value=value: torch.device(value) for value in ("cpu", "cuda", "meta")),
    lambda: [],
    lambda: {},
    lambda: {1, 2},
    lambda: (0.5, 0.5),
    lambda: [1, 2, 3],
    lambda: [[1.0], [2.0, 3.0]],
    lambda: [None],
    lambda: ["a", "b"],
    lambda: (float(i) for i in range(3)),
    lambda: np.int64(2),
    lambda: np.float32(0.5),
    lambda: np.array([0.5, 0.5]),
    lambda: np.array(["a"]),
    lambda: torch.tensor(2),
    lambda: torch.tensor(0.5),
    lambda: torch.empty(0),
    lambda: torch.tensor([0.25, 0.75]),
    lambda: torch.tensor([math.nan, 1.0]),
    lambda: torch.tensor([1, 0]),
    lambda: torch.tensor([True, False]),
    lambda: torch.tensor([1 + 2j]),
    lambda: torch.ones(2, 3),
    lambda: torch.ones(2, 3, device="meta"),
    lambda: torch.ones(3, requires_grad=True),
    lambda: pd.DataFrame(),
    lambda: pd.DataFrame({"a": [1.0, math.nan], "b": ["x", None]}),
    lambda: Path("/nonexistent/folder/file"),
    lambda: Path(),
    lambda: nn.Linear,
    lambda: nn.Linear(2, 3),
    lambda: nn.Identity(),
    lambda: Samples(torch.ones(3, 2), torch.zeros(3)),
    lambda: Samples(torch.ones(1, 0), torch.zeros(1, 1)),
    *(lambda answer=answer: Wrong(answer) for answer in FUNCTIONS),
)


def instead_of(good: Any, *, huge: bool) -> st.SearchStrategy[Any]:
    """Hostile values in place of a good one: it twisted, numbers of its kind, and anything."""
    choices = [st.sampled_from(ANYTHING).map(lambda make: make())]
    if twisted := list(twists(good)):
        choices += [st.sampled_from(range(len(twisted))).map(lambda i: list(twists(good))[i])]
    if isinstance(good, float):
        choices.append(st.floats())
    if isinstance(good, int | float) and huge:
        choices.append(st.sampled_from(HUGE))
    elif isinstance(good, int):
        choices.append(st.integers(-20, 20))
    if isinstance(good, str):
        choices.append(st.text(max_size=6))
    return st.one_of(choices)


@singledispatch
def twists(good: Any) -> Iterator[Any]:
    """The good value with one thing wrong, in several ways."""
    yield from ()


@twists.register
def _(good: int | float) -> Iterator[Any]:
    yield from (-good, good + 0.5, str(good), [good], float(good), np.float64(good))
    yield from (np.int64(int(good)), torch.tensor(good), good + 1, bool(good))


@twists.register
def _(good: str) -> Iterator[Any]:
    yield from (good.upper(), good + " ", [good], good.encode(), good[:1])


@twists.register
def _(good: Path) -> Iterator[Any]:
    yield from (str(good), good.parent, good / "below" / "it", good.with_suffix(".none"))


@twists.register(list)
@twists.register(tuple)
def _(good: Sequence[Any]) -> Iterator[Any]:
    kind = type(good)
    yield from (kind(), kind(reversed(good)), kind((*good, *good)), good[0], iter(good))
    for alien in (None, "a", math.nan, math.inf, -1, 0, True, 2.5, [1.0]):
        yield kind((*good[:-1], alien))
    yield from (kind(map(str, good)), pd.Series(good).to_numpy(), dict(enumerate(good)))


@twists.register
def _(good: Tensor) -> Iterator[Any]:
    yield from (good.clone(), good[:0], good[None], good[..., None], good.expand(2, *good.shape))
    yield from (good.to(dtype) for dtype in (torch.float16, torch.bfloat16, torch.float64))
    yield from (good.to(dtype) for dtype in (torch.bool, torch.int64, torch.uint8, torch.complex64))
    yield from (good.to("meta"), good.tolist(), good.detach().numpy(), nn.Parameter(good.double()))
    yield from (-good, good * 1000, good.flatten(), good.flatten()[0], good.to_sparse())
    for wrong in (math.nan, math.inf, -math.inf, -1.0, 1e30):
        changed = good.double().clone()
        changed.view(-1)[:1] = wrong
        yield changed.to(good.dtype) if good.is_floating_point() else changed


@twists.register
def _(good: Samples) -> Iterator[Any]:
    yield from ((good.x, good.y), good.x, good[:1], iter([(good.x, good.y)]))
    yield from (Samples(x, good.y) for x in twists(good.x) if _pairs(x, good.y))
    yield from (Samples(good.x, y) for y in twists(good.y) if _pairs(y, good.x))


@twists.register
def _(good: nn.Module) -> Iterator[Any]:
    yield from (nn.Linear(3, 7), nn.Identity(), nn.Flatten(), nn.Linear, good.state_dict())
    yield nn.Sequential()
    yield from map(Wrong, FUNCTIONS)


def fits(value: Any, hint: Any) -> bool:
    """Whether a value has the annotated type; what NumPy and torch hold may count as numbers."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or isinstance(hint, TypeVar):
        return True
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in inner)
    if origin is Literal:
        return any(type(value) is type(one) and value == one for one in inner)
    if hint in (int, float):
        return _counts_as_number(value, whole=hint is int)
    if origin in (list, tuple, Sequence):
        return _fits_sequence(value, inner)
    if origin is Callable:
        return callable(value)
    if origin is type:
        return isinstance(value, type)
    kind = NoneType if hint is None else origin or hint
    return isinstance(value, kind)


def _fits_sequence(value: Any, inner: tuple[Any, ...]) -> bool:
    if isinstance(value, np.ndarray | Tensor):
        return True
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return False
    if len(inner) > 1 and inner[1] is not ...:  # a tuple of so many items, each with its type
        return len(value) == len(inner) and all(map(fits, value, inner))
    return all(fits(item, inner[0]) for item in value)


def _counts_as_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, Tensor | np.ndarray | Fraction):
        return not isinstance(value, Tensor | np.ndarray) or value.ndim == 0
    kinds = (int, np.integer) if whole else (int, float, np.number)
    return isinstance(value, kinds) and not isinstance(value, bool)


def _pairs(first: Any, second: Tensor) -> bool:
    """Whether they can be the two halves of `Samples`."""
    if not isinstance(first, Tensor) or first.is_meta or first.is_sparse or first.ndim == 0:
        return False
    return 0 < len(first) == len(second)
