"""How code, pictures and tables are written: less for a phone to arrange, more for a screen reader.

Pygments puts each of a chapter's thousands of names and brackets into an element of its own; what
has the color of plain text does without. Code says how many lines it has, and pictures how large
they are, so that their room is kept until the reader comes near. MyST-NB labels each piece of
folded code "Toggle hidden content", which hides the words that are seen. Pandas does not say which
cells a header belongs to, and calls the empty corner one as well.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput
from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Whitespace
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.images import get_image_size

PLAIN = {Name, Name.Namespace, Punctuation, Whitespace}
_LABEL = ' aria-label="Toggle hidden content"'
_TABLE = re.compile(r'(<table [^>]*class="dataframe".*?</thead>)(.*?</table>)', re.DOTALL)


class PlainFormatter(HtmlFormatter):  # type: ignore[misc]
    """Writes tokens as they are that look like plain text, and how many lines there are."""

    def _get_css_class(self, token: Any) -> str:
        return "" if token in PLAIN else super()._get_css_class(token)

    def _wrap_pre(self, inner: Iterable[Any]) -> Iterator[Any]:
        lines = list(inner)
        self.prestyles = f"--lines:{len(lines)}"
        yield from super()._wrap_pre(lines)


class HeadTables(SphinxPostTransform):
    """Give the headers of tables among the outputs their direction."""

    # MyST-NB has chosen the outputs' HTML by then.
    default_priority = 500
    formats = ("html",)

    def run(self, **_options: object) -> None:
        """Rewrite the raw HTML of the page."""
        for output in self.document.findall(nodes.raw):
            if "html" in output["format"].split():
                output.children[:] = [nodes.Text(with_headers(output.astext()))]


def with_headers(html: str) -> str:
    """Return HTML whose pandas tables say what each header heads."""
    return _TABLE.sub(lambda table: _headed("col", table[1]) + _headed("row", table[2]), html)


def _headed(scope: str, rows: str) -> str:
    rows = rows.replace("<th></th>", "<td></td>")
    return re.sub(r"<th\b", f'<th scope="{scope}"', rows)


def _visit_folded(translator: Any, node: HideCodeCellNode) -> None:
    """Begin folded code as MyST-NB does, without the label."""
    begin = len(translator.body)
    visit_HideCellInput(translator, node)
    translator.body[begin:] = [part.replace(_LABEL, "") for part in translator.body[begin:]]


def _visit_image(translator: Any, node: nodes.image) -> None:
    """Write the image as its translator does, with its size in pixels and loaded lazily."""
    size = get_image_size(str(Path(translator.builder.srcdir) / node["uri"]))
    type(translator).visit_image(translator, node)
    if size is not None:
        width, height = size
        sized = f'<img width="{width}" height="{height}" loading="lazy" decoding="async" '
        translator.body[-1] = translator.body[-1].replace("<img ", sized, 1)


def _depart_image(translator: Any, node: nodes.image) -> None:
    type(translator).depart_image(translator, node)


def register(app: Sphinx) -> None:
    """Take over the writing of code, folds and pictures, and rewrite tables."""
    PygmentsBridge.html_formatter = PlainFormatter
    app.add_node(HideCodeCellNode, override=True, html=(_visit_folded, depart_HideCellInput))
    app.add_node(nodes.image, override=True, html=(_visit_image, _depart_image))
    app.add_post_transform(HeadTables)
