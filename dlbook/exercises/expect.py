"""What a check expects of an answer, and what it says in words when it gets something else."""

import copy
import math
from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from dlbook.exercises.words import kind, said, shown


class NotTried(Exception):  # noqa: N818
    """The reader has not replaced the ``...`` yet."""


class NotYet(Exception):  # noqa: N818
    """The answer is wrong; the message says what is wrong and gives a hint."""


def tried(answer: Any) -> Any:
    """The answer, unless it is still the ``...`` (or the ``None``) of the stub."""
    if answer is ... or answer is None:
        raise NotTried
    return answer


def number(answer: Any) -> float:
    """The answer as one number: a Python or NumPy number, or a tensor with one element."""
    answer = tried(answer)
    if isinstance(answer, Tensor):
        answer = _one_element(_readable(answer))
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise NotYet(f"one number is expected, got {kind(answer)}.")
    try:
        value = float(answer)
    except OverflowError:
        raise NotYet("one number is expected, got one that is too large to compute with.") from None
    if math.isnan(value):
        raise NotYet("the number is nan: something like 0/0 or ∞ − ∞ was computed on the way.")
    return value


def tensor(answer: Any, shape: tuple[int, ...], dtype: torch.dtype | None = None) -> Tensor:
    """The answer as a tensor of the given shape and, where it matters, dtype."""
    answer = tried(answer)
    if not isinstance(answer, Tensor):
        raise NotYet(f"a tensor is expected, got {kind(answer)}.")
    value = _readable(answer)
    if tuple(value.shape) != shape:
        raise NotYet(f"the shape should be {shape}, got {tuple(value.shape)}.")
    if dtype is not None and value.dtype != dtype:
        raise NotYet(f"the dtype should be {dtype}, got {value.dtype}.")
    return value


def several(answer: Any, count: int, asked: str) -> tuple[Any, ...]:
    """The parts of an answer that is a tuple or list of ``count``.

    Args:
        answer: what came.
        count: how many parts it should have.
        asked: the beginning of the message, for example ``"f(x) should return a pair"``.
    """
    if not isinstance(answer, tuple | list) or len(answer) != count:
        raise NotYet(f"{asked}, got {kind(answer)}.")
    return tuple(answer)


def sizes(answer: Any, asked: str) -> tuple[int, ...]:
    """The answer as the sizes of a tensor: a tuple or list of whole numbers."""
    answer = tried(answer)
    if not isinstance(answer, tuple | list) or not all(type(size) is int for size in answer):
        raise NotYet(f"{asked} is expected, got {shown(answer)}.")
    return tuple(answer)


def result(function: Any, *arguments: Any, call: str, copies: bool = True) -> Any:
    """What the reader's function returns for these arguments.

    Args:
        function: the answer.
        *arguments: what to call it with.
        call: the call in words, for messages, for example ``"gradient(3.0)"``.
        copies: whether the function gets copies of tensors, tables and lists, so that nobody sees
            what it writes into them. Modules, and tensors that require a gradient, are passed on.
    """
    if not callable(tried(function)):
        raise NotYet(f"a function is expected, got {kind(function)}.")
    try:
        return tried(function(*(map(_own_copy, arguments) if copies else arguments)))
    except NotTried:
        raise
    except NotImplementedError as error:
        raise NotTried from error
    except (Exception, SystemExit) as error:
        raise NotYet(f"{call} raised {said(error)}") from error


def leaves_alone(function: Any, *arguments: Any, call: str) -> Any:
    """What the reader's function returns, provided that it has not written into a tensor."""
    given = copy.deepcopy(arguments)
    got = result(function, *given, call=call, copies=False)
    for before, after in zip(arguments, given, strict=True):
        if isinstance(before, Tensor) and not (
            before.shape == after.shape and torch.equal(before, after)
        ):
            raise NotYet(f"{call} has changed a tensor that came in. Do not work in place.")
    return got


def alike(value: float | Tensor, expected: float | Tensor, *, tolerance: float) -> bool:
    """Whether every number is within ``tolerance`` of the expected one, absolute and relative."""
    got, want = (_doubles(v) for v in (value, expected))
    return got.shape == want.shape and torch.allclose(got, want, rtol=tolerance, atol=tolerance)


def close(value: float | Tensor, expected: float | Tensor, *, hint: str, tolerance: float) -> None:
    """Pass when every number is within ``tolerance`` of what is expected, absolute and relative."""
    if not alike(value, expected, tolerance=tolerance):
        got = _doubles(value)
        numbers = f"{got.item():.6g}" if got.numel() == 1 else str(got.tolist())[:60]
        raise NotYet(f"{numbers} is not right. {hint}")


def same_for_all(
    function: Any, expected: Callable[..., Any], cases: list[tuple[Any, ...]], *, name: str
) -> None:
    """Pass when the reader's function and the expected one agree on every case (to 1e-5)."""
    for case in cases:
        call = f"{name}({', '.join(_short(argument) for argument in case)})"
        got, want = result(function, *case, call=call), expected(*case)
        close(
            _number_or_tensor(got, torch.as_tensor(want), call),
            want,
            hint=f"That was {call}.",
            tolerance=1e-5,
        )


def _number_or_tensor(got: Any, want: Tensor, call: str) -> float | Tensor:
    """What came as something to compare: a tensor where one is wanted, else a number will do."""
    if isinstance(got, Tensor):
        if _readable(got).shape != want.shape:
            raise NotYet(
                f"{call} should have the shape {tuple(want.shape)}, got {tuple(got.shape)}."
            )
        return got
    if want.ndim:
        raise NotYet(f"{call} should be a tensor of shape {tuple(want.shape)}, got {kind(got)}.")
    if isinstance(got, bool) or not isinstance(got, Real):
        raise NotYet(f"{call} should be a number or a tensor, got {kind(got)}.")
    return number(got)


def _own_copy(argument: Any) -> Any:
    if isinstance(argument, Tensor) and argument.requires_grad:
        return argument
    copied = isinstance(argument, Tensor | np.ndarray | pd.DataFrame | list | tuple | dict)
    return copy.deepcopy(argument) if copied else argument


def _readable(answer: Tensor) -> Tensor:
    """The tensor, provided that it holds ordinary numbers, one for each place."""
    if answer.is_nested or answer.layout != torch.strided:
        raise NotYet(f"an ordinary, dense tensor is expected, got {answer.layout}.")
    if answer.is_meta:
        raise NotYet("the tensor lies on the device meta, where tensors hold no numbers.")
    if answer.is_complex():
        raise NotYet(f"real numbers are expected, got a tensor of dtype {answer.dtype}.")
    return answer


def _one_element(answer: Tensor) -> Any:
    """The number of a tensor with one element, else the tensor; a truth value is no number."""
    return answer.item() if answer.numel() == 1 else answer


def _doubles(value: float | Tensor) -> Tensor:
    return torch.as_tensor(value, dtype=torch.float64).detach().cpu()


def _short(argument: Any) -> str:
    if isinstance(argument, Tensor):
        text = str(argument.tolist())
        return text if len(text) <= 32 else f"a tensor of shape {tuple(argument.shape)}"
    return repr(argument) if not callable(argument) else "f"
