"""Lab: learning rate, batch size and momentum on the cost of a line."""

from typing import Any

import ipywidgets as widgets
import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from dlbook import plots, require
from dlbook.data import Samples
from dlbook.descent import descend_line
from dlbook.labs.batch_page import MOST_ON_PAGE, batch_page
from dlbook.labs.cost_map import CostMap
from dlbook.labs.lab import (
    LAYOUT,
    STYLE,
    Lab,
    batch_size_slider,
    dropdown,
    epochs_slider,
    failure,
    learning_rate_slider,
    png,
)
from dlbook.labs.latest import Latest
from dlbook.labs.page_parts import RUNAWAY
from dlbook.plots.style import INK, QUIET
from dlbook.plots.style import STYLE as PLOT_STYLE

BATCH_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_EPOCHS = 50
AXES = {"passes over the data": "epoch", "updates": "step"}


class BatchLab(Lab):
    """Fit a line: the path over (w, b) and the cost over all samples, side by side (chapter 08).

    The button keeps a run, in gray, to compare others with.

    Args:
        samples: n numbers x and n numbers y; at least two different x.
        lr: the first learning rate.
        batch_size: the first batch size, one of those on offer: 1, 2, 5, 10, … below n, and n.
        epochs: the first number of passes over the samples, from 1 to 50.
        start: slope and intercept where every run begins.

    Raises:
        TypeError: an argument of another type.
        ValueError: a batch size that is not on offer, or a number that is not on its slider.
    """

    def __init__(
        self,
        samples: Samples,
        *,
        lr: float = 0.02,
        batch_size: int = 10,
        epochs: int = 5,
        start: tuple[float, float] = (-1.0, 2.0),
    ) -> None:
        n = len(require.kind("samples", samples, Samples))
        if not isinstance(start, tuple | list) or len(start) != 2:
            raise TypeError(f"start must be slope and intercept, got {require.shown(start)}")
        for name, value in require.each("start", start):
            require.number(name, value)
        sizes = [size for size in BATCH_SIZES if size < n] + [n]
        self._samples = Samples(samples.x.double(), samples.y.double())
        self._start = start
        self._map = CostMap.around(self._samples, start)
        self._kept: pd.DataFrame | None = None
        self.lr = learning_rate_slider(lr)
        self.batch_size = batch_size_slider(batch_size, sizes)
        self.momentum = widgets.FloatSlider(
            max=0.98, step=0.02, description="momentum", style=STYLE, layout=LAYOUT
        )
        self.epochs = epochs_slider(epochs, MOST_EPOCHS)
        self.axis = dropdown("compare by", list(AXES))
        self.keep = widgets.Button(description="Keep this run")
        self.outcome = widgets.HTML()
        self.latest = Latest(lambda error: setattr(self.outcome, "value", failure(error)))
        picture = widgets.Image(format="png")
        controls = [self.lr, self.batch_size, self.momentum, self.epochs, self.axis]
        box = widgets.VBox([*controls, self.keep, self.outcome, picture])
        super().__init__(box, picture, "Batch lab: mini-batches walk on the cost of a line.")
        self.walk()
        for control in controls:
            control.observe(lambda _: self.latest.submit(self.walk), names="value")
        self.keep.on_click(lambda _: self.latest.submit(self._keep_this_run))

    def trace(self) -> pd.DataFrame:
        """The run with the present settings, as `dlbook.descent.descend_line` returns it."""
        return descend_line(
            self._samples,
            self.lr.value,
            epochs=self.epochs.value,
            batch_size=self.batch_size.value,
            start=self._start,
            momentum=self.momentum.value,
        )

    def walk(self) -> None:
        """Run and draw."""
        trace = self.trace()
        self.outcome.value = _outcome(trace, self._map.lowest)
        self.picture.value = _draw(self._map, trace, self._kept, AXES[self.axis.value])

    def on_page(self) -> str:
        """The lab as a page runs it, from its present settings."""
        figure = batch_page(
            self._samples,
            self.batch_size.options,
            start=self._start,
            lr=self.lr.value,
            batch_size=self.batch_size.value,
            epochs=min(self.epochs.value, MOST_ON_PAGE),
            place=self._map,
            caption=self.caption,
        )
        return figure._repr_html_()

    def _keep_this_run(self) -> None:
        self._kept = self.trace()
        self.walk()


def _outcome(trace: pd.DataFrame, lowest: float) -> str:
    last = trace.iloc[-1]
    if not last["cost"] < RUNAWAY:
        return "The run diverges: the cost runs off to infinity. Try a smaller learning rate."
    return (
        f"After {last['epoch']:.0f} epochs and {last['step']:.0f} updates: "
        f"cost {last['cost']:.4g}, {last['cost'] - lowest:.2g} above the lowest possible."
    )


def _draw(place: CostMap, trace: pd.DataFrame, kept: pd.DataFrame | None, axis: str) -> bytes:
    with mpl.rc_context(PLOT_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.4, 3.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        plots.contour(place.w, place.b, place.cost, ax=left)
        for run, color, name in ((kept, QUIET, "kept"), (trace, plots.COLORS[1], "this run")):
            if run is not None:
                _draw_run(run, left, right, axis, color, name)
        left.plot(*place.best.tolist(), "x", color=INK, markersize=9, markeredgewidth=2)
        right.axhline(place.lowest, color=INK, linewidth=0.8, linestyle=":", label="lowest")
        right.set(xlabel=axis, ylabel="cost over all samples", yscale="log")
        top = 1.5 * float(place.cost.max())
        right.set_ylim(max(0.9 * place.lowest, 1e-6 * top), top)
        right.legend()
        return png(figure)


def _draw_run(run: pd.DataFrame, left: Axes, right: Axes, axis: str, color: str, name: str) -> None:
    shown = run[run["cost"] < 1e12]
    thin: dict[str, Any] = {"color": color, "linewidth": 1.0, "linestyle": "-"}
    left.plot(shown["w"], shown["b"], marker="o", markersize=2.5, **thin)
    right.plot(shown[axis], shown["cost"], **thin, label=name)
