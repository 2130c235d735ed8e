"""The directive ``{front-figure}``: the explorer that readers meet on the first page.

That page is no notebook, so the figure is made when the page is read, from runs of that moment.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import dlbook


def figure() -> str:
    """Return gradient descent for the two knobs of a line, as in chapter 04, in HTML."""
    # Torch takes seconds to import, and most builds have no use for it here.
    import torch

    from dlbook.data import line
    from dlbook.descent import line_cost
    from dlbook.explorers import paths
    from dlbook.sweeps import sweep_line

    samples = line(40, noise=0.5, seed=1)
    w = torch.linspace(-3, 6, 91, dtype=torch.float64)
    b = torch.linspace(-5, 3, 81, dtype=torch.float64)
    rates, sizes = [0.01, 0.03, 0.1, 0.3, 0.6, 1.0], [1, 5, 40]
    table = sweep_line(
        samples, rates, batch_sizes=sizes, momenta=[0.0], steps=60, start=(-2.0, 2.5)
    )
    explorer = paths(
        table,
        w,
        b,
        line_cost(samples, w, b[:, None]),
        start=(0.1, 5, 0.0),
        caption="A line has two knobs, w and b. Each step turns both a little downhill, as far as "
        "its samples can tell. Find a learning rate that is too small, and one that is too large.",
    )
    return explorer._repr_html_()


class FrontFigure(SphinxDirective):
    """Puts the figure on a page, which is read again when dlbook changes."""

    def run(self) -> list[nodes.Node]:
        """Return the figure as it is."""
        package = Path(dlbook.__file__).parent
        for path in package.rglob("*"):
            if path.suffix in {".py", ".js", ".css"}:
                self.env.note_dependency(str(path))
        return [nodes.raw("", figure(), format="html")]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("front-figure", FrontFigure)
