"""A figure for phones: the same panels below one another, carried inside the figure's picture.

While the book is built, each figure is drawn twice. The second drawing travels in the PNG of the
first (`dlbook.png`), so that both stay together wherever outputs are kept. The finished site takes
them apart again.
"""

import base64
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from dlbook.png import carrying, size

WIDTH = 4.2  # inches; as wide as a phone, letters of 10 points are 12 pixels high there
DPI = 180  # two pixels of the figure for one of a phone's page
MOST_PANELS = 3
FLATTEST, TALLEST = 0.72, 1.0  # the height of a panel over its width


@dataclass(frozen=True)
class DrawTwice:
    """How a notebook draws figures, with the narrow drawing inside.

    Attributes:
        draw: what drew them before; returns a PNG in base 64.
    """

    draw: Callable[[Figure], str | None]

    def __call__(self, figure: Figure) -> str | None:
        """A PNG in base 64; nothing for a figure without axes."""
        drawn = self.draw(figure)
        if drawn is None:
            return None
        return base64.b64encode(with_narrow(base64.b64decode(drawn), figure)).decode()


def draw_twice() -> None:
    """Let the notebook that runs this draw each figure twice."""
    from IPython import get_ipython  # not needed where figures are drawn without a notebook

    shell = get_ipython()
    if shell is not None:
        plt.switch_backend(plt.get_backend())  # as it starts, it sets how figures are drawn
        formatter = shell.display_formatter.formatters["image/png"]
        draw = formatter.type_printers.get(Figure)
        if draw is not None and not isinstance(draw, DrawTwice):
            formatter.for_type(Figure, DrawTwice(draw))


def with_narrow(png: bytes, figure: Figure) -> bytes:
    """The PNG of a figure, with a narrow drawing inside where its panels stand in one row."""
    panels = in_one_row(figure)
    if not panels:
        return png
    with stacked(figure, panels):
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", dpi=DPI, bbox_inches="tight")
    narrow = drawn.getvalue()
    # A legend or a title of the whole figure may need more room than a phone has.
    if size(narrow)[0] > 1.1 * WIDTH * DPI:
        return png
    return carrying(png, narrow)


def in_one_row(figure: Figure) -> list[Axes]:
    """The panels that can be stacked: none of a grid, with a color bar, or of a larger drawing."""
    specs = _specs(figure.axes)
    if not specs or len(specs) < len(figure.axes) or len(specs) > MOST_PANELS:
        return []
    if figure.get_layout_engine() is None:  # panels may stand anywhere
        return []
    grids = {id(spec.get_gridspec()): spec.get_gridspec() for spec in specs}
    [first, *others] = grids.values()
    if others or (first.nrows, first.ncols) != (1, len(specs)):
        return []
    # A drawing without axes has its words in places of its own, which do not shrink with it.
    drawing = not all(axes.axison for axes in figure.axes)
    return [] if drawing and figure.get_figwidth() / len(specs) > WIDTH else figure.axes


@contextmanager
def stacked(figure: Figure, panels: list[Axes]) -> Iterator[None]:
    """The panels below one another; afterward the figure is as it was."""
    width, height = figure.get_size_inches()
    specs = _specs(panels)
    names = [panel.get_ylabel() for panel in panels]
    inner = [panel.yaxis.get_tick_params().get("labelleft", True) for panel in panels]
    share = min(TALLEST, max(FLATTEST, height / (width / len(panels))))
    figure.set_size_inches(WIDTH, WIDTH * share * len(panels))
    grid = figure.add_gridspec(len(panels), 1)
    try:
        for row, panel in enumerate(panels):
            panel.set_subplotspec(grid[row])
            if row and not inner[row] and panel.get_shared_y_axes().joined(panel, panels[0]):
                panel.tick_params(labelleft=inner[0])
                panel.set_ylabel(names[row] or names[0])
        yield
    finally:
        for panel, spec, name, labels in zip(panels, specs, names, inner, strict=True):
            panel.set_subplotspec(spec)
            panel.set_ylabel(name)
            panel.tick_params(labelleft=labels)
        figure.set_size_inches(width, height)


def _specs(panels: list[Axes]) -> list[SubplotSpec]:
    return [spec for panel in panels if (spec := panel.get_subplotspec()) is not None]
