"""Explorer: which samples travel in which batch, and which are left out."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import altair as alt
import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.data import Samples
from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK
from dlbook.plots.style import COLORS

PER_ROW, MOST = 5, 10  # pictures in a row, and in all
PIXELS, GRAYS, FAINTEST = 12, 5, 2  # a drawn picture has 12×12 squares in a few shades
SQUARE = 4  # pixels of the page
TILE, LINE = 78, 17  # height of a picture with its label, of a line of the order
FILLED = 0.92  # of a tile
NOW, USED = 0.6, -0.3  # how strong tiles are filled, in the second and in the first color


def batch_journey(
    batch_of: Callable[[Tensor, Tensor, str], Mapping[str, Tensor]],
    orders: Mapping[str, Tensor],
    samples: Samples,
    *,
    sizes: Sequence[int],
    start: tuple[int, str, str, int],
    caption: str,
) -> Explorer:
    """The dataset, the order of the epoch, the batch, and how often each was used (chapter 14).

    Args:
        batch_of: takes a step (from 1), a batch size and whether the last batch is dropped, "yes"
            or "no"; returns the ``epoch`` and the ``batch`` in it, both from 0, how many
            ``batches`` an epoch has, and how many samples are ``used`` in it.
        orders: whether there is shuffling, and the indices of each epoch, shape (epochs, n).
        samples: n gray pictures (n, 1, H, W), at most ten, and their labels.
        sizes: what the batch size can be.
        start: batch size, shuffle, drop_last and step shown first.
        caption: below the figure.
    """
    index = torch.arange(len(samples))
    epochs = torch.arange(len(next(iter(orders.values()))))
    places = {shuffle: order.argsort(dim=1) for shuffle, order in orders.items()}
    labels = samples.y.long()

    def figure(batch_size: Tensor, shuffle: str, drop_last: str, step: Tensor) -> dict[str, Any]:
        at = batch_of(step, batch_size, drop_last)
        place = places[shuffle].index_select(0, at["epoch"][None])[0]
        line, inside = place // batch_size, place % batch_size
        out = place >= at["used"]
        now, before = (line == at["batch"]) & ~out, (line < at["batch"]) & ~out
        earlier = (epochs[:, None] < at["epoch"]) & (places[shuffle] < at["used"])
        uses = earlier.sum(0) + (now | before).long()
        fill = torch.where(now, NOW, torch.where(before, USED, 0.0))
        bars = {"top": uses, "bottom": 0 * uses, "left": index + 0.1, "right": index + 0.9}
        return {
            **_tiles("dataset", index % PER_ROW, index // PER_ROW, fill, out, index),
            **_tiles("order", inside, line, fill, out, index),
            **_tiles("batch", *_in_rows(inside, now), fill, out, labels),
            "uses": bars | {"value": torch.where(now, 1.0, -1.0)},
            "epoch": at["epoch"] + 1,
            "number": at["batch"] + 1,
            "batches": at["batches"],
            "size": now.sum(),
            "left_out": out.sum(),
            "never": (uses == 0).sum(),
        }

    return Explorer(
        [
            Slider("batch_size", "batch size", sizes, start[0]),
            Menu("shuffle", "shuffle", list(orders), start[1]),
            Menu("drop_last", "drop_last", ("no", "yes"), start[2]),
            Slider("step", "step", range(1, len(epochs) + 1), start[3], play=True),
        ],
        figure,
        [
            _pictures("dataset", samples, "dataset: the samples and their indices"),
            _lines(),
            _pictures("batch", samples, "the batch that comes out, with its labels"),
            _bars(len(epochs)),
        ],
        caption=caption,
        alt_text="First: the pictures of the dataset with their indices. Those in the current "
        "batch are filled strongly, those used earlier in the epoch weakly, those left out have "
        "a dashed frame. Second: the order of the epoch, one batch a line. Third: the pictures of "
        "the batch with their labels. Fourth: bars that count how often each sample was used.",
        sentence="Epoch {epoch}, batch {number} of {batches}, which holds {size}. Left out of "
        "this epoch: {left_out}. Never used so far: {never}.",
    )


def _in_rows(place: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
    """Column and row of each place; what is not there stands nowhere."""
    return torch.where(there, place % PER_ROW, charts.NOWHERE), place // PER_ROW


def _tiles(
    name: str, left: Tensor, top: Tensor, fill: Tensor, out: Tensor, number: Tensor
) -> dict[str, dict[str, Tensor]]:
    """The tables of tiles: what fills them, and their frames, which are dashed for those left out.

    Each has a number and the index of its sample.
    """
    middle = {"x": left + FILLED / 2, "head": top + 0.1, "y": top + 0.56}
    told = middle | {"value": fill, "number": number, "sample": torch.arange(len(left))}
    kept, gone = (torch.where(those, left, charts.NOWHERE) for those in (~out, out))
    return {
        name: charts.squares(left, top, FILLED) | told,
        f"{name}_kept": charts.squares(kept, top, FILLED),
        f"{name}_out": charts.squares(gone, top, FILLED),
    }


def _framed(name: str) -> list[charts.Layer]:
    return [
        charts.cells(name, *charts.SIDES, value="value", colors=(COLORS[0], COLORS[1])),
        charts.frames(f"{name}_kept", *charts.SIDES, color="gray", width=1),
        charts.frames(f"{name}_out", *charts.SIDES, color="gray", dash=(3, 3), width=1),
    ]


def _pictures(name: str, samples: Samples, title: str) -> alt.LayerChart:
    """Tiles in rows of five, each with its picture and a number."""
    return charts.panel(
        *_framed(name),
        *_ink(name, samples),
        charts.words(name, "x", "head", text="number"),
        x=charts.Axis(title, (0, PER_ROW), labels=charts.BARE),
        y=charts.Axis(None, (MOST // PER_ROW, 0), labels=charts.BARE),
        height=TILE * MOST // PER_ROW,
    )


def _lines() -> alt.LayerChart:
    """One batch a line, with the indices of its samples."""
    ticks = {line + FILLED / 2: str(line + 1) for line in range(MOST)}
    return charts.panel(
        *_framed("order"),
        charts.words("order", "x", "y", text="number"),
        x=charts.Axis("the sampler's order, one batch a line", (0, MOST), labels=charts.BARE),
        y=charts.Axis("batch", (MOST, 0), labels=ticks),
        height=LINE * MOST,
    )


def _bars(most: int) -> alt.LayerChart:
    ticks = {index + 0.5: str(index) for index in range(MOST)}
    return charts.panel(
        charts.cells("uses", *charts.SIDES, value="value", colors=(COLORS[0], COLORS[1])),
        x=charts.Axis("index of the sample", (0, MOST), labels=ticks),
        y=charts.Axis("times used since step 1", (0, most)),
        height=LINE * MOST,
    )


def _ink(table: str, samples: Samples) -> list[charts.Layer]:
    """The pictures, drawn small: for each shade a path around its squares.

    Vega draws a few paths sooner than hundreds of squares.
    """
    inked = samples.x.amax(dim=(0, 1)) > 0
    x = samples.x[:, :, inked.any(dim=1)][..., inked.any(dim=0)]
    small = F.adaptive_avg_pool2d(x.float(), PIXELS).squeeze(1)
    shades = (small / small.amax(dim=(1, 2), keepdim=True) * GRAYS).round().int().tolist()
    return [_shade(table, shades, shade) for shade in range(FAINTEST, GRAYS + 1)]


def _shade(table: str, pictures: list[list[list[int]]], shade: int) -> charts.Layer:
    paths = [{"sample": i, "path": _outline(pixels, shade)} for i, pixels in enumerate(pictures)]
    mark = (
        charts.chart(table)
        .transform_lookup("sample", alt.LookupData(alt.Data(values=paths), "sample", ["path"]))
        .mark_point(
            clip=True, fill=INK, fillOpacity=shade / GRAYS, strokeWidth=0, size=(2 * SQUARE) ** 2
        )
        .encode(shape=alt.Shape("path:N", scale=None))
    )
    return charts.Layer(mark, "x", "y", None)


def _outline(pixels: list[list[int]], shade: int) -> str:
    """An SVG path around the squares of a shade; (0, 0) is the middle of the picture."""
    path, middle = "M0,0", PIXELS // 2
    for row, line in enumerate(pixels):
        for value, run in groupby(range(PIXELS), key=line.__getitem__):
            if value == shade:
                first, *others = run
                n = 1 + len(others)
                path += f"M{first - middle},{row - middle}h{n}v1h-{n}z"
    return path
