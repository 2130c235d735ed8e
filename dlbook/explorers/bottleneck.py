"""Explorer: which part of a training step sets the pace, and which remedy helps."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import DASHES, INK
from dlbook.plots.style import COLORS

MILLI, MICRO = 1e3, 1e6
STEP, SAMPLE = (0.005, 1e4), (0.1, 1e4)  # the axes: milliseconds a step, microseconds a sample
THICK = 0.35  # half a bar's width, of the distance between two

Parts = Callable[[str, Any, Any, Any], dict[str, Any]]


def bottleneck(
    parts: Parts,
    *,
    remedies: Sequence[str],
    workers: Sequence[int],
    units: Sequence[int],
    batch_sizes: Sequence[int],
    start: tuple[str, int, int, int],
    caption: str,
) -> Explorer:
    """The time of each part of a training step, and the longest one over batch sizes (chapter 20).

    The parts run at the same time, so the longest of them is the time of the step.

    Args:
        parts: takes a remedy, the data workers, the width of the layers and the batch size, all
            numbers or tensors; returns the seconds a step of at most four parts by name.
        remedies: the first argument's choices.
        workers: the second's.
        units: the third's.
        batch_sizes: the fourth's.
        start: remedy, workers, units and batch size shown first.
        caption: below the figure.
    """
    names = list(parts(*start))
    places = torch.arange(len(names), dtype=torch.float64)
    sizes = torch.tensor(batch_sizes, dtype=torch.float64)

    def figure(remedy: str, workers: Tensor, units: Tensor, batch_size: Tensor) -> dict[str, Any]:
        chosen = parts(remedy, workers, units, batch_size)
        seconds = torch.stack([part + 0.0 * batch_size for part in chosen.values()])
        over = parts(remedy, workers, units, sizes)
        each = {name: MICRO * (part + 0 * sizes) / sizes for name, part in over.items()}
        longest, pace = seconds.argmax(), seconds.max()
        time = MILLI * seconds
        bars = {"from": places - THICK, "to": places + THICK}
        bars |= {"low": STEP[0] + 0 * places, "end": time.clamp(min=STEP[0])}
        most = torch.where(seconds == pace, time, STEP[0])
        return {
            "bars": bars | {"time": time, "most": most, "place": places},
            "each": each | {"size": sizes, "most": torch.stack(list(each.values())).amax(0)},
            "here": {"size": batch_size, "time": MICRO * pace / batch_size},
            "longest": longest,
            "milliseconds": MILLI * pace,
            "rate": batch_size / pace,
        }

    return Explorer(
        [
            Menu("remedy", "remedy", remedies, start[0]),
            Slider("workers", "data workers", workers, start[1], say=str),
            Slider("units", "width of the layers", units, start[2], say=str),
            Slider("batch_size", "batch size", batch_sizes, start[3], say=str),
        ],
        figure,
        [_step(names), _per_sample(names, (batch_sizes[0], batch_sizes[-1]))],
        caption=caption,
        alt_text=f"First: the time that {', '.join(names)} take in one step, as bars of which the "
        "longest is marked. Second: the same times per sample against the batch size, both axes "
        "logarithmic, with a thick line along the largest and a dot at the chosen batch size.",
        sentence="{longest}: {milliseconds:.2g} ms a step, {rate:,.0f} samples a second.",
        phrases={"longest": [name[0].upper() + name[1:] for name in names]},
    )


def _step(names: Sequence[str]) -> alt.LayerChart:
    """One bar per part."""
    rows: dict[float, str] = dict(enumerate(names))
    return charts.panel(
        charts.boxes("bars", ("low", "end"), ("from", "to"), color=COLORS[0]),
        charts.boxes("bars", ("low", "most"), ("from", "to"), color=COLORS[1]),
        charts.words("bars", "end", "place", text="time", form=".2r", dx=24),
        x=charts.Axis("milliseconds a step", STEP, log=True),
        y=charts.Axis(None, (len(names) - 0.5, -0.5), labels=rows),
    )


def _per_sample(names: Sequence[str], ends: tuple[float, float]) -> alt.LayerChart:
    """The parts per sample over all batch sizes, and the largest of them."""
    looks = zip(names, (INK, *COLORS[2:]), DASHES, strict=False)
    return charts.panel(
        charts.line("each", "size", "most", color=COLORS[1], width=7),
        *(
            charts.line("each", "size", name, color=color, dash=dash, name=name)
            for name, color, dash in looks
        ),
        charts.dots("here", "size", "time", color=COLORS[1]),
        x=charts.Axis("batch size", ends, log=True),
        y=charts.Axis("microseconds a sample", SAMPLE, log=True),
    )
