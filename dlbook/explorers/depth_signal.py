"""Explorer: how activations and gradients shrink or grow through a deep stack of layers."""

import math
from typing import Any

import altair as alt
import pandas as pd
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES
from dlbook.explorers.runs import Runs, at
from dlbook.plots.style import COLORS

KEYS = ("activation", "depth", "scale")
LOOKS: dict[str, dict[str, Any]] = {
    "activations": {"color": COLORS[0], "dash": DASHES[0]},
    "gradients": {"color": COLORS[1], "dash": DASHES[1]},
}
DOMAIN = (1e-8, 1e8)  # of the logarithmic axes; lines leave the charts there
FARTHEST = 30  # powers of ten that are kept of a size; the axes end before
USABLE = (1e-2, 1e2)  # what a gradient may have lost or gained on its way


def depth_signal(table: pd.DataFrame, *, start: tuple[str, int, float], caption: str) -> Explorer:
    """Sizes in each layer, forward and backward, and what arrives for every scale (chapter 13).

    Args:
        table: a row per layer of every stack, in order: ``activation``, ``depth``, ``scale`` of
            the weights, ``layer`` from 0 (the input) to the depth, and the standard deviations
            ``activations`` and ``gradients``.
        start: activation, depth and scale shown first.
        caption: below the figure.
    """
    powers = table.assign(**{name: table[name].map(_power) for name in LOOKS})
    # A deep stack begins with the layers of a shallow one.
    forward = Runs(powers[powers["depth"] == powers["depth"].max()], KEYS, ("activations",))
    backward = Runs(powers, KEYS, ("gradients",))
    stacks = table.groupby(list(KEYS), sort=False)
    arrived = stacks["activations"].last().to_frame().join(stacks["gradients"].first())
    ends = Runs(arrived.reset_index(), KEYS, tuple(LOOKS), digits=6)
    depths, scales = ends.choices["depth"], ends.choices["scale"]
    deepest = torch.tensor(max(depths))
    layers = torch.arange(max(depths) + 1).double()

    def figure(activation: Tensor, depth: Tensor, scale: Tensor) -> dict[str, Any]:
        chosen = {"activation": activation, "depth": depth}
        power = forward(activation=activation, depth=deepest) | backward(**chosen)
        sizes = {name: torch.where(layers <= depth, 10**p, math.nan) for name, p in power.items()}
        place = ends.place("scale", scale)
        at_ends = {name: column[:, 0] for name, column in ends(**chosen).items()}
        end = at(at_ends, place)
        return {
            "one": {"size": torch.tensor(1.0)},
            "stacks": {name: charts.joined(size) for name, size in sizes.items()}
            | {"layer": charts.joined(layers.expand(len(scales), -1))},
            "here": at(sizes, place) | {"layer": layers},
            "ends": at_ends | {"scale": torch.tensor(scales)},
            "end": end | {"scale": scale},
            "beyond": charts.beyond((torch.stack(list(end.values())), DOMAIN)),
            "last": end["activations"],
            "first": end["gradients"],
            "verdict": (end["gradients"] >= USABLE[0]).long() + (end["gradients"] > USABLE[1]),
        }

    return Explorer(
        [
            ends.menu("activation", "activation", start[0]),
            Slider("depth", "depth", depths, start[1], say="{} layers".format),
            Slider("scale", "scale of the weights", scales, start[2]),
        ],
        figure,
        [*(_through_layers(name, max(depths)) for name in LOOKS), _at_the_ends(scales)],
        caption=caption,
        alt_text="First: the standard deviation of the activations in each layer, on a logarithmic "
        "axis. Second: that of the gradients. Third: the activations of the last layer, solid, "
        "and the gradients at the input, dashed, against the scale of the weights.",
        sentence="Activations of the last layer: {last:.2g}. Gradients at the input: {first:.2g}, "
        "{verdict}.",
        phrases={"verdict": ["too small", "of usable size", "too large"]},
    )


def _power(size: float) -> float:
    """The power of ten that the size is, in few digits: 0.01 becomes −2."""
    if not size > 0:
        return -FARTHEST
    return round(max(-FARTHEST, min(FARTHEST, math.log10(size))), 2)


def _through_layers(name: str, deepest: int) -> alt.LayerChart:
    return charts.panel(
        charts.rules("one", y="size", dash=(4, 3)),
        charts.line("stacks", "layer", name, color="gray", width=1, opacity=0.4),
        charts.line("here", "layer", name, width=3, **LOOKS[name]),
        x=charts.Axis("layer", (0, deepest)),
        y=charts.Axis(f"size of the {name}", DOMAIN, log=True),
    )


def _at_the_ends(scales: list[float]) -> alt.LayerChart:
    title = "at the end (solid), at the input (dashed)"
    return charts.panel(
        charts.rules("one", y="size", dash=(4, 3)),
        *(charts.line("ends", "scale", name, **look) for name, look in LOOKS.items()),
        *(charts.dots("end", "scale", n, color=look["color"]) for n, look in LOOKS.items()),
        charts.remark("beyond", "a dot lies beyond this chart"),
        x=charts.Axis("scale of the weights", (scales[0], scales[-1]), log=True),
        y=charts.Axis(title, DOMAIN, log=True),
    )
