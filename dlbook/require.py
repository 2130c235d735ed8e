"""What functions expect of their arguments, and what they say when they get something else.

Every message names the argument, says what was expected, and what came: "batch_size must be a whole
number of at least 1, got 2.5". Another type raises `TypeError`, another value `ValueError`.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import torch
from torch import Tensor

PLAIN = (bool, int, float, complex, str, bytes, list, tuple, torch.dtype, torch.device)
LARGEST = 2**63 - 1  # what torch takes as a size, or as a seed

TENSORS: dict[str, Callable[[Tensor], bool]] = {
    "tensor": lambda value: True,
    "tensor of real numbers": lambda value: not (value.is_complex() or value.dtype == torch.bool),
    "floating-point tensor": lambda value: value.is_floating_point(),
    "tensor of whole numbers": lambda value: (
        not (value.is_floating_point() or value.is_complex() or value.dtype == torch.bool)
    ),
}
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


def several(name: str, value: Any, *, least: int = 1) -> Sequence[Any]:
    """The values of an argument that is a list, a tuple, a range, an array or a tensor.

    Raises:
        TypeError: it is something else, such as a text, or a generator, which runs dry.
        ValueError: there are fewer than ``least``.
    """
    if isinstance(value, np.ndarray | Tensor):
        value = (tensor(name, value) if isinstance(value, Tensor) else value).tolist()
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise TypeError(f"{name} must be a list or tuple, got {shown(value)}")
    if len(value) < least:
        raise ValueError(f"{name} must hold {least} or more values, got {shown(value)}")
    return value


def each(name: str, value: Any, *, least: int = 1) -> list[tuple[str, Any]]:
    """The values of an argument as `several` takes them, each with its name, such as ``lr[0]``."""
    return [(f"{name}[{i}]", item) for i, item in enumerate(several(name, value, least=least))]


def numbers(name: str, value: Any) -> list[float]:
    """The finite numbers of an argument that is one number or several.

    Raises:
        TypeError: it is neither a number nor a list, tuple, array or tensor of numbers.
        ValueError: it is empty, or one number is not finite.
    """
    if isinstance(value, Sequence | np.ndarray | Tensor) and not isinstance(value, str | bytes):
        return [number(item_name, item) for item_name, item in each(name, value)]
    return [number(name, value)]


def mapping(name: str, value: Any) -> Mapping[Any, Any]:
    """The dictionary, or what works like one, that an argument is.

    Raises:
        TypeError: it is something else, such as a list of pairs.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dictionary, got {shown(value)}")
    return value


def kind(name: str, value: Any, expected: type[Kind]) -> Kind:
    """The object of a class that an argument is.

    Raises:
        TypeError: it is something else, such as the class itself.
    """
    if not isinstance(value, expected):
        raise TypeError(f"{name} must be of type {expected.__name__}, got {shown(value)}")
    return value


def path(name: str, value: Any) -> Path:
    """The path of a file or folder that an argument is, which need not exist.

    Raises:
        TypeError: it is neither text nor a path.
        ValueError: no file can have that name.
    """
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be the name of a file, got {shown(value)}")
    found = Path(os.fsdecode(value))
    try:
        possible = found.name and b"\0" not in os.fsencode(found)
    except UnicodeEncodeError:  # a letter that names have none of here
        possible = False
    if not possible:
        raise ValueError(f"{name} must be the name of a file, got {str(value)!r}")
    return found


def function(name: str, value: Any) -> None:
    """Refuse what cannot be called.

    Raises:
        TypeError: it is no function, class or the like.
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {shown(value)}")


def tensor(name: str, value: Any, which: str = "tensor") -> Tensor:
    """The tensor that an argument is.

    Args:
        name: of the argument, for the message.
        value: the argument.
        which: one of `TENSORS`.

    Raises:
        TypeError: it is no tensor, or none of this kind.
        ValueError: it is sparse, or on the device ``meta``, which keeps no numbers.
    """
    if not isinstance(value, Tensor) or not TENSORS[which](value):
        raise TypeError(f"{name} must be a {which}, got {shown(value)}")
    if value.is_meta or value.layout != torch.strided:
        where = "the device meta" if value.is_meta else f"layout {value.layout}"
        raise ValueError(f"{name} must be a {which} that keeps all its numbers, got one of {where}")
    return value


def one_number(name: str, value: Any) -> Tensor:
    """The tensor with one element that an argument is, or a function returns, as shape ().

    Raises:
        TypeError: it is no tensor.
        ValueError: it has more elements, or none.
    """
    if tensor(name, value).numel() != 1:
        raise ValueError(f"{name} must be one number, shape (), got {shown(value)}")
    return cast(Tensor, value if value.ndim == 0 else value.reshape(()))


def differentiable(name: str, value: Tensor) -> Tensor:
    """The tensor that a function returns, which autograd can follow back.

    Raises:
        ValueError: no gradient flows through it, as behind ``detach`` or NumPy.
    """
    if not value.requires_grad:
        raise ValueError(
            f"{name} must depend on the parameters through torch, got a tensor with no gradient"
        )
    return value


def broadcast(names: str, *values: Tensor) -> None:
    """Refuse tensors whose shapes do not fit together.

    Raises:
        ValueError: from the last dimension on, two sizes differ and none is 1.
    """
    try:
        torch.broadcast_shapes(*(value.shape for value in values))
    except RuntimeError as error:
        shapes = " and ".join(str(tuple(value.shape)) for value in values)
        raise ValueError(f"{names} must have shapes that broadcast, got {shapes}") from error


def shown(value: Any) -> str:
    """A value in a few words, for a message."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)} and {value.dtype}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, int) and abs(value) > LARGEST:
        return f"a whole number of {value.bit_length()} bits"
    plain = isinstance(value, PLAIN) or value is None
    text = repr(value) if plain else type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond all floats
        return math.inf
