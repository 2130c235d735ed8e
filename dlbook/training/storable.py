"""What a checkpoint can hold: tensors, plain values, and lists and dicts of them."""

import copy
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
import torch

EXACT = (np.float64, np.integer, np.bool_, np.str_)  # a Python value computes on as these do


def plain(value: Any) -> Any:
    """The same value with Python's numbers and texts in place of NumPy's.

    A float32 stays: Python's floats are finer, so a schedule would go on with other numbers.
    """
    if isinstance(value, EXACT):
        return value.item()
    if isinstance(value, dict):
        made = copy.copy(value)  # an OrderedDict of weights has attributes, too
        made.clear()
        for key, entry in value.items():
            made[plain(key)] = plain(entry)
        return made
    return type(value)(map(plain, value)) if type(value) in (list, tuple, set) else value


def stored(name: str, value: Any) -> bytes:
    """What the file of a checkpoint holds for ``value``, from which it was loaded safely, once.

    Raises:
        TypeError: names the entry that would not come back, such as ``optimizer['lr']``.
    """
    content = BytesIO()
    try:
        torch.save(value, content)
        content.seek(0)
        torch.load(content, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever the classes of others raise
        for key, entry in _entries(value):
            stored(f"{name}[{key!r}]", entry)
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        raise TypeError(
            "a checkpoint can hold tensors, numbers, texts, and lists and dicts of them; "
            f"{name} is of type {kind}"
        ) from error
    return content.getvalue()


def _entries(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()
