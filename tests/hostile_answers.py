"""Answers that no exercise asks for, as learners and their slips produce them."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NoReturn

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

NAN, INF = float("nan"), float("inf")


class Unfinished:
    """A class that was never made into an object of its own; it needs two arguments."""

    def __init__(self, first: Any, second: Any) -> None:
        self.first, self.second = first, second


class EqualToAll:
    """Says that it equals whatever it is compared with, as `unittest.mock.ANY` does."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = None


class Unprintable:
    """Cannot say what it is."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


def raises(*_: Any, **__: Any) -> NoReturn:
    raise ValueError("the reader's own error")


def leaves_python(*_: Any) -> NoReturn:
    raise SystemExit(3)


def calls_itself(*arguments: Any) -> Any:
    return calls_itself(*arguments)


def generator() -> Iterator[Tensor]:
    yield from (torch.zeros(2), torch.ones(2))


def used_up() -> Iterator[Tensor]:
    """A model's parameters after an optimizer has walked over them."""
    parameters = nn.Linear(2, 2).parameters()
    list(parameters)
    return parameters


VALUES: dict[str, Callable[[], Any]] = {
    "text": lambda: "0.1",
    "empty text": lambda: "",
    "long text": lambda: "x" * 10_000,
    "bytes": lambda: b"0.1",
    "true": lambda: True,
    "complex": lambda: 1 + 2j,
    "nan": lambda: NAN,
    "infinity": lambda: INF,
    "negative": lambda: -1.0,
    "zero": lambda: 0,
    "huge": lambda: 10**400,
    "huge float": lambda: 1e300,
    "list": lambda: [1.0, 2.0],
    "empty list": lambda: [],
    "empty tuple": lambda: (),
    "pair": lambda: (1.0, 2.0),
    "pair of texts": lambda: ("a", "b"),
    "pair of tensors": lambda: (torch.zeros(2), torch.zeros(2)),
    "nested": lambda: ((1.0,), [2.0]),
    "set": lambda: {1.0, 2.0},
    "empty dictionary": lambda: {},
    "dictionary": lambda: {"model": 1, "optimizer": None},
    "array": lambda: np.zeros(2),
    "array of one": lambda: np.array(1.0),
    "array of objects": lambda: np.array([None, "a"], dtype=object),
    "numpy number": lambda: np.float32(0.1),
    "table": lambda: pd.DataFrame({"a": [1.0, 2.0]}),
    "column": lambda: pd.Series([1.0, 2.0]),
    "class": lambda: Unfinished,
    "object": lambda: Unfinished(1, 2),
    "equal to all": EqualToAll,
    "unprintable": Unprintable,
    "module": lambda: nn.Linear(3, 2),
    "class of modules": lambda: nn.Linear,
    "empty module": nn.Sequential,
    "generator": generator,
    "generator used up": used_up,
    "endless": count,
    "not implemented": lambda: NotImplemented,
    "error": lambda: ValueError("an error, not raised"),
    "dtype": lambda: torch.float32,
    "size": lambda: torch.Size([2, 3]),
    "number as tensor": lambda: torch.tensor(0.123),
    "empty tensor": lambda: torch.empty(0),
    "vector": lambda: torch.zeros(2),
    "vector of one": lambda: torch.zeros(1),
    "matrix": lambda: torch.zeros(2, 2),
    "whole numbers": lambda: torch.arange(2),
    "truths": lambda: torch.tensor([True, False]),
    "complex tensor": lambda: torch.zeros(2, dtype=torch.complex64),
    "complex number as tensor": lambda: torch.tensor(1 + 2j),
    "nan tensor": lambda: torch.full((2,), NAN),
    "nan as tensor": lambda: torch.tensor(NAN),
    "half precision": lambda: torch.zeros(2, dtype=torch.float16),
    "requires grad": lambda: torch.zeros(2, requires_grad=True),
    "in a graph": lambda: torch.zeros(2, requires_grad=True) * 2,
    "huge tensor": lambda: torch.zeros(1).expand(10**12),
    "no memory": lambda: torch.zeros(2, device="meta"),
    "no memory for a number": lambda: torch.tensor(1.0, device="meta"),
    "sparse": lambda: torch.eye(2).to_sparse(),
    "nested tensor": lambda: torch.eye(2)[None, None, None],
    "parameter": lambda: nn.Parameter(torch.zeros(2)),
    "list of tensors": lambda: [torch.zeros(2), torch.ones(1)],
    "list of none": lambda: [None, None],
    "triple": lambda: (None, None, None),
}

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "raises": raises,
    "leaves python": leaves_python,
    "calls itself": calls_itself,
    "no parameters": lambda: 1.0,
    "one parameter": lambda x: x,
    "two parameters": lambda x, y: x,
    "keywords alone": lambda *, x: x,
    "nine parameters": lambda a, b, c, d, e, f, g, h, i: a,
    "gives its arguments": lambda *arguments: arguments,
    "gives the first": lambda *arguments: arguments[0],
    "gives the last": lambda *arguments: arguments[-1],
    "gives a function": lambda *_: lambda *_: torch.zeros(2),
    "gives itself": lambda *_: raises,
}
