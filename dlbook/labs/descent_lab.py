"""Lab: an optimizer on a landscape, walking as the sliders move."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import matplotlib as mpl
import pandas as pd
import torch
from matplotlib.figure import Figure
from torch import Tensor
from torch.optim import SGD, Adam, Optimizer, RMSprop

from dlbook import plots, require
from dlbook.descent import LANDSCAPES, Landscape, optimize
from dlbook.labs.descent_page import descent_page
from dlbook.labs.lab import LAYOUT, STYLE, Lab, dropdown, failure, learning_rate_slider, png
from dlbook.labs.latest import Latest
from dlbook.labs.page_parts import RUNAWAY, RUNS_OFF
from dlbook.plots.style import STYLE as PLOT_STYLE

MakeOptimizer = Callable[[list[Tensor], float, float], Optimizer]

OPTIMIZERS: dict[str, MakeOptimizer] = {
    "gradient descent": lambda w, lr, momentum: SGD(w, lr=lr, momentum=momentum),
    "RMSprop": lambda w, lr, momentum: RMSprop(w, lr=lr, momentum=momentum),
    "Adam": lambda w, lr, momentum: Adam(w, lr=lr, betas=(momentum, 0.999)),
}
GRID = 101
START = 0.85  # of the way across a landscape


class DescentLab(Lab):
    """Choose a landscape, a start, an optimizer, its learning rate and momentum, and see the walk.

    Args:
        landscape: name of the first landscape, one of `dlbook.descent.LANDSCAPES`.
        lr: the first learning rate.
        steps: how many steps to walk.

    Raises:
        TypeError: lr or steps is no number.
        ValueError: an unknown landscape, or a number that is not on its slider.
    """

    def __init__(self, landscape: str = "parabola", *, lr: float = 0.1, steps: int = 30) -> None:
        require.one_of("landscape", landscape, LANDSCAPES)
        require.whole("steps", steps, most=200)
        self.landscape = dropdown("landscape", list(LANDSCAPES), landscape)
        self.start = [_slider("start w₀"), _slider("start w₁")]
        self.optimizer = dropdown("optimizer", list(OPTIMIZERS), "gradient descent")
        self.lr = learning_rate_slider(lr)
        self.momentum = widgets.FloatSlider(
            value=0.0,
            min=0.0,
            max=0.98,
            step=0.02,
            description="momentum",
            style=STYLE,
            layout=LAYOUT,
        )
        self.steps = widgets.IntSlider(
            value=steps, min=1, max=200, description="steps", style=STYLE, layout=LAYOUT
        )
        self.outcome = widgets.HTML()
        self.latest = Latest(lambda error: setattr(self.outcome, "value", failure(error)))
        picture = widgets.Image(format="png")
        controls = [self.landscape, *self.start, self.optimizer, self.lr, self.momentum, self.steps]
        box = widgets.VBox([widgets.VBox(controls), self.outcome, picture])
        super().__init__(box, picture, "Descent lab: an optimizer walks down a landscape.")
        self._move_to_start()
        self.walk()
        self.landscape.observe(self._landscape_changed, names="value")
        for control in controls[1:]:
            control.observe(lambda _: self.latest.submit(self.walk), names="value")

    def trace(self) -> pd.DataFrame:
        """The walk with the present settings, as `dlbook.descent.optimize` returns it."""
        place = LANDSCAPES[self.landscape.value]
        make = OPTIMIZERS[self.optimizer.value]
        rate, momentum = self.lr.value, self.momentum.value
        start = [slider.value for slider in self.start[: place.dimension]]
        return optimize(
            place.cost, start, lambda w: make(w, rate, momentum), steps=self.steps.value
        )

    def walk(self) -> None:
        """Walk and draw."""
        place, trace = LANDSCAPES[self.landscape.value], self.trace()
        self.outcome.value = _outcome(trace)
        self.picture.value = _draw(place, trace)

    def on_page(self) -> str:
        """The lab as a page runs it, from its present settings."""
        figure = descent_page(
            self.landscape.value,
            self.lr.value,
            self.steps.value,
            start=START,
            caption=self.caption,
        )
        return figure._repr_html_()

    def _landscape_changed(self, _: Any) -> None:
        self._move_to_start()
        self.latest.submit(self.walk)

    def _move_to_start(self) -> None:
        """Set the start sliders to a place well away from the middle of the landscape."""
        place = LANDSCAPES[self.landscape.value]
        self.start[1].layout.display = None if place.dimension == 2 else "none"
        for slider, (low, high) in zip(self.start, place.domain, strict=False):
            # Widen first: a slider refuses limits that exclude its value.
            slider.min, slider.max = min(slider.min, low), max(slider.max, high)
            slider.value = low + START * (high - low)
            slider.min, slider.max = low, high


def _slider(description: str) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=0.0, min=-2.0, max=2.0, step=0.01, description=description, style=STYLE, layout=LAYOUT
    )


def _outcome(trace: pd.DataFrame) -> str:
    last = trace.iloc[-1]
    if not (abs(last["cost"]) < RUNAWAY):
        return RUNS_OFF
    steps, cost, slope = (last[name] for name in ("step", "cost", "grad_norm"))
    return f"After {steps:.0f} steps: cost {cost:.4g}, length of the gradient {slope:.2g}."


def _draw(place: Landscape, trace: pd.DataFrame) -> bytes:
    with mpl.rc_context(PLOT_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.4, 3.4), layout="constrained")
        left, right = figure.subplots(1, 2)
        if place.dimension == 1:
            plots.steps_on_curve(place.cost, place.domain[0], trace, title=place.name, ax=left)
        else:
            w0, w1 = (torch.linspace(*span, GRID, dtype=torch.float64) for span in place.domain)
            plane = torch.stack(torch.meshgrid(w0, w1, indexing="xy"), dim=-1)
            plots.contour(
                w0,
                w1,
                place.cost(plane),
                paths=trace,
                path_columns=("w0", "w1"),
                labels=("w₀", "w₁"),
                ax=left,
            )
            left.set_title(place.name)
        shown = trace[trace["cost"].abs() < 1e12]
        right.plot(shown["step"], shown["cost"], "o-", color=plots.COLORS[1], markersize=3)
        right.set(xlabel="step", ylabel="cost")
        return png(figure)
