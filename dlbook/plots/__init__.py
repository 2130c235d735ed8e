"""Figures that chapters share: each draws a table or tensors, is labelled, and returns nothing."""

from dlbook.plots.autograd_graph import autograd_graph
from dlbook.plots.cells import cells
from dlbook.plots.confusion import confusion_matrix
from dlbook.plots.contours import contour, surface
from dlbook.plots.curves import cost_curve, steps_on_curve, training_curves
from dlbook.plots.graph import graph, layered
from dlbook.plots.memory import memory
from dlbook.plots.pictures import image_grid
from dlbook.plots.style import COLORS, use_style

__all__ = [
    "COLORS",
    "autograd_graph",
    "cells",
    "confusion_matrix",
    "contour",
    "cost_curve",
    "graph",
    "image_grid",
    "layered",
    "memory",
    "steps_on_curve",
    "surface",
    "training_curves",
    "use_style",
]
