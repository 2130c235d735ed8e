"""Pages without Thebe: Jupyter Book loads sphinx-thebe in every book, used or not.

It would put a script of its own and a content network's address into each page.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_MODULE = "sphinx_thebe"


def _silence(app: Sphinx) -> None:
    """Disconnect what sphinx-thebe does to pages, and drop its stylesheet."""
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if each.handler.__module__ != _MODULE]
    app.registry.css_files[:] = [
        (name, attributes)
        for name, attributes in app.registry.css_files
        if name != "sphinx-thebe.css"
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Silence sphinx-thebe, which Jupyter Book has loaded before the book's own extensions."""
    _silence(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
