"""What a check expects of an answer, and what it says in words when it gets something else."""

import copy
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from dlbook.exercises.endless import Endless, counted
from dlbook.exercises.words import kind, numbers, said, shown

Slips = Mapping[str, Callable[..., Any]]  # hints, and the mistakes that they are for


class NotTried(Exception):  # noqa: N818
    """The reader has not replaced the ``...`` yet."""


class NotYet(Exception):  # noqa: N818
    """The answer is wrong; the message says what is wrong and gives a hint."""


SHOWN = 12  # numbers of a tensor that a message shows all at once
STOPPED = (
    "did not come to an end in time. Does a loop in it never stop? (If it is right, only slow, "
    "wait longer: check(…, seconds=100).)"
)


def tried(answer: Any) -> Any:
    """The answer, unless it is still the ``...`` of the stub."""
    if answer is ...:
        raise NotTried
    return answer


def number(answer: Any, call: str = "") -> float:
    """The answer as one number: a Python or NumPy number, or a tensor or array with one element.

    Args:
        answer: what came.
        call: the call that has returned it, for messages; empty where it is the answer itself.
    """
    answer = tried(answer)
    if isinstance(answer, Tensor | np.ndarray):
        answer = _one_element(_readable(answer) if isinstance(answer, Tensor) else answer)
    asked = _asked("one number", call)
    if isinstance(answer, bool) or not isinstance(answer, Real):
        raise NotYet(f"{asked}, got {kind(answer)}.")
    try:
        value = float(answer)
    except OverflowError:
        raise NotYet(f"{asked}, got one that is too large to compute with.") from None
    if math.isnan(value):
        which = call or "the number"
        raise NotYet(f"{which} is nan: something like 0/0, 0·∞ or ∞ − ∞ was computed on the way.")
    return value


def tensor(
    answer: Any, shape: tuple[int, ...], dtype: torch.dtype | None = None, call: str = ""
) -> Tensor:
    """The answer as a tensor of the given shape and, where it matters, dtype, on the CPU."""
    answer = tried(answer)
    if not isinstance(answer, Tensor):
        raise NotYet(f"{_asked(f'a tensor of shape {shape}', call)}, got {kind(answer)}.")
    value = _readable(answer)
    if tuple(value.shape) != shape:
        raise NotYet(f"{_asked(f'the shape {shape}', call, 'have')}, got {tuple(value.shape)}.")
    if dtype is not None and value.dtype != dtype:
        raise NotYet(f"{_asked(f'the dtype {dtype}', call, 'have')}, got {value.dtype}.")
    return value.cpu()


def row(answer: Any, shape: tuple[int, ...], *, call: str) -> Tensor:
    """The answer as a tensor of shape (n,), or a list where the exercise asks for no tensor."""
    if isinstance(answer, list | tuple) or (isinstance(answer, np.ndarray) and answer.ndim == 1):
        entries = [number(entry, f"each entry of {call}") for entry in answer]
        answer = torch.tensor(entries, dtype=torch.float64)
    return tensor(answer, shape, call=call)


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
    if not isinstance(answer, tuple | list) or not all(map(_is_size, answer)):
        raise NotYet(f"{asked} is expected, got {shown(answer)}.")
    return tuple(map(int, answer))


def result(function: Any, *arguments: Any, call: str, copies: bool = True) -> Any:
    """What the reader's function returns for these arguments.

    Args:
        function: the answer.
        *arguments: what to call it with. Of functions it is counted how often they are called.
        call: the call in words, for messages, for example ``"gradient(3.0)"``.
        copies: whether the function gets copies of tensors, tables and lists, so that nobody sees
            what it writes into them. Modules, and tensors that require a gradient, are passed on.
    """
    require_function(function)
    given = [_own_copy(argument) if copies else argument for argument in arguments]
    with running(call):
        got = function(*given)
    if tried(got) is None:
        raise NotYet(f"{call} returned nothing (None). Did you forget `return`?")
    return got


def require_function(answer: Any) -> None:
    """Refuse what cannot be called, such as what the reader's function returns."""
    if not callable(tried(answer)):
        raise NotYet(f"a function is expected, its name without parentheses, got {kind(answer)}.")


@contextmanager
def running(call: str) -> Iterator[None]:
    """Say in words what goes wrong in a block in which the reader's code runs."""
    try:
        yield
    except (NotTried, NotYet):
        raise
    except Endless as stopped:
        why = f"{stopped}. Does a loop in it never stop?" if stopped.args else STOPPED
        raise NotYet(f"{call} {why}") from None
    except (Exception, SystemExit) as error:
        raise NotYet(f"{call} raised {said(error)}") from error


def instance(answer: Any, *arguments: Any, call: str) -> Any:
    """An object of the reader's class."""
    if isinstance(answer, nn.Module) or not callable(tried(answer)):
        raise NotYet(f"a class is expected, its name without parentheses, got {kind(answer)}.")
    return result(answer, *arguments, call=call)


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


def no_slip(value: float, slips: Mapping[float, str], *, relative: float = 0.0) -> None:
    """Refuse a number within 0.001, and a share ``relative``, of what a likely mistake gives."""
    for slip, words in slips.items():
        if abs(value - slip) <= 1e-3 + relative * abs(slip):
            raise NotYet(f"{value:g} {words}")


def close(
    value: float | Tensor,
    expected: float | Tensor,
    *,
    tolerance: float,
    call: str = "",
    hint: str = "",
) -> None:
    """Pass when every number is within ``tolerance`` of what is expected, absolute and relative.

    Args:
        value: what came.
        expected: what it should be.
        tolerance: how far away it may be.
        call: what has returned it; the message then gives the number that was expected. Empty
            where it is the answer itself, which no message may give away.
        hint: the end of the message.
    """
    if alike(value, expected, tolerance=tolerance):
        return
    got, want = (_doubles(v) for v in (value, expected))
    if call and want.numel() > SHOWN:
        place = (~torch.isclose(got, want, rtol=tolerance, atol=tolerance)).nonzero()[0].tolist()
        got, want, call = got[tuple(place)], want[tuple(place)], f"entry {place} of {call}"
    digits = next((few for few in (6, 9) if numbers(got, few) != numbers(want, few)), 17)
    came = numbers(got, digits) if got.numel() <= SHOWN else f"{numbers(got[:1])[:60]}…"
    should = f": {call} should be {numbers(want, digits)}" if call else ""
    raise NotYet(f"{came} is not right{should}. {hint}".strip())


def same_for_all(
    function: Any,
    expected: Callable[..., Any],
    cases: list[tuple[Any, ...]],
    *,
    name: str,
    lists: bool = False,
    slips: Slips | None = None,
) -> None:
    """Pass when the reader's function and the expected one agree on every case (to 1e-5).

    Args:
        function: the answer.
        expected: a function that is right.
        cases: the arguments of each call.
        name: what the exercise calls the function.
        lists: whether a list is as good as a tensor.
        slips: likely wrong functions; what the reader is told who has written one of them.
    """
    as_tensor = row if lists else tensor
    for case in cases:
        call = f"{name}({', '.join(_short(argument) for argument in case)})"
        got, want = result(function, *case, call=call), torch.as_tensor(expected(*case))
        value = as_tensor(got, tuple(want.shape), call=call) if want.ndim else number(got, call)
        told = (words for words, slip in (slips or {}).items() if _slipped(value, slip, case))
        close(value, want, call=call, tolerance=1e-5, hint=next(told, ""))


def _slipped(value: float | Tensor, slip: Callable[..., Any], case: tuple[Any, ...]) -> bool:
    return alike(value, torch.as_tensor(slip(*case)), tolerance=1e-5)


def _asked(what: str, call: str, verb: str = "be") -> str:
    """The beginning of a message: what the answer, or what a call returns, should be."""
    return f"{call} should {verb} {what}" if call else f"{what} is expected"


def _is_size(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _own_copy(argument: Any) -> Any:
    if inspect.isfunction(argument):
        return counted(argument)
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


def _one_element(answer: Tensor | np.ndarray[Any, Any]) -> Any:
    """The number of a tensor or array with one element, else itself; True is no number."""
    return answer.item() if math.prod(answer.shape) == 1 else answer


def _doubles(value: float | Tensor) -> Tensor:
    """In float64, on the CPU: Apple's cards do not know that type."""
    value = value.detach().cpu() if isinstance(value, Tensor) else value
    return torch.as_tensor(value, dtype=torch.float64)


def _short(argument: Any) -> str:
    if isinstance(argument, Tensor):
        few = argument.numel() <= SHOWN
        return numbers(argument) if few else f"a tensor of shape {tuple(argument.shape)}"
    return repr(argument) if not callable(argument) else "f"
