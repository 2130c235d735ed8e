"""How a check names what came: in words that a beginner knows, and never at length."""

import inspect
import re
from reprlib import Repr
from typing import Any

import numpy as np
from torch import Tensor

_ENOUGH, _MOST_OF_AN_ERROR = 80, 300
_ADVICE = {
    r"bitwise_xor|for \^": "A power is written **, as in x**2; ^ is another operation.",
    "math range error|result out of range|too large": "A number became too large for a float.",
    "could not infer output dtype": "A mean needs floats, not True and False; .float() makes them.",
    "cannot assign to field": "A frozen configuration stays as it is; replace(…) makes another.",
    r"'Complex": "The numbers are complex. Of a symmetric matrix eigvalsh gives real eigenvalues.",
}
LARGEST_IN_FULL = 1e15
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _ENOUGH


def kind(answer: Any) -> str:
    """What an answer is, for the end of a sentence: "a tensor is expected, got …"."""
    if answer is None or isinstance(answer, bool):
        return "nothing (None)" if answer is None else str(answer)
    if isinstance(answer, Tensor):
        return "a nested tensor" if answer.is_nested else _with_shape("tensor", answer)
    if isinstance(answer, np.ndarray):
        return _with_shape("NumPy array", answer)
    if isinstance(answer, str):
        return f"the text {_SHORT.repr(answer)}"
    if isinstance(answer, type):
        return f"the class {answer.__name__} itself, not an object made with {answer.__name__}(…)"
    if isinstance(answer, tuple | list | set | dict):
        return f"a {type(answer).__name__} of length {len(answer)}"
    if inspect.isgenerator(answer):
        return "a generator"
    return "a function" if inspect.isroutine(answer) else f"{type(answer).__name__}"


def shown(value: Any) -> str:
    """A value as Python writes it where that is short, else what kind of thing it is."""
    plain = isinstance(value, str | int | float | complex | tuple | list | dict | set | type(None))
    return _SHORT.repr(value) if plain else kind(value)


def said(error: BaseException) -> str:
    """The name of an error and the beginning of its message, with advice where there is some."""
    message = str(error)
    advice = [words for pattern, words in _ADVICE.items() if re.search(pattern, message)]
    if len(message) > _MOST_OF_AN_ERROR:
        message = message[:_MOST_OF_AN_ERROR] + "…"
    return " ".join((f"{type(error).__name__}: {message}", *advice))


def numbers(value: Tensor, digits: int = 6) -> str:
    """The numbers of a tensor, short, in brackets unless it is only one."""
    if value.ndim == 0:
        number = value.item()
        whole = number % 1 == 0 and abs(number) < LARGEST_IN_FULL
        return str(int(number)) if whole else f"{number:.{digits}g}"
    return f"[{', '.join(numbers(part, digits) for part in value)}]"


def _with_shape(name: str, array: Any) -> str:
    return f"a {name} of shape {tuple(array.shape)}"
