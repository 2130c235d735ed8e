"""Explorer: what a network's size and activation do to its boundary and to its hidden space."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Any

import altair as alt
import torch
from contourpy import contour_generator
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, INK, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, rows
from dlbook.plots.style import COLORS

KEYS = ("units", "depth", "activation")
FULL = 100  # what the largest hidden coordinate of a sample becomes
MESH: dict[str, Any] = {"color": "gray", "strokeWidth": 0.9, "opacity": 0.7, "clip": True}
FEW = alt.Axis(grid=False, tickCount=5)  # the mesh is the grid
DOTS: dict[str, Any] = {"size": 36, "opacity": 0.9, "filled": True, "clip": True}


RING: dict[str, Any] = {
    "size": 130,
    "strokeWidth": 1.3,
    "filled": False,
    "color": INK,
    "clip": True,
}


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

    def parameters(self, inputs: int = 2) -> int:
        """The number of weights and biases, with one output (chapter 12)."""
        sizes = [inputs, *[self.units] * self.depth, 1]
        return sum((m + 1) * n for m, n in pairwise(sizes))


def hidden_space(
    nets: Sequence[NetView],
    samples: Samples,
    mesh: Tensor,
    axes: tuple[Tensor, Tensor],
    *,
    start: tuple[int, int, str],
    caption: str,
) -> RunExplorer:
    """A network's boundary in the plane, beside its last hidden layer (chapter 12).

    Args:
        nets: one network for every combination of units, depth and activation.
        samples: x of shape (N, 2), y with N labels 0 and 1.
        mesh: lines in the plane, shape (lines, places, 2); their images show how space bends.
        axes: the n values and the m values at which the logits were computed.
        start: units, depth and activation shown first.
        caption: below the figure.

    Raises:
        ValueError: a combination is missing or there twice, or a shape does not fit.
    """
    values = [list(dict.fromkeys(getattr(net, key) for net in nets)) for key in KEYS]
    if not len({net.key for net in nets}) == len(nets) == prod(map(len, values)):
        raise ValueError("nets must hold every combination of units, depth and activation once")
    for net in nets:
        if net.points.shape != samples.x.shape or net.mesh.shape != mesh.shape:
            raise ValueError(
                f"points and mesh of {net.key} must have the shapes of samples and mesh, "
                f"{tuple(samples.x.shape)} and {tuple(mesh.shape)}, got "
                f"{tuple(net.points.shape)} and {tuple(net.mesh.shape)}"
            )
    parameters = [alt.param(name=key, value=v) for key, v in zip(KEYS, start, strict=True)]
    charts = [_plane(nets, samples, mesh, axes), _hidden(nets, samples)]
    return RunExplorer(
        [chart.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for chart in charts],
        [
            Slider("units", "hidden units", values[0], start[0], say=str),
            Slider("depth", "hidden layers", values[1], start[1], say=str),
            Menu("activation", "activation", values[2], start[2]),
        ],
        caption=caption,
        alt_text="Left: two classes of points in the plane with a mesh of straight gray lines and "
        "the boundary of the chosen network; points on the wrong side are ringed. Right: the same "
        "points and the same mesh as the last hidden layer sees them, with the boundary as a "
        "straight vertical line.",
        outcomes={net.key: _outcome(net, samples) for net in nets},
    )


def _wrong(net: NetView, samples: Samples) -> Tensor:
    return (net.points[:, 0] > 0) != (samples.y.flatten() == 1)


def _outcome(net: NetView, samples: Samples) -> str:
    right = 1 - _wrong(net, samples).float().mean().item()
    layers = "hidden layer" if net.depth == 1 else "hidden layers"
    bends = {"none": "no activation"}.get(net.activation, net.activation)
    return (
        f"{net.depth} {layers} of {net.units} units, {bends}, {net.parameters()} parameters: "
        f"{right:.0%} of the points are on the right side."
    )


def _plane(
    nets: Sequence[NetView], samples: Samples, mesh: Tensor, axes: tuple[Tensor, Tensor]
) -> alt.LayerChart:
    x, y = (
        alt.X("x:Q", title="x₁", scale=_span(axes[0]), axis=FEW),
        alt.Y("y:Q", title="x₂", scale=_span(axes[1]), axis=FEW),
    )
    lines = (
        alt.Chart(rows(x=_lists(mesh[..., 0]), y=_lists(mesh[..., 1])))
        .transform_window(line="row_number()")
        .transform_flatten(["x", "y"])
        .transform_window(place="row_number()")
        .mark_line(**MESH)
        .encode(x=x, y=y, detail="line:N", order="place:Q")
    )
    dots = (
        alt.Chart(rows(x=_list(samples.x[:, 0]), y=_list(samples.x[:, 1]), label=_labels(samples)))
        .mark_point(**DOTS)
        .encode(x=x, y=y, **_look())
    )
    return lines + _rings(nets, samples, x, y) + dots + _boundaries(nets, axes, x, y)


def _rings(nets: Sequence[NetView], samples: Samples, x: alt.X, y: alt.Y) -> alt.Chart:
    """Around each network's points on the wrong side."""
    places = {net: samples.x[_wrong(net, samples)] for net in nets}
    table = [(net, p[:, 0], p[:, 1]) for net, p in places.items() if len(p)]
    return _unpacked(table, "x", "y").mark_point(**RING).encode(x=x, y=y)


def _boundaries(
    nets: Sequence[NetView], axes: tuple[Tensor, Tensor], x: alt.X, y: alt.Y
) -> alt.Chart:
    """Where each network's logit is zero, in pieces of line."""
    table = []
    for net in nets:
        generator = contour_generator(*(a.double().numpy() for a in (*axes, net.logits)))
        pieces = [torch.as_tensor(line) for line in generator.lines(0.0)]
        table += [(net, piece[:, 0], piece[:, 1]) for piece in pieces]
    return (
        _unpacked(table, "x", "y")
        .mark_line(color=INK, strokeWidth=2.5, clip=True)
        .encode(x=x, y=y, detail="piece:N", order="place:Q")
    )


def _hidden(nets: Sequence[NetView], samples: Samples) -> alt.LayerChart:
    scale = alt.Scale(domain=[-1.1 * FULL, 1.1 * FULL])
    bare = alt.Axis(labels=False, ticks=False, grid=False)
    x = alt.X("u:Q", title="hidden space: across the boundary", scale=scale, axis=bare)
    y = alt.Y("v:Q", title="along the boundary", scale=scale, axis=bare)
    largest = [net.points.abs().amax(dim=0).clamp(min=1e-9) for net in nets]
    points = [FULL * net.points / m for net, m in zip(nets, largest, strict=True)]
    meshes = [
        (FULL * net.mesh / m).clamp(-2 * FULL, 2 * FULL)
        for net, m in zip(nets, largest, strict=True)
    ]
    places = nets[0].mesh.shape[1]
    lines = (
        _unpacked(list(zip(nets, *_columns(meshes), strict=True)), "u", "v")
        .transform_calculate(line=f"floor((datum.place - 1) / {places})")
        .mark_line(**MESH)
        .encode(x=x, y=y, detail="line:N", order="place:Q")
    )
    labels = [samples.y.flatten()] * len(nets)
    dots = (
        _unpacked(list(zip(nets, *_columns(points), labels, strict=True)), "u", "v", "label")
        .mark_point(**DOTS)
        .encode(x=x, y=y, **_look())
    )
    cut = alt.Chart(rows(u=[0])).mark_rule(color=INK, strokeWidth=2.5).encode(x=x)
    return lines + cut + dots


def _columns(places: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Both coordinates, rounded, of tensors of shape (…, 2)."""
    whole = [p.round() for p in places]
    return [p[..., 0].flatten() for p in whole], [p[..., 1].flatten() for p in whole]


def _unpacked(table: Sequence[tuple[Any, ...]], *names: str) -> alt.Chart:
    """The chosen network's rows: one per number, numbered by ``piece`` and ``place`` from 1.

    Args:
        table: rows of a network and a tensor of numbers for each name. On the page a tensor is one
            text, which Altair handles much faster than a list of numbers.
        names: of the columns.
    """
    columns: dict[str, list[Any]] = _keys([row[0] for row in table])
    for index, name in enumerate(names, start=1):
        columns[name] = [",".join(f"{v:.4g}" for v in _list(row[index])) for row in table]
    return (
        alt.Chart(rows(**columns))
        .transform_filter(chosen(*KEYS))
        .transform_window(piece="row_number()")
        .transform_calculate(**{name: f"split(datum.{name}, ',')" for name in names})
        .transform_flatten(list(names))
        .transform_window(place="row_number()")
        .transform_calculate(**{name: f"toNumber(datum.{name})" for name in names})
    )


def _look() -> dict[str, Any]:
    """Color and shape by class."""
    return {
        "color": alt.Color(
            "label:N", scale=alt.Scale(domain=[0, 1], range=list(COLORS[:2])), legend=None
        ),
        "shape": alt.Shape(
            "label:N", scale=alt.Scale(domain=[0, 1], range=["circle", "square"]), legend=None
        ),
    }


def _keys(nets: Sequence[NetView]) -> dict[str, list[Any]]:
    return {key: [getattr(net, key) for net in nets] for key in KEYS}


def _labels(samples: Samples) -> list[int]:
    return [int(label) for label in samples.y.flatten().tolist()]


def _list(values: Tensor) -> list[float]:
    return [round(v, 2) for v in values.tolist()]


def _lists(values: Tensor) -> list[list[float]]:
    return [_list(row) for row in values]


def _span(values: Tensor) -> alt.Scale:
    return alt.Scale(domain=[round(values[0].item(), 2), round(values[-1].item(), 2)])
