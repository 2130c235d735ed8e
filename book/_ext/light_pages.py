"""Pages that load little: scripts wait until the page is read, and needless ones stay away."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_LAST = 1000  # after the theme and MyST-NB have added theirs
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_SEARCH_PAGE = "search"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page's scripts after all other extensions have added theirs."""
    app.connect("html-page-context", _lighten, priority=_LAST)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _lighten(
    _app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Defer the scripts of a page that come from files, and drop those that it has no use for.

    The search page is left as it is: its own inline script needs the others at once.
    """
    if page == _SEARCH_PAGE:
        return
    context["script_files"] = [
        _deferred(each) for each in context["script_files"] if _is_needed(each)
    ]


def _is_needed(script: Any) -> bool:
    """Tell whether a page without live widgets and without a choice of versions uses a script."""
    body = script.attributes.get("body") or ""
    return script.attributes.get("type") != _WIDGET_STATE and "DOCUMENTATION_OPTIONS." not in body


def _deferred(script: Any) -> Any:
    """Return a script that waits for the page; an inline one, which cannot, stays as it is."""
    if not script.filename:
        return script
    attributes = {**script.attributes, "defer": "defer"}
    return type(script)(script.filename, priority=script.priority, **attributes)  # pages share it
