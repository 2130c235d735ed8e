"""Pages without what Jupyter Book loads into every book, used or not.

Sphinx-thebe would put a script of its own and a content network's address into each page, and
sphinx-togglebutton three inline scripts that look for buttons to add, of which there are none.
Sphinx-design would add 55 kB of styles for tabs and cards, which the book does without.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_STYLES = {
    "sphinx_thebe": "sphinx-thebe.css",
    "sphinx_togglebutton": "togglebutton.css",
    "sphinx_design.extension": "sphinx-design.min.css",
}


def _silence(app: Sphinx) -> None:
    """Disconnect what these extensions do to pages, and drop their stylesheets."""
    for listeners in app.events.listeners.values():
        listeners[:] = [each for each in listeners if each.handler.__module__ not in _STYLES]
    app.registry.css_files[:] = [
        (name, attributes)
        for name, attributes in app.registry.css_files
        if name not in _STYLES.values()
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Silence the extensions, which Jupyter Book has loaded before the book's own."""
    _silence(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
