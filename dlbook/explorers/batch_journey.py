"""Explorer: which samples travel in which batch, and which are left out."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import altair as alt
import pandas as pd
import torch.nn.functional as F
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK, WIDTH
from dlbook.plots.style import COLORS

KEYS = ("batch_size", "shuffle", "drop_last")
LISTS = ("orders", "befores")
PER_ROW, MOST = 5, 10  # pictures in a row, and in all
PIXELS, GRAYS, FAINTEST = 12, 5, 2  # a drawn picture has 12×12 squares in a few shades
SQUARE = 4  # pixels of the page
TILE, LINE = 78, 17  # height of a picture with its label, of a line of the order
NOW, DONE = COLORS[1], COLORS[0]
STATES = {  # fill, stroke
    "in this batch": (NOW + "80", NOW),
    "used": (DONE + "3A", DONE),
    "waiting": ("transparent", "#888888"),
}


def batch_journey(
    epochs: pd.DataFrame,
    samples: Samples,
    *,
    steps: int,
    start: tuple[int, str, str, int],
    caption: str,
) -> Explorer:
    """The dataset, the order of the epoch cut into batches, the batch, and how often each was used.

    Args:
        epochs: a row per loader and epoch: its ``batch_size``, ``shuffle`` and ``drop_last`` (in
            words), the ``epoch`` (from 1), and the ``batches``, a list of lists of indices.
        samples: gray pictures (N, 1, H, W), uint8, and labels (N,); at most ten.
        steps: how many batches of each loader can be looked at.
        start: batch size, shuffle, drop_last and step shown first.
        caption: below the figure.

    Raises:
        ValueError: samples are too many or no gray pictures, a batch names
            none of them, a loader has fewer batches than steps, or start is not there.
    """
    if len(samples) > MOST:
        raise ValueError(f"samples must be at most {MOST}, got {len(samples)}")
    if samples.x.ndim != 4 or samples.x.shape[1] != 1 or samples.y.shape != samples.x.shape[:1]:
        raise ValueError(f"samples must be gray pictures (N, 1, H, W) and labels, got {samples}")
    loaders = list(_loaders(epochs, len(samples)))
    names = (*KEYS, "step")
    parameters = [alt.param(name=name, value=v) for name, v in zip(names, start, strict=True)]
    pictures = _pictures(samples)
    sizes, *menus = (epochs[name].unique().tolist() for name in KEYS)

    def figure(batch_size: Tensor, shuffle: str, drop_last: str, step: Tensor) -> dict[str, Any]:
        number = sum(
            i * (batch_size == loader["batch_size"])
            for i, loader in enumerate(loaders)
            if (loader["shuffle"], loader["drop_last"]) == (shuffle, drop_last)
        )
        return {"told": number * steps + step - 1}

    charts = [
        _dataset(loaders, pictures),
        _order(loaders),
        _batch(loaders, pictures),
        _uses(loaders, steps),
    ]
    return Explorer(
        [
            Slider("batch_size", "batch size", sorted(sizes), start[0]),
            Menu("shuffle", "shuffle", menus[0], start[1]),
            Menu("drop_last", "drop_last", menus[1], start[2]),
            Slider("step", "step", range(1, steps + 1), start[3], play=True),
        ],
        figure,
        [chart.add_params(*parameters) for chart in charts],
        caption=caption,
        alt_text="First: the pictures of the dataset with their indices. Those in the current "
        "batch are filled, those used earlier in the epoch have a solid frame, those left out a "
        "dashed one. Second: the order of the epoch, one batch a line. Third: the pictures of "
        "the batch with their labels. Fourth: bars that count how often each sample was used.",
        sentence="{told}",
        phrases={"told": _sentences(loaders, steps)},
    )


def _loaders(epochs: pd.DataFrame, n: int) -> Iterator[dict[str, Any]]:
    """A row per loader; for each of its epochs the order (those left out last) and earlier uses."""
    for key, run in epochs.groupby(list(KEYS), sort=False):
        uses = [0] * n
        orders, before = [], []
        for batches in run.sort_values("epoch")["batches"]:
            used = [i for batch in batches for i in batch]
            if unknown := set(used) - set(range(n)):
                raise ValueError(f"epochs names sample {unknown.pop()}, and there are {n} samples")
            orders.append(used + [i for i in range(n) if i not in used])
            before.append([uses[i] for i in orders[-1]])
            for i in used:
                uses[i] += 1
        facts = {"count": len(batches), "used": len(used), "orders": orders, "befores": before}
        yield dict(zip(KEYS, key, strict=True)) | facts


def _sentences(loaders: list[dict[str, Any]], steps: int) -> list[str]:
    for loader in loaders:
        if loader["count"] * len(loader["orders"]) < steps:
            where = ", ".join(f"{name} {loader[name]}" for name in KEYS)
            raise ValueError(f"epochs has fewer batches than steps, {steps}, for {where}")
    return [_sentence(loader, step) for loader in loaders for step in range(1, steps + 1)]


def _sentence(loader: dict[str, Any], step: int) -> str:
    """Where the step stands, what its batch holds, and what has never been used up to now."""
    epoch, batch = divmod(step - 1, loader["count"])
    order, before = loader["orders"][epoch], loader["befores"][epoch]
    seen = min((batch + 1) * loader["batch_size"], loader["used"])
    never = [i for place, i in enumerate(order) if before[place] == 0 and place >= seen]
    parts = [
        f"Epoch {epoch + 1}, batch {batch + 1} of {loader['count']}:",
        _listed(order[batch * loader["batch_size"] : seen]) + ".",
    ]
    if out := order[loader["used"] :]:
        parts.append(f"Left out of this epoch: {_listed(out)}.")
    parts.append(f"Never used so far: {_listed(sorted(never))}." if never else "All were used.")
    return " ".join(parts)


def _listed(indices: list[int]) -> str:
    return ", ".join(map(str, indices))


def _pictures(samples: Samples) -> list[dict[str, Any]]:
    """Each sample's label and its picture, drawn small: for each shade, the outline of its ink."""
    inked = samples.x.amax(dim=(0, 1)) > 0
    x = samples.x[:, :, inked.any(dim=1)][..., inked.any(dim=0)]
    small = F.adaptive_avg_pool2d(x.float(), PIXELS).squeeze(1)
    shades = (small / small.amax(dim=(1, 2), keepdim=True) * GRAYS).round().int()
    pictures = []
    for i, (shade, label) in enumerate(zip(shades.tolist(), samples.y.tolist(), strict=True)):
        outlines = _outlines(shade)
        pictures.append(
            {"sample": i, "y": label, "ink": list(outlines), "outlines": list(outlines.values())}
        )
    return pictures


def _outlines(shades: list[list[int]]) -> dict[int, str]:
    """For each shade of a picture, an SVG path around its squares; (0, 0) is the middle.

    Vega draws a few paths sooner than hundreds of boxes.
    """
    middle = PIXELS // 2
    paths: dict[int, str] = defaultdict(str)
    for row, line in enumerate(shades):
        for shade, run in groupby(range(PIXELS), key=line.__getitem__):
            if shade >= FAINTEST:
                columns = list(run)
                n = len(columns)
                paths[shade] += f"M{columns[0] - middle},{row - middle}h{n}v1h-{n}z"
    return paths


def _places(loaders: list[dict[str, Any]]) -> alt.Chart:
    """A row per place in the chosen epoch's order: its sample, its batch and its state."""
    # Altair looks at each number of a list, so lists of numbers travel as texts.
    values = [
        loader | {name: [" ".join(map(str, row)) for row in loader[name]] for name in LISTS}
        for loader in loaders
    ]
    return (
        alt.Chart(alt.Data(values=values))
        .transform_filter(" && ".join(f"datum.{name} == {name}" for name in KEYS))
        .transform_flatten(list(LISTS), as_=["order", "uses"])
        .transform_window(epoch="row_number()")
        .transform_filter("datum.epoch == floor((step - 1) / datum.count) + 1")
        .transform_calculate(indices="split(datum.order, ' ')", counts="split(datum.uses, ' ')")
        .transform_flatten(["indices", "counts"], as_=["index", "earlier"])
        .transform_window(n="row_number()")
        .transform_calculate(
            sample="toNumber(datum.index)",
            before="toNumber(datum.earlier)",
            place="datum.n - 1",
            now="(step - 1) % datum.count",
            batch="datum.n > datum.used ? datum.count : floor((datum.n - 1) / datum.batch_size)",
        )
        .transform_calculate(
            state="datum.n > datum.used ? 'left out' : datum.batch == datum.now ? 'in this batch'"
            " : datum.batch < datum.now ? 'used' : 'waiting'"
        )
    )


def _tiles(
    base: alt.Chart,
    pictures: list[dict[str, Any]],
    at: str,
    label: str,
    legend: alt.Legend | None = None,
) -> alt.LayerChart:
    """Pictures in rows of five, each with a label, framed by its state."""
    base = base.transform_calculate(
        left=f"datum.{at} % {PER_ROW} + 0.04",
        right=f"datum.{at} % {PER_ROW} + 0.96",
        top=f"floor(datum.{at} / {PER_ROW}) + 0.03",
        bottom=f"floor(datum.{at} / {PER_ROW}) + 0.97",
    )
    across = alt.Scale(domain=[0, PER_ROW], nice=False)
    down = alt.Scale(domain=[0, MOST // PER_ROW], reverse=True, nice=False)
    x, y = (
        alt.X("left:Q", scale=across, axis=None),
        alt.Y("top:Q", scale=down, axis=None),
    )
    frames = _framed(base, legend=legend, x=x, x2="right:Q", y=y, y2="bottom:Q")
    own = alt.LookupData(alt.Data(values=pictures), "sample", ["y", "ink", "outlines"])
    inked = base.transform_lookup("sample", own)
    squares = (
        inked.transform_flatten(["ink", "outlines"], as_=["shade", "outline"])
        .transform_calculate(center="datum.left + 0.46", middle="datum.top + 0.57")
        .mark_point(fill=INK, strokeWidth=0, size=(2 * SQUARE) ** 2)
        .encode(
            x=alt.X("center:Q", scale=across, axis=None),
            y=alt.Y("middle:Q", scale=down, axis=None),
            shape=alt.Shape("outline:N", scale=None),
            fillOpacity=alt.FillOpacity(
                "shade:Q", scale=alt.Scale(domain=[0, GRAYS], range=[0, 1]), legend=None
            ),
        )
    )
    texts = (
        inked.transform_calculate(middle="datum.left + 0.46", head="datum.top + 0.11", text=label)
        .mark_text(fontSize=10)
        .encode(
            x=alt.X("middle:Q", scale=across, axis=None),
            y=alt.Y("head:Q", scale=down, axis=None),
            text="text:N",
        )
    )
    layers = frames + squares + texts
    return layers.properties(width=WIDTH - 10, height=TILE * MOST // PER_ROW)


def _framed(base: alt.Chart, *, legend: alt.Legend | None, **places: Any) -> alt.LayerChart:
    """Boxes: filled for what is in the batch or was used, dashed for what is left out."""
    fills, strokes = (
        alt.Scale(domain=list(STATES), range=list(values))
        for values in zip(*STATES.values(), strict=True)
    )
    boxes = base.transform_filter("datum.state != 'left out'").mark_rect()
    out = base.transform_filter("datum.state == 'left out'").mark_rect(
        fill=None, stroke="gray", strokeDash=[3, 3]
    )
    return out.encode(**places) + boxes.encode(
        **places,
        fill=alt.Fill("state:N", scale=fills, legend=legend),
        stroke=alt.Stroke("state:N", scale=strokes, legend=legend),
    )


def _dataset(loaders: list[dict[str, Any]], pictures: list[dict[str, Any]]) -> alt.LayerChart:
    legend = alt.Legend(title=None, orient="bottom", symbolType="square")
    tiles = _tiles(_places(loaders), pictures, "sample", "datum.sample", legend)
    return tiles.properties(title="Dataset: the samples and their indices")


def _batch(loaders: list[dict[str, Any]], pictures: list[dict[str, Any]]) -> alt.LayerChart:
    base = _places(loaders).transform_filter("datum.state == 'in this batch'")
    base = base.transform_calculate(inside="datum.place % datum.batch_size")
    label = "datum.sample + ' → y = ' + datum.y"
    tiles = _tiles(base, pictures, "inside", label)
    return tiles.properties(title="collate: the batch that comes out")


def _order(loaders: list[dict[str, Any]]) -> alt.LayerChart:
    """One batch a line: the indices in the order of the sampler."""
    base = _places(loaders).transform_calculate(
        left="datum.n > datum.used ? datum.n - datum.used - 1 : datum.place % datum.batch_size",
    )
    base = base.transform_calculate(
        middle="datum.left + 0.47",
        center="datum.batch + 0.46",
        right="datum.left + 0.94",
        bottom="datum.batch + 0.92",
        line="datum.n > datum.used ? 'left out' : 'batch ' + (datum.batch + 1)",
    )
    across = alt.Scale(domain=[-2.2, MOST], nice=False)
    down = alt.Scale(domain=[0, MOST], reverse=True, nice=False)
    x = alt.X("left:Q", scale=across, axis=None)
    y = alt.Y("batch:Q", scale=down, axis=None)
    boxes = _framed(base, legend=None, x=x, x2="right:Q", y=y, y2="bottom:Q")
    center = alt.Y("center:Q", scale=down, axis=None)
    middle = alt.X("middle:Q", scale=across, axis=None)
    numbers = base.mark_text(fontSize=11).encode(x=middle, y=center, text="sample:N")
    names = base.transform_filter("datum.left == 0").mark_text(align="left", fontSize=10)
    names = names.encode(x=alt.datum(-2.2), y=center, text="line:N")
    title = "sampler: the order of the epoch, one batch a line"
    layers = boxes + numbers + names
    return layers.properties(width=WIDTH - 10, height=LINE * MOST, title=title)


def _uses(loaders: list[dict[str, Any]], steps: int) -> alt.Chart:
    counts = _places(loaders).transform_calculate(
        total="datum.before + (datum.state == 'in this batch' || datum.state == 'used' ? 1 : 0)"
    )
    return (
        counts.mark_bar(color=DONE)
        .encode(
            x=alt.X("sample:O", title="index of the sample", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("total:Q", title="times used", scale=alt.Scale(domain=[0, steps])),
            color=alt.condition("datum.state == 'in this batch'", alt.value(NOW), alt.value(DONE)),
        )
        .properties(width=WIDTH - 45, height=LINE * MOST, title="uses since the first step")
    )
