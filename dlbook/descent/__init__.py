"""Gradient descent on plain functions and on a line, recorded step by step in tables."""

from dlbook.descent.descend import descend
from dlbook.descent.landscapes import LANDSCAPES, Landscape
from dlbook.descent.line import descend_line, line_cost, line_gradient
from dlbook.descent.optimize import optimize

__all__ = [
    "LANDSCAPES",
    "Landscape",
    "descend",
    "descend_line",
    "line_cost",
    "line_gradient",
    "optimize",
]
