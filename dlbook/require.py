"""What functions expect of their arguments, and what they say when they get something else.

Every message names the argument, says what was expected, and what came: "batch_size must be a whole
number of at least 1, got 2.5". Another type raises `TypeError`, another value `ValueError`.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

LARGEST = 2**63 - 1  # what torch takes as a size, or as a seed

Kind = TypeVar("Kind")


def whole(name: str, value: Any, *, least: int = 1, most: int = LARGEST) -> int:
    """The whole number that an argument is; ``True`` is none.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is not from ``least`` to ``most``.
    """
    bound = f"of at most {most}" if _is_whole(value) and value > most else f"of at least {least}"
    expected = f"{name} must be a whole number {bound}, got {shown(value)}"
    if not _is_whole(value):
        raise TypeError(expected)
    if not least <= value <= most:
        raise ValueError(expected)
    return int(value)


def seed(name: str, value: Any) -> int:
    """The seed that an argument is: a whole number from 0 to 2⁶³ − 1."""
    return whole(name, value, least=0)


def number(
    name: str,
    value: Any,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    below: float = math.inf,
) -> float:
    """The finite number that an argument is; ``True`` is none.

    Raises:
        TypeError: it is no number.
        ValueError: it is NaN, infinite or out of bounds.
    """
    bounds = [f"of at least {least:g}"] if least > -math.inf else []
    bounds += [f"above {above:g}"] if above > -math.inf else []
    bounds += [f"below {below:g}"] if below < math.inf else []
    words = " ".join(["a finite number", " and ".join(bounds)]).strip()
    expected = f"{name} must be {words}, got {shown(value)}"
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        raise TypeError(expected)
    as_float = _float(value)
    if not (math.isfinite(as_float) and least <= as_float < below and as_float > above):
        raise ValueError(expected)
    return as_float


def flag(name: str, value: Any) -> bool:
    """The ``True`` or ``False`` that an argument is.

    Raises:
        TypeError: it is something else, such as the text ``"no"``, which would count as true.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {shown(value)}")
    return bool(value)


def one_of(name: str, value: Any, choices: Iterable[str]) -> None:
    """Refuse what is none of some texts.

    Raises:
        ValueError: the message lists the choices.
    """
    choices = list(choices)
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {shown(value)}")


def several(name: str, value: Any) -> Sequence[Any]:
    """The values of an argument that is a list, a tuple, a range, or a 1-D array or tensor.

    Raises:
        TypeError: it is something else, such as a text, or a generator, which runs dry.
        ValueError: it is empty.
    """
    if isinstance(value, np.ndarray | Tensor):
        value = value.tolist()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise TypeError(f"{name} must be a list or tuple, got {shown(value)}")
    if len(value) == 0:
        raise ValueError(f"{name} must hold one value or more, got {shown(value)}")
    return value


def kind(name: str, value: Any, expected: type[Kind]) -> Kind:
    """The object of a class that an argument is.

    Raises:
        TypeError: it is something else, such as the class itself.
    """
    if not isinstance(value, expected):
        raise TypeError(f"{name} must be of type {expected.__name__}, got {shown(value)}")
    return value


def function(name: str, value: Any) -> None:
    """Refuse what cannot be called.

    Raises:
        TypeError: it is no function, class or the like.
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {shown(value)}")


def tensor(name: str, value: Any, *, floating: bool = False) -> Tensor:
    """The tensor that an argument is.

    Args:
        name: of the argument, for the message.
        value: the argument.
        floating: whether it must hold floating-point numbers.

    Raises:
        TypeError: it is no tensor, or none of floating-point numbers.
        ValueError: it is sparse, or on the device ``meta``, which keeps no numbers.
    """
    if not isinstance(value, Tensor) or (floating and not value.is_floating_point()):
        which = "floating-point tensor" if floating else "tensor"
        raise TypeError(f"{name} must be a {which}, got {shown(value)}")
    if value.is_meta or value.layout != torch.strided:
        where = "the device meta" if value.is_meta else str(value.layout)
        raise ValueError(f"{name} must be a tensor that keeps all its numbers, got one of {where}")
    return value


def shown(value: Any) -> str:
    """A value in a few words, for a message."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)} and {value.dtype}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and abs(value) > LARGEST:
        return f"a whole number of {value.bit_length()} bits"
    plain = isinstance(value, bool | int | float | complex | str | bytes | list | tuple | None)
    text = repr(value) if plain else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond all floats
        return math.inf
