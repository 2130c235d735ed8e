"""What a check expects of an answer, and what it says in words when it gets something else."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


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
    """The answer as one number: a Python number or a tensor with one element."""
    answer = tried(answer)
    if isinstance(answer, Tensor) and answer.numel() == 1:
        return float(answer.item())
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        raise NotYet(f"one number is expected, got {_kind(answer)}.")
    return float(answer)


def tensor(answer: Any, shape: tuple[int, ...], dtype: torch.dtype | None = None) -> Tensor:
    """The answer as a tensor of the given shape and, where it matters, dtype."""
    answer = tried(answer)
    if not isinstance(answer, Tensor):
        raise NotYet(f"a tensor is expected, got {_kind(answer)}.")
    if tuple(answer.shape) != shape:
        raise NotYet(f"the shape should be {shape}, got {tuple(answer.shape)}.")
    if dtype is not None and answer.dtype != dtype:
        raise NotYet(f"the dtype should be {dtype}, got {answer.dtype}.")
    return answer


def result(function: Any, *arguments: Any, call: str) -> Any:
    """What the reader's function returns for these arguments.

    Args:
        function: the answer.
        *arguments: what to call it with.
        call: the call in words, for messages, for example ``"gradient(3.0)"``.
    """
    if not callable(tried(function)):
        raise NotYet(f"a function is expected, got {_kind(function)}.")
    try:
        return tried(function(*arguments))
    except NotTried:
        raise
    except NotImplementedError as error:
        raise NotTried from error
    except Exception as error:
        raise NotYet(f"{call} raised {type(error).__name__}: {error}") from error


def close(value: float | Tensor, expected: float | Tensor, *, hint: str, tolerance: float) -> None:
    """Pass when every number is within ``tolerance`` of what is expected, absolute and relative."""
    got, want = (torch.as_tensor(v, dtype=torch.float64).detach().cpu() for v in (value, expected))
    if not torch.allclose(got, want, rtol=tolerance, atol=tolerance):
        shown = f"{got.item():.6g}" if got.numel() == 1 else str(got.tolist())[:60]
        raise NotYet(f"{shown} is not right. {hint}")


def same_for_all(
    function: Any, expected: Callable[..., Any], cases: list[tuple[Any, ...]], *, name: str
) -> None:
    """Pass when the reader's function and the expected one agree on every case (to 1e-5)."""
    for case in cases:
        call = f"{name}({', '.join(_short(argument) for argument in case)})"
        got, want = result(function, *case, call=call), torch.as_tensor(expected(*case))
        if isinstance(got, Tensor) and got.shape != want.shape:
            raise NotYet(
                f"{call} should have the shape {tuple(want.shape)}, got {tuple(got.shape)}."
            )
        if not isinstance(got, Tensor | int | float):
            raise NotYet(f"{call} should be a number or a tensor, got {_kind(got)}.")
        close(got, want, hint=f"That was {call}.", tolerance=1e-5)


def _short(argument: Any) -> str:
    if isinstance(argument, Tensor):
        text = str(argument.tolist())
        return text if len(text) <= 32 else f"a tensor of shape {tuple(argument.shape)}"
    return repr(argument) if not callable(argument) else "f"


def _kind(answer: Any) -> str:
    if isinstance(answer, Tensor):
        return f"a tensor of shape {tuple(answer.shape)}"
    if isinstance(answer, str):
        return f"the text {answer!r}"
    return f"{type(answer).__name__}"
