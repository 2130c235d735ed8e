"""The directive ``{front-figure}``: what readers meet on the first page, a network that they train.

That page is no notebook, so the lab is made when the page is read.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import dlbook

COLAB = "https://colab.research.google.com/github"


def lab() -> str:
    """Return the training lab of chapter 09 in HTML."""
    # Torch takes seconds to import, and most builds have no use for it here.
    from dlbook.data import moons, spiral
    from dlbook.labs import TrainingLab
    from dlbook.models import mlp

    data = {
        "two moons": (moons(300, seed=0), moons(300, seed=1)),
        "spiral": (spiral(300, seed=0), spiral(300, seed=1)),
    }
    networks = {
        "32 and 32 hidden units": lambda: mlp([2, 32, 32, 2], seed=0),
        "8 hidden units": lambda: mlp([2, 8, 2], seed=0),
    }
    return TrainingLab(data, networks, lr=0.1, batch_size=16, epochs=30).on_page()


def buttons(docname: str, first: str, repository: str, branch: str) -> nodes.paragraph:
    """Return links from a page to the first chapter: to read it, and to run it."""
    reads = addnodes.pending_xref(
        "",
        nodes.inline("", "Start with the first chapter"),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{first}",
        refdoc=docname,
        refexplicit=True,
    )
    account = repository.removeprefix("https://github.com/")
    address = f"{COLAB}/{account}/blob/{branch}/{first}.ipynb"
    runs = nodes.reference("", "Open it in Colab", refuri=address)
    return nodes.paragraph("", "", reads, nodes.Text(" "), runs, classes=["front-buttons"])


class FrontFigure(SphinxDirective):
    """Puts links and lab on a page, which is read again when dlbook changes."""

    def run(self) -> list[nodes.Node]:
        """Return both as they are."""
        package = Path(dlbook.__file__).parent
        for path in package.rglob("*"):
            if path.suffix in {".py", ".js", ".css"}:
                self.env.note_dependency(str(path))
        theme = self.config.html_theme_options
        first = min(name for name in self.env.found_docs if name.startswith("notebooks/"))
        branch = theme.get("repository_branch", "")
        links = buttons(self.env.docname, first, theme.get("repository_url", ""), branch)
        return [links, nodes.raw("", lab(), format="html")]


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("front-figure", FrontFigure)
