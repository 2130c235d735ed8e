"""Explorer: what a network's size and activation do to its boundary and to its hidden space."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import torch
from contourpy import contour_generator
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers import charts
from dlbook.explorers.controls import Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.runs import Runs
from dlbook.plots.style import COLORS

KEYS = ("units", "depth", "activation")
FULL = 100  # what the largest hidden coordinate of a sample becomes
SHAPES = ("circle", "square")  # of the two classes
MESH: dict[str, Any] = {"color": "gray", "width": 0.9, "opacity": 0.7}
FEW = {place: f"{place:g}" for place in (-1, -0.5, 0, 0.5, 1)}  # ticks without lines


@dataclass(frozen=True, eq=False)
class NetView:
    """One trained network with two classes, as the explorer shows it.

    Attributes:
        units: hidden units in each hidden layer.
        depth: number of hidden layers.
        activation: its name.
        logits: the output over the plane, shape (m, n): rows belong to the vertical axis.
        points: where the last hidden layer puts the N samples, shape (N, 2). The first coordinate
            lies across the flat boundary, positive on the side of class 1, the second along it.
        mesh: where it puts the lines of the mesh, shape (lines, places, 2).
    """

    units: int
    depth: int
    activation: str
    logits: Tensor
    points: Tensor
    mesh: Tensor

    @property
    def key(self) -> tuple[int, int, str]:
        """Units, depth and activation."""
        return self.units, self.depth, self.activation


def hidden_space(
    nets: Sequence[NetView],
    samples: Samples,
    mesh: Tensor,
    axes: tuple[Tensor, Tensor],
    *,
    start: tuple[int, int, str],
    caption: str,
) -> Explorer:
    """A network's boundary in the plane, beside its last hidden layer (chapter 12).

    Args:
        nets: one network for every combination of units, depth and activation.
        samples: x of shape (N, 2), y with N labels 0 and 1.
        mesh: lines in the plane, shape (lines, places, 2); their images show how space bends.
        axes: the n values and the m values at which the logits were computed.
        start: units, depth and activation shown first.
        caption: below the figure.
    """
    labels = samples.y.flatten() == 1
    classes = [(labels == one).nonzero().flatten() for one in (False, True)]
    places = _runs(nets, ["x", "y", "positive"], _samples)
    meshes = _runs(
        nets, ["x", "y"], lambda net: _joined(_scaled(net, net.mesh).clamp(-2 * FULL, 2 * FULL))
    )
    boundaries = _runs(nets, ["x", "y"], lambda net: _boundary(net, axes))
    plain = _joined(mesh)

    def figure(units: Tensor, depth: Tensor, activation: Tensor) -> dict[str, Any]:
        keys = {"units": units, "depth": depth, "activation": activation}
        place = places(**keys)
        wrong = place["positive"].bool() != labels
        rings = torch.where(wrong[:, None], samples.x, math.nan)
        return {
            "mesh": {"x": plain[:, 0], "y": plain[:, 1]},
            "bent": meshes(**keys),
            "boundary": boundaries(**keys),
            "cut": {"x": torch.tensor(0.0)},
            "rings": {"x": rings[:, 0], "y": rings[:, 1]},
            **{
                f"class{i}": {"x": samples.x[of, 0], "y": samples.x[of, 1]}
                | {f"hidden_{name}": place[name].index_select(0, of) for name in "xy"}
                for i, of in enumerate(classes)
            },
            **keys,
            "layers": (depth > 1).long(),
            "parameters": 3 * units + (depth - 1) * (units + 1) * units + units + 1,
            "right": 1 - wrong.double().mean(),
        }

    sizes = places.choices
    return Explorer(
        [
            Slider("units", "hidden units", sizes["units"], start[0], say=str),
            Slider("depth", "hidden layers", sizes["depth"], start[1], say=str),
            places.menu("activation", "activation", start[2]),
        ],
        figure,
        [_plane(axes), _hidden()],
        caption=caption,
        alt_text="First: two classes of points in the plane with a mesh of straight gray lines and "
        "the boundary of the chosen network; points on the wrong side are ringed. Second: the same "
        "points and the same mesh as the last hidden layer sees them, with the boundary as a "
        "straight vertical line.",
        sentence="{depth:.0f} {layers} of {units:.0f} units, {activation}, {parameters:.0f} "
        "parameters: {right:.0%} of the points are on the right side.",
        phrases={
            "layers": ["hidden layer", "hidden layers"],
            "activation": [{"none": "no activation"}.get(a, a) for a in sizes["activation"]],
        },
    )


def _runs(nets: Sequence[NetView], columns: list[str], table: Callable[[NetView], Tensor]) -> Runs:
    """For each network the rows of a tensor."""
    rows = {net.key: pd.DataFrame(table(net), columns=columns) for net in nets}
    return Runs(pd.concat(rows, names=[*KEYS]).reset_index(), KEYS, columns)


def _scaled(net: NetView, places: Tensor) -> Tensor:
    """Places of the hidden space in whole hundredths of the largest of the samples."""
    largest = net.points.abs().amax(dim=0).clamp(min=1e-9)
    return (FULL * places / largest).round()


def _samples(net: NetView) -> Tensor:
    """Where the samples lie, and whether the network calls each of them class 1."""
    return torch.cat((_scaled(net, net.points), (net.points[:, :1] > 0).double()), dim=1)


def _joined(lines: Iterable[Tensor]) -> Tensor:
    """Lines of shape (places, 2) one after the other, with gaps around them."""
    gap = torch.full((1, 2), math.nan)
    parts = [part for line in lines for part in (line, gap)]
    return torch.cat([gap, *parts]).mul(1000).round().div(1000)


def _boundary(net: NetView, axes: tuple[Tensor, Tensor]) -> Tensor:
    """Where the network's logit is zero."""
    generator = contour_generator(*(a.double().numpy() for a in (*axes, net.logits)))
    return _joined([torch.as_tensor(line) for line in generator.lines(0.0)])


def _plane(axes: tuple[Tensor, Tensor]) -> alt.LayerChart:
    x, y = (
        charts.Axis(title, (values[0].item(), values[-1].item()), labels=FEW)
        for title, values in zip(("x₁", "x₂"), axes, strict=True)
    )
    return charts.panel(
        charts.line("mesh", "x", "y", **MESH),
        charts.dots("rings", "x", "y", size=130, filled=False),
        *_classes("x", "y"),
        charts.line("boundary", "x", "y", width=2.5),
        x=x,
        y=y,
    )


def _hidden() -> alt.LayerChart:
    ends = (-1.1 * FULL, 1.1 * FULL)
    return charts.panel(
        charts.line("bent", "x", "y", **MESH),
        charts.rules("cut", x="x", dash=(1, 0), width=2.5),
        *_classes("hidden_x", "hidden_y"),
        x=charts.Axis("hidden space: across the boundary", ends, labels={0: ""}),
        y=charts.Axis("along the boundary", ends, labels={0: ""}),
    )


def _classes(x: str, y: str) -> list[charts.Layer]:
    return [
        charts.dots(f"class{i}", x, y, color=COLORS[i], shape=shape, size=36)
        for i, shape in enumerate(SHAPES)
    ]
