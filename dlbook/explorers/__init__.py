"""Figures that react without a kernel: each takes tables of runs and returns an `Explorer`."""

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.learning_rate import learning_rate
from dlbook.explorers.line_fit import line_fit
from dlbook.explorers.paths import paths
from dlbook.explorers.training_grid import training_grid

__all__ = ["Explorer", "Menu", "Slider", "learning_rate", "line_fit", "paths", "training_grid"]
