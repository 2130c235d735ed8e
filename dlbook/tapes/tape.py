"""A tape: a torch function as the list of ATen operations that it runs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

EXACT = 2**53  # up to here a double tells all whole numbers apart


@dataclass(frozen=True)
class Value:
    """An input, a constant or the result of a step; they are numbered in this order, from 0."""

    number: int


@dataclass(frozen=True)
class Step:
    """One operation.

    Attributes:
        operation: an ATen operation, or one of Python's on sizes and lists.
        arguments: in the order of the operation's schema; what comes from before is a `Value`.
        dtype: of the result, of its first part if there are several; ``None`` for a number.
    """

    operation: Any
    arguments: tuple[Any, ...]
    dtype: torch.dtype | None

    @property
    def name(self) -> str:
        """ATen's name with its overload, as ``"add.Tensor"``, or Python's, as ``"mul"``."""
        if isinstance(self.operation, torch._ops.OpOverload):
            return str(self.operation).removeprefix("aten.")
        return str(self.operation.__name__)


@dataclass(frozen=True)
class Tape:
    """What `trace` records and `play` runs.

    Attributes:
        inputs: how many tensors it takes.
        constants: tensors that the function brought along.
        steps: the operations in order.
        outputs: what the function returned, lists and dictionaries of `Value`.
    """

    inputs: int
    constants: Sequence[Tensor]
    steps: Sequence[Step]
    outputs: Any

    def data(self) -> dict[str, Any]:
        """The tape for the page's engine, `engine.js`, in what JSON knows."""
        return {
            "inputs": self.inputs,
            "constants": [_constant(tensor) for tensor in self.constants],
            "steps": [[s.name, _type(s.dtype), _plain(s.arguments)] for s in self.steps],
            "outputs": _plain(self.outputs),
        }


def _constant(tensor: Tensor) -> dict[str, Any]:
    data = [_number(x) for x in tensor.flatten().tolist()]
    return {"type": _type(tensor.dtype), "shape": list(tensor.shape), "data": data}


def _type(dtype: torch.dtype | None) -> str | None:
    return None if dtype is None else str(dtype).removeprefix("torch.")


def _number(x: float) -> float | str:
    """A number as JSON knows it, and no longer; what it does not know, in words of JavaScript."""
    if not math.isfinite(x):
        return str(x).replace("inf", "Infinity").replace("nan", "NaN")
    return int(x) if abs(x) < EXACT and x == int(x) and x else x  # zero keeps its sign


def _plain(argument: Any) -> Any:
    match argument:
        case Value():
            return {"$": argument.number}
        case dict():
            return {name: _plain(part) for name, part in argument.items()}
        case list() | tuple():
            return [_plain(part) for part in argument]
        case float() if not math.isfinite(argument):
            return {"float": _number(argument)}
        case int() | float() | str() | None:
            return argument
        case _:  # a type, a device, a layout: the engine has them from the step
            return None
