"""Tables of the weeks of a course, from what the chapters say of themselves.

A chapter's first cell of text says in its metadata what the class can do afterwards, and in which
week of a plan it comes: ``"weeks": {"afterwards": "handle tensors", "twelve": 1}``. The directive
shows a plan's weeks, and below them the chapters that it leaves out::

    ```{weeks} twelve
    ```
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from textbook.per_page import chapter

HEAD = "| week | chapters | what the class can do afterwards |\n|---|---|---|\n"


class Weeks(SphinxDirective):
    """The directive ``{weeks}``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table, and the line of what is left out where there is any."""
        self.env.note_reread()  # it changes with the chapters
        weeks: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
        for link, told in self._chapters():
            weeks[told.get(self.arguments[0])].append((link, told.get("afterwards", "")))
        left_out = ", ".join(link for link, _ in weeks.pop(None, []))
        text = HEAD + "".join(_row(week, weeks[week]) for week in sorted(filter(None, weeks)))
        return self.parse_text_to_nodes(f"{text}\nLeft out: {left_out}." if left_out else text)

    def _chapters(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a link to each chapter, and what it says of weeks."""
        for page in sorted(self.env.found_docs):
            if number := chapter(page):
                # At each build: nbformat would check all notebooks first.
                notebook = json.loads(Path(self.env.doc2path(page)).read_text("utf-8"))
                first = next(c for c in notebook["cells"] if c["cell_type"] == "markdown")
                yield f"[{number}](/{page}.ipynb)", first["metadata"].get("weeks", {})


def _row(week: int, chapters: list[tuple[str, str]]) -> str:
    links, afterwards = zip(*chapters, strict=True)
    return f"| {week} | {', '.join(links)} | {'; '.join(afterwards)} |\n"


def register(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("weeks", Weeks)
