"""Answers to the exercises: a right one for each, and wrong ones that a learner might write.

A module ``chapter_NN`` holds ``RIGHT``, from the name of an exercise to an answer that passes, and
``WRONG``: name, answer, and a piece of what the check must say to it. Some hold ``RIGHT_TOO``:
names, and answers in another spelling.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

RIGHT: dict[str, Any] = {}
RIGHT_TOO: list[tuple[str, Any]] = []
WRONG: list[tuple[str, Any, str]] = []
for _module in iter_modules(__path__):
    _chapter = import_module(f"{__name__}.{_module.name}")
    RIGHT |= _chapter.RIGHT
    RIGHT_TOO += getattr(_chapter, "RIGHT_TOO", [])
    WRONG += _chapter.WRONG
