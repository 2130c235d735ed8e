"""Explorer: a filter slid over a picture, with its stride and its padding."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import altair as alt
import torch.nn.functional as F
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import INK
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

KEYS = ("kernel", "stride", "padding")
WIDE, FINEST = 270, 99  # pixels of a chart; shades of each sign
POSITIVE, NEGATIVE, WINDOW = COLORS[0], COLORS[1], COLORS[2]


@checked()
def filters(
    picture: Tensor,
    kernels: Mapping[str, Tensor],
    *,
    strides: Sequence[int],
    paddings: Sequence[int],
    start: tuple[str, int, int],
    caption: str,
) -> RunExplorer:
    """The picture with the first, next and last window, the output, the kernel (chapter 16).

    Every output is computed by torch: y[i, j] = Σ w[a, b] · x[s·i + a − p, s·j + b − p], of
    ⌊(n + 2p − k) / s⌋ + 1 numbers along an axis of n pixels.

    Args:
        picture: shape (n, n), 0 for an empty pixel.
        kernels: by name, each of shape (k, k) with k at most n.
        strides: what the stride s can be, rising, from 1.
        paddings: what the padding p can be, rising, from 0; fewer than any kernel's side.
        start: kernel, stride and padding shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the picture or a kernel is not square, a stride is below 1, a padding negative
            or too wide, or start is not among the choices.
    """
    for name, square in {"picture": picture, **kernels}.items():
        if square.ndim != 2 or square.shape[0] != square.shape[1]:
            raise ValueError(f"{name} must be square, got {tuple(square.shape)}")
    if min(strides) < 1 or min(paddings) < 0:
        raise ValueError(
            f"strides must be at least 1 and paddings at least 0, got strides {list(strides)} and "
            f"paddings {list(paddings)}"
        )
    if max(paddings) >= min(map(len, kernels.values())):
        raise ValueError(f"paddings must be smaller than every kernel, got {list(paddings)}")
    outputs = {
        (name, stride, padding): F.conv2d(
            picture.float()[None, None], kernel.float()[None, None], stride=stride, padding=padding
        )[0, 0]
        for (name, kernel), stride, padding in product(kernels.items(), strides, paddings)
    }
    parameters = [alt.param(name=name, value=v) for name, v in zip(KEYS, start, strict=True)]
    settings = _settings(outputs, kernels)
    charts = [
        _input(picture, settings, max(paddings)),
        _output(_drawn(outputs), settings, len(picture) + 2 * max(paddings)),
        _numbers(kernels),
    ]
    return RunExplorer(
        [chart.add_params(*parameters) for chart in charts],
        [
            Menu("kernel", "filter", list(kernels), start[0]),
            Slider("stride", "stride", strides, start[1]),
            Slider("padding", "padding", paddings, start[2]),
        ],
        caption=caption,
        alt_text="First: the picture, framed by its padding, with a solid square for the first "
        "window, a dashed one for the next and a dotted one for the last. Second: the output on "
        "the same scale; positive and negative numbers have different colors, stronger for larger "
        "ones. Third: the numbers of the kernel.",
        outcomes={
            key: _sentence(len(picture), len(kernels[key[0]]), key[1], key[2], output)
            for key, output in outputs.items()
        },
    )


def _sentence(n: int, k: int, s: int, p: int, output: Tensor) -> str:
    """The size by the formula, the range of the values, and what no window reaches."""
    low, high = (f"{few_digits(v.item(), 3):g}".replace("-", "−") for v in output.aminmax())
    unread = max(0, n + p - ((len(output) - 1) * s + k))
    left = {0: "", 1: " The last row and column are never read."}.get(
        unread, f" The last {unread} rows and columns are never read."
    )
    size = f"⌊({n} + 2·{p} − {k}) / {s}⌋ + 1 = {len(output)}"
    return f"Output {len(output)} × {len(output)}, since {size}. Values {low} to {high}.{left}"


def _settings(
    outputs: Mapping[tuple[str, int, int], Tensor], kernels: Mapping[str, Tensor]
) -> alt.Data:
    """A row per setting: its keys, the side of its kernel and of its output."""
    rows = [
        dict(zip(KEYS, key, strict=True)) | {"k": len(kernels[key[0]]), "size": len(output)}
        for key, output in outputs.items()
    ]
    return alt.Data(values=rows)


def _drawn(outputs: Mapping[tuple[str, int, int], Tensor]) -> alt.Data:
    """A row per setting: its keys and its output as text, in shades of the kernel's largest."""
    largest: dict[str, float] = {}
    for (name, *_), output in outputs.items():
        largest[name] = max(largest.get(name, 0.0), output.abs().max().item())
    rows = [
        # Altair looks at each number of a list, so lists of numbers travel as texts.
        dict(zip(KEYS, key, strict=True)) | {"values": _shades(output, largest[key[0]] or 1.0)}
        for key, output in outputs.items()
    ]
    return alt.Data(values=rows)


def _shades(picture: Tensor, largest: float) -> str:
    """Rows parted by commas, numbers by blanks; nothing stands for zero."""
    shades = (picture / largest * FINEST).round().int().tolist()
    lines = (" ".join(str(shade) if shade else "" for shade in row).rstrip() for row in shades)
    return ",".join(lines)


def _axes(low: float, high: float) -> tuple[alt.Scale, alt.Scale]:
    across = alt.Scale(domain=[low, high], nice=False, zero=False)
    return across, alt.Scale(domain=[low, high], nice=False, zero=False, reverse=True)


def _boxes(base: alt.Chart, low: float, high: float, **mark: Any) -> alt.Chart:
    """Rectangles from ``left``, ``top`` to ``right``, ``bottom`` on a square without axes."""
    across, down = _axes(low, high)
    return base.mark_rect(**mark).encode(
        x=alt.X("left:Q", scale=across, axis=None),
        x2="right:Q",
        y=alt.Y("top:Q", scale=down, axis=None),
        y2="bottom:Q",
    )


def _pixels(base: alt.Chart) -> alt.Chart:
    """A row per number of the text ``values`` that is not zero, with its place."""
    return (
        base.transform_calculate(lines="split(datum.values, ',')")
        .transform_flatten(["lines"])
        .transform_window(row="row_number()")
        .transform_calculate(each="split(datum.lines, ' ')")
        .transform_flatten(["each"])
        .transform_window(column="row_number()", groupby=["row"])
        .transform_calculate(value="toNumber(datum.each)")
        .transform_filter("datum.value != 0")
        .transform_calculate(left="datum.column - 1", top="datum.row - 1")
        .transform_calculate(right="datum.column", bottom="datum.row")
    )


def _shaded(pixels: alt.Chart, low: float, high: float, color: Any) -> alt.Chart:
    strength = alt.Scale(domain=[0, FINEST], range=[0, 1])
    return _boxes(pixels.transform_calculate(shade="abs(datum.value)"), low, high).encode(
        fill=color, fillOpacity=alt.FillOpacity("shade:Q", scale=strength, legend=None)
    )


def _input(picture: Tensor, settings: alt.Data, rim: int) -> alt.LayerChart:
    n, low, high = len(picture), -rim - 0.2, len(picture) + rim + 0.2
    values = alt.Data(values=[{"values": _shades(picture, picture.max().item())}])
    shaded = _shaded(_pixels(alt.Chart(values)), low, high, alt.value(INK))
    run = alt.Chart(settings).transform_filter(chosen(*KEYS))
    edges = {
        "picture": ("0", f"{n}", {"stroke": "gray"}),
        "padded": ("-datum.padding", f"{n} + datum.padding", {"stroke": "gray"}),
    }
    frames = [
        _boxes(
            run.transform_calculate(left=begin, top=begin, right=end, bottom=end),
            low, high, fill=None, strokeWidth=1, **look,
        )
        for begin, end, look in edges.values()
    ]  # fmt: skip
    last = "(datum.size - 1) * datum.stride - datum.padding"
    windows = [
        ("-datum.padding", "-datum.padding", []),
        ("datum.stride - datum.padding", "-datum.padding", [4, 3]),
        (last, last, [1.5, 2]),
    ]
    squares = [
        _boxes(
            run.transform_calculate(left=left, top=top).transform_calculate(
                right="datum.left + datum.k", bottom="datum.top + datum.k"
            ),
            low, high, fill=None, stroke=WINDOW, strokeWidth=2.2, strokeDash=dash,
        )
        for left, top, dash in windows
    ]  # fmt: skip
    return alt.LayerChart(
        layer=[shaded, *frames, *squares],
        title="picture and padding; first, next, last window",
        width=WIDE,
        height=WIDE,
    )


def _numbers(kernels: Mapping[str, Tensor]) -> alt.LayerChart:
    """The chosen kernel as cells with its numbers."""
    side = max(map(len, kernels.values()))
    cells = [
        {"kernel": name, "k": len(kernel), "top": i, "left": j, "w": round(w, 2),
         "value": round(w / kernel.abs().max().item() * FINEST)}
        for name, kernel in kernels.items()
        for i, row in enumerate(kernel.tolist())
        for j, w in enumerate(row)
    ]  # fmt: skip
    low, high = -0.05, side + 0.05
    base = (
        alt.Chart(alt.Data(values=cells))
        .transform_filter(chosen("kernel"))
        .transform_calculate(right="datum.left + 1", bottom="datum.top + 1")
        .transform_calculate(middle="datum.left + 0.5", center="datum.top + 0.5")
        .transform_calculate(text="replace(toString(datum.w), '-', '−')")
    )
    color = alt.condition("datum.value < 0", alt.value(NEGATIVE), alt.value(POSITIVE))
    shaded = _shaded(base, low, high, color).mark_rect(stroke="gray", strokeWidth=0.6)
    faded = shaded.encode(
        fillOpacity=alt.FillOpacity(
            "shade:Q", scale=alt.Scale(domain=[0, FINEST], range=[0, 0.55]), legend=None
        )
    )
    across, down = _axes(low, high)
    numbers = base.mark_text(fontSize=11).encode(
        x=alt.X("middle:Q", scale=across, axis=None),
        y=alt.Y("center:Q", scale=down, axis=None),
        text="text:N",
    )
    title = "kernel (blue: positive, orange: negative)"
    return (faded + numbers).properties(width=200, height=200, title=title)


def _output(drawn: alt.Data, settings: alt.Data, span: int) -> alt.LayerChart:
    """The output, its upper left corner in that of the chart, on the scale of the picture."""
    low, high = -0.2, span + 0.2
    of_setting = chosen(*KEYS)
    color = alt.condition("datum.value < 0", alt.value(NEGATIVE), alt.value(POSITIVE))
    pixels = _pixels(alt.Chart(drawn).transform_filter(of_setting))
    shaded = _shaded(pixels, low, high, color)
    run = alt.Chart(settings).transform_filter(of_setting)
    whole = run.transform_calculate(left="0", top="0", right="datum.size", bottom="datum.size")
    frame = _boxes(whole, low, high, fill=None, stroke="gray", strokeWidth=1)
    title = "output, on the same scale"
    return alt.LayerChart(layer=[shaded, frame], title=title, width=WIDE, height=WIDE)
