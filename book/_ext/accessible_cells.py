"""Cells as screen readers need them: folded code has a name, and a table's headers their direction.

MyST-NB labels each piece of folded code "Toggle hidden content", which hides the words that are
seen. Pandas does not say which cells a header belongs to, and calls the empty corner one as well.
"""

import re
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

_LABEL = ' aria-label="Toggle hidden content"'
_TABLE = re.compile(r'(<table [^>]*class="dataframe".*?</thead>)(.*?</table>)', re.DOTALL)


def with_headers(html: str) -> str:
    """Return HTML whose pandas tables say what each header heads."""
    return _TABLE.sub(lambda table: _headed("col", table[1]) + _headed("row", table[2]), html)


def _headed(scope: str, rows: str) -> str:
    rows = rows.replace("<th></th>", "<td></td>")
    return re.sub(r"<th\b", f'<th scope="{scope}"', rows)


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


def _visit_folded(translator: Any, node: HideCodeCellNode) -> None:
    """Begin folded code as MyST-NB does, without the label."""
    begin = len(translator.body)
    visit_HideCellInput(translator, node)
    translator.body[begin:] = [part.replace(_LABEL, "") for part in translator.body[begin:]]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Rewrite tables, and take over the writing of folded code from MyST-NB."""
    app.add_post_transform(HeadTables)
    app.add_node(HideCodeCellNode, override=True, html=(_visit_folded, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
