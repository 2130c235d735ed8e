"""What a page's template is given: scripts that wait, and no buttons that need their own."""

from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

_LAST = 1000  # after the theme and MyST-NB have added theirs
_WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
_SEARCH_PAGE = "search"


def register(app: Sphinx) -> None:
    """Look at each page after all other extensions have added to it."""
    app.connect("config-inited", _place_missing_page)
    app.connect("html-page-context", _lighten, priority=_LAST)


def _place_missing_page(_app: Sphinx, config: Config) -> None:
    """Let the page for missing addresses, which may stand at any depth, name the site's folder."""
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path or None


def _lighten(
    app: Sphinx,
    page: str,
    _template: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Defer the scripts of a page that come from files, and drop what it has no use for.

    The search page keeps its scripts as they are: its own inline script needs the others at once.
    """
    if "header_buttons" in context:
        context["header_buttons"] = _without_scripts(context["header_buttons"])
    if page == _SEARCH_PAGE:
        app.add_js_file("search_sections.js", defer="defer")
    else:
        scripts = context["script_files"]
        context["script_files"] = [_deferred(each) for each in scripts if _is_needed(each)]


def _without_scripts(buttons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out print and full screen, scripts in attributes; browsers have both in their menus."""
    kept = [each for each in buttons if each["type"] != "javascript"]
    return [
        {**each, "buttons": _without_scripts(each["buttons"])} if "buttons" in each else each
        for each in kept
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
