"""Figures that react without a kernel: each takes tables of runs and returns an `Explorer`."""

from dlbook.explorers.accumulation import accumulation
from dlbook.explorers.backprop_stepper import backprop_stepper
from dlbook.explorers.broadcasting import broadcasting
from dlbook.explorers.capacity import capacity
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.distances import distances
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.learning_rate import learning_rate
from dlbook.explorers.line_fit import line_fit
from dlbook.explorers.local_linear_map import PlaneMap, local_linear_map
from dlbook.explorers.paths import paths
from dlbook.explorers.race import race
from dlbook.explorers.saturation import saturation
from dlbook.explorers.strides import strides
from dlbook.explorers.training_curves import training_curves
from dlbook.explorers.training_grid import training_grid

__all__ = [
    "Explorer",
    "Menu",
    "NetView",
    "PlaneMap",
    "Slider",
    "accumulation",
    "backprop_stepper",
    "broadcasting",
    "capacity",
    "distances",
    "learning_rate",
    "line_fit",
    "local_linear_map",
    "paths",
    "race",
    "saturation",
    "strides",
    "training_curves",
    "training_grid",
]
