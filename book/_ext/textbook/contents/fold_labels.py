"""What the line says that folded code leaves on a page: what is in the fold.

The first line of a cell may name it, ``# @title …``, as Colab's forms do. A cell tagged ``check``
holds what guards the text: its line says what held when the book was built.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TITLE = re.compile(r"# @title (.+)\n+")


class FoldLabels(SphinxPostTransform):
    """Give each piece of folded code its label, and take its title out of the code."""

    default_priority = 198  # MyST-NB folds at 199
    formats = ("html",)

    def run(self, **_options: Any) -> None:
        """Label the cells of the page."""
        for cell in self.document.findall(nodes.container):
            if cell.get("hide_mode") == "input":
                cell["prompt_show"], cell["prompt_hide"] = labels(
                    cell["cell_metadata"].get("tags", []), _taken_title(cell)
                )


def labels(tags: list[str], title: str) -> tuple[str, str]:
    """What a fold says while it is closed and while it is open."""
    if "check" in tags:
        return f"✓ {title}", f"✓ {title}"
    if title:
        return f"Code: {title}", f"Code: {title}"
    what = "solution" if "solution" in tags else "code"
    return f"Show the {what}", f"Hide the {what}"


def _taken_title(cell: nodes.container) -> str:
    """The title in the first line of a cell's code, which loses that line."""
    code = next(cell.findall(nodes.literal_block))
    source = code.astext()
    found = TITLE.match(source)
    if not found:
        return ""
    code.rawsource = source[found.end() :]
    code.children[:] = [nodes.Text(code.rawsource)]
    return found[1]


def register(app: Sphinx) -> None:
    """Label folds before MyST-NB makes them."""
    app.add_post_transform(FoldLabels)
