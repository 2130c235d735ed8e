"""Figures that react without a kernel: each plays a torch function on the page."""

from dlbook.explorers.accumulation import accumulation
from dlbook.explorers.backprop_stepper import backprop_stepper
from dlbook.explorers.batch_journey import batch_journey
from dlbook.explorers.bottleneck import bottleneck
from dlbook.explorers.broadcasting import broadcasting
from dlbook.explorers.capacity import capacity
from dlbook.explorers.controls import Dial, Menu, Slider
from dlbook.explorers.depth_signal import depth_signal
from dlbook.explorers.drawing_pad import DrawingPad
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.filters import filters
from dlbook.explorers.hidden_space import NetView, hidden_space
from dlbook.explorers.learning_rate import learning_rate
from dlbook.explorers.likelihood import likelihood
from dlbook.explorers.local_linear_map import local_linear_map
from dlbook.explorers.lr_range_test import lr_range_test
from dlbook.explorers.race import race
from dlbook.explorers.resume import resume
from dlbook.explorers.runs import Runs
from dlbook.explorers.strides import strides
from dlbook.explorers.threshold import threshold
from dlbook.explorers.training_curves import training_curves
from dlbook.explorers.training_grid import training_grid
from dlbook.explorers.walk import Walk

__all__ = [
    "Dial",
    "DrawingPad",
    "Explorer",
    "Menu",
    "NetView",
    "Runs",
    "Slider",
    "Walk",
    "accumulation",
    "backprop_stepper",
    "batch_journey",
    "bottleneck",
    "broadcasting",
    "capacity",
    "depth_signal",
    "filters",
    "hidden_space",
    "learning_rate",
    "likelihood",
    "local_linear_map",
    "lr_range_test",
    "race",
    "resume",
    "strides",
    "threshold",
    "training_curves",
    "training_grid",
]
