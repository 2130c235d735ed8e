"""Explorer: a filter slid over an image, with its stride and its padding."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import INK
from dlbook.plots.style import COLORS

POSITIVE, NEGATIVE, WINDOW = COLORS[0], COLORS[1], COLORS[2]
TALL, SMALL = 270, 200  # pixels of a chart


def filters(
    answers: Callable[..., tuple[Tensor, Tensor]],
    image: Tensor,
    kernels: Mapping[str, Tensor],
    *,
    strides: Sequence[int],
    paddings: Sequence[str],
    start: tuple[str, str, int],
    caption: str,
) -> Explorer:
    """The image with the first, next and last window, the output, the kernel (chapter 16).

    Args:
        answers: takes the name of a kernel, a padding as text and a stride; returns what the
            kernel answers in every place, shape (m, m), zero where the stride passes by, and for
            each of the m places its row in the output.
        image: shape (n, n), from 0 for paper to 1 for ink.
        kernels: by name, each of shape (k, k).
        strides: what the stride can be.
        paddings: what the padding can be.
        start: kernel, padding and stride shown first.
        caption: below the figure.
    """
    n = len(image)

    def figure(kernel: str, padding: str, stride: Tensor) -> dict[str, Any]:
        values, place = answers(kernel, padding, stride)
        w, p = kernels[kernel], int(padding)
        size, none = place.amax() + 1, 0 * stride
        first, last = none - p, (size - 1) * stride - p
        cells = _grid(w / w.abs().max(), torch.arange(len(w)))
        middle = {"x": cells["left"] + 0.5, "y": cells["top"] + 0.5, "w": w.flatten()}
        return {
            "image": _grid(image, torch.arange(n)),
            "padded": charts.squares(first, first, n + 2 * p),
            "first": charts.squares(first, first, len(w)),
            "next": charts.squares(first + stride, first, len(w)),
            "last": charts.squares(last, last, len(w)),
            "output": _grid(values / values.abs().max(), place),
            "whole": charts.squares(none, none, size),
            "kernel": cells | middle,
            "room": none + n + 2 * p - len(w),
            "stride": none + stride,
            "size": size,
            "unread": (n - last - len(w)).clamp(min=0),
        }

    rim, side = max(map(int, paddings)), max(map(len, kernels.values()))
    edge = n + 2 * rim
    colors = NEGATIVE, POSITIVE
    return Explorer(
        [
            Menu("kernel", "filter", list(kernels), start[0]),
            Menu("padding", "padding", paddings, start[1]),
            Slider("stride", "stride", strides, start[2]),
        ],
        figure,
        [
            charts.panel(
                charts.cells("image", *charts.SIDES, value="value", colors=(INK, INK)),
                charts.frames("padded", *charts.SIDES, color="gray"),
                charts.frames("first", *charts.SIDES, color=WINDOW),
                charts.frames("next", *charts.SIDES, color=WINDOW, dash=(4, 3)),
                charts.frames("last", *charts.SIDES, color=WINDOW, dash=(1.5, 2)),
                x=charts.Axis("image and padding; three windows", (-rim - 0.2, n + rim + 0.2)),
                y=charts.Axis(None, (n + rim + 0.2, -rim - 0.2)),
                height=TALL,
            ),
            charts.panel(
                charts.cells("output", *charts.SIDES, value="value", colors=colors),
                charts.frames("whole", *charts.SIDES, color="gray"),
                x=charts.Axis("output, on the same scale", (-0.2, edge + 0.2)),
                y=charts.Axis(None, (edge + 0.2, -0.2)),
                height=TALL,
            ),
            charts.panel(
                charts.cells("kernel", *charts.SIDES, value="value", colors=colors),
                charts.words("kernel", "x", "y", text="w", form=".2~f"),
                x=charts.Axis("kernel", (-0.05, side + 0.05)),
                y=charts.Axis(None, (side + 0.05, -0.05)),
                height=SMALL,
            ),
        ],
        caption=caption,
        alt_text="First: the image, framed by its padding, with a solid square for the first "
        "window, a dashed one for the next and a dotted one for the last. Second: the output on "
        "the same scale; positive and negative numbers have different colors, stronger for larger "
        "ones. Third: the numbers of the kernel.",
        sentence="The output has ⌊{room:.0f} / {stride:.0f}⌋ + 1 = {size:.0f} rows and columns. "
        "Rows and columns at the end that are never read: {unread:.0f}.",
    )


def _grid(values: Tensor, place: Tensor) -> dict[str, Tensor]:
    """A cell for each number, which is from −1 to 1."""
    rows, columns = torch.meshgrid(place, place, indexing="ij")
    boxes = charts.squares(columns.flatten(), rows.flatten())
    return boxes | {"value": values.flatten()}
