"""The picture that a link to the book shows elsewhere: a computed descent, and the title."""

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from textbook.finishing.site import Site

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FILE = "_static/card.png"
PIXELS = (1200, 630)
_DPI = 100
_TITLE = "Deep learning\nwith PyTorch"
_PROMISE = "Every number computed.\nFigures that answer.\nNo kernel needed."
_START = (-1.3, 0.4)


def draw(path: Path) -> None:
    """Draw the card; the same versions of the packages always give the same picture."""
    from matplotlib.figure import Figure  # with dlbook.plots, seconds of every build

    from dlbook.plots import COLORS

    figure = Figure(figsize=(PIXELS[0] / _DPI, PIXELS[1] / _DPI), dpi=_DPI, facecolor="white")
    _draw_descent(figure.add_axes((0.5, 0, 0.5, 1)))
    figure.text(0.05, 0.68, _TITLE, fontsize=46, fontweight="bold", va="center")
    figure.text(0.05, 0.34, _PROMISE, fontsize=26, va="center", linespacing=1.5)
    figure.text(0.05, 0.09, "dlbook", fontsize=22, fontweight="bold", color=COLORS[0])
    figure.savefig(path, format="png", metadata={"Software": None})


def _draw_descent(ax: "Axes") -> None:
    """Walk down the banana valley with momentum."""
    import torch

    from dlbook.descent import LANDSCAPES, descend
    from dlbook.plots import COLORS, contour

    valley = LANDSCAPES["banana"]
    w, b = (torch.linspace(*interval, 300, dtype=torch.float64) for interval in valley.domain)
    grid = torch.stack(torch.meshgrid(w, b, indexing="xy"), dim=-1)
    paths = descend(valley.cost, _START, lr=0.0006, steps=600, momentum=0.8)
    contour(w, b, valley.cost(grid), ax=ax)
    ax.plot(paths["w0"], paths["w1"], ".-", color=COLORS[1], markersize=9, linewidth=2.5)
    ax.set_axis_off()


def place(site: Site) -> None:
    """Put the card beside the pages."""
    version = zlib.crc32(Path(__file__).read_bytes())
    site.place(f"card-{version:08x}.png", FILE, draw)
