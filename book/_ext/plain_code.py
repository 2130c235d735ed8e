"""Code on the pages without elements around what has the color of plain text.

A chapter has thousands of names and brackets. Pygments puts each into an element of its own, and a
phone spends most of its time on arranging them.
"""

from typing import Any

from pygments.formatters import HtmlFormatter
from pygments.token import Name, Punctuation, Whitespace
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.util.typing import ExtensionMetadata

PLAIN = {Name, Name.Namespace, Punctuation, Whitespace}


class PlainFormatter(HtmlFormatter):  # type: ignore[misc]
    """Writes those tokens as they are that the page's styles show in the color of plain text."""

    def _get_css_class(self, token: Any) -> str:
        return "" if token in PLAIN else super()._get_css_class(token)


def setup(_app: Sphinx) -> ExtensionMetadata:
    """Let Sphinx write its code with the formatter."""
    PygmentsBridge.html_formatter = PlainFormatter
    return {"parallel_read_safe": True, "parallel_write_safe": True}
