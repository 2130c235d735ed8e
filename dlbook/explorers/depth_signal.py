"""Explorer: how activations and gradients shrink or grow through a deep stack of layers."""

import math
from typing import Any

import altair as alt
import pandas as pd

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, rows, runs
from dlbook.plots.style import COLORS

KEYS = ("activation", "depth", "scale")
SIZES = ("activations", "gradients")
LOOKS: dict[str, dict[str, Any]] = {
    "activations": {"color": COLORS[0]},
    "gradients": {"color": COLORS[1], "strokeDash": [6, 3]},
}
DOMAIN = (1e-8, 1e8)  # of the logarithmic axes; lines leave the charts there
FARTHEST = 30  # powers of ten that are kept of a size; the axes end before
STRIDE = 5  # layers between two points of a gray line
USABLE = (1e-2, 1e2)  # what a gradient may have lost or gained on its way


def depth_signal(
    table: pd.DataFrame, *, start: tuple[str, int, float], caption: str
) -> RunExplorer:
    """Sizes in each layer, forward and backward, and what arrives for every scale (chapter 13).

    Args:
        table: a row per layer of every stack, in order: ``activation``, ``depth``, ``scale`` of
            the weights, ``layer`` from 0 (the input) to the depth, and the standard deviations
            ``activations`` and ``gradients``.
        start: activation, depth and scale shown first.
        caption: below the figure.

    Raises:
        ValueError: start is not in the table.
    """
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    charts = [_through_layers(table, name) for name in SIZES] + [_at_the_ends(table)]
    names, depths, scales = (table[name].unique().tolist() for name in KEYS)
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Menu("activation", "activation", names, start[0]),
            Slider("depth", "depth", sorted(depths), start[1], say=lambda d: f"{d} layers"),
            Slider("scale", "scale of the weights", sorted(scales), start[2]),
        ],
        caption=caption,
        alt_text="First: the standard deviation of the activations in each layer, on a logarithmic "
        "axis. Second: that of the gradients. Third: the activations of the last layer, solid, "
        "and the gradients at the input, dashed, against the scale of the weights.",
        outcomes={
            key: _outcome(stack["activations"].iloc[-1], stack["gradients"].iloc[0])
            for key, stack in table.groupby(list(KEYS), sort=False)
        },
    )


def _outcome(last: float, first: float) -> str:
    verdict = "of usable size"
    if not USABLE[0] <= first <= USABLE[1]:
        verdict = "too small" if first < USABLE[0] else "too large"
    return (
        f"Activations of the last layer: {_words(last)}. "
        f"Gradients at the input: {_words(first)}, {verdict}."
    )


def _words(size: float) -> str:
    return "a billion or more" if size >= 1e9 else f"{size:.2g}"


def _power(size: float) -> float:
    """The power of ten that the size is, in few digits: 0.01 becomes −2."""
    if not size > 0:
        return -FARTHEST
    return round(max(-FARTHEST, min(FARTHEST, math.log10(size))), 2)


def _powers(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: [_power(v) for v in table[name].tolist()] for name in SIZES})


def _through_layers(table: pd.DataFrame, name: str) -> alt.LayerChart:
    deepest = int(table["depth"].max())
    keys: tuple[str, ...] = KEYS
    if name == "activations":  # a deep stack begins with the layers of a shallow one
        table, keys = table[table["depth"] == deepest], ("activation", "scale")
    lines = (
        alt.Chart()
        .transform_filter(chosen(*(key for key in keys if key != "scale")))
        .transform_calculate(layer=f"sequence(0, {deepest + 1})")
        .transform_flatten([name, "layer"])
        .transform_filter("datum.layer <= depth")
        .transform_calculate(**{name: f"pow(10, datum.{name})"})
        .encode(
            x=alt.X("layer:Q", scale=alt.Scale(domain=[0, deepest])),
            y=_size(name, f"size of the {name}"),
            detail="scale:Q",
        )
    )
    few = lines.transform_filter(f"datum.layer % {STRIDE} == 0 || datum.layer == depth")
    others = few.mark_line(color="gray", strokeWidth=1, opacity=0.4, clip=True)
    here = lines.mark_line(strokeWidth=3, clip=True, **LOOKS[name]).transform_filter(
        chosen("scale")
    )
    stacks = runs(_powers(table), keys, [name])
    return alt.LayerChart(layer=[_level_one(), others, here], data=stacks)


def _at_the_ends(table: pd.DataFrame) -> alt.LayerChart:
    stacks = _powers(table).groupby(list(KEYS), sort=False)
    ends = stacks["activations"].last().to_frame().join(stacks["gradients"].first()).reset_index()
    points = (
        alt.Chart()
        .transform_filter(chosen("activation", "depth"))
        .transform_flatten(["scale", *SIZES])
        .transform_calculate(**{name: f"pow(10, datum.{name})" for name in SIZES})
        .encode(
            x=alt.X(
                "scale:Q",
                title="scale of the weights",
                scale=alt.Scale(type="log", base=2),
                axis=alt.Axis(values=[0.25, 0.5, 1, 2, 4]),
            )
        )
    )
    layers: list[alt.Chart] = [_level_one()]
    for name in SIZES:
        end = points.encode(y=_size(name, "at the end (solid), at the input (dashed)"))
        layers.append(end.mark_line(clip=True, **LOOKS[name]))
        dot = end.mark_point(filled=True, size=90, clip=True, color=LOOKS[name]["color"])
        layers.append(dot.transform_filter("abs(datum.scale - scale) < 1e-3"))
    arrived = runs(ends, ("activation", "depth"), ["scale", *SIZES])
    return alt.LayerChart(layer=layers, data=arrived)


def _size(name: str, title: str) -> alt.Y:
    return alt.Y(
        f"{name}:Q",
        title=title,
        scale=alt.Scale(type="log", domain=DOMAIN),
        axis=alt.Axis(format="~e", values=[10.0**k for k in range(-8, 9, 4)]),
    )


def _level_one() -> alt.Chart:
    return alt.Chart(rows(one=[1.0])).mark_rule(strokeDash=[4, 3]).encode(y="one:Q")
