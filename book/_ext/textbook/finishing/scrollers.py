"""Which code and outputs scroll, so that the keyboard must reach them: scrollable.js alone asks.

The theme's script asks all of them at once when a page opens, and again whenever a figure has been
drawn. Each answer arranges a part of the page that the reader may never come to.
"""

from sphinx.errors import ExtensionError

from textbook.finishing.site import Site

_SCRIPT = "scripts/pydata-sphinx-theme.js"
_ASKED = (
    '["pre",".nboutput > .output_area",".cell_output > .output",'
    '".jp-RenderedHTMLCommon",".pst-scrollable-table-container"]'
)
_NOTHING = '["no-element"]'


def leave_to_the_book(site: Site) -> None:
    """Take the elements out of the theme's script."""
    path = site.static / _SCRIPT
    path.write_text(without_elements(path.read_text("utf-8")), encoding="utf-8")


def without_elements(script: str) -> str:
    """Return the script without them, also where an earlier build took them out.

    Raises:
        ExtensionError: they do not stand there, as in another version of the theme.
    """
    if _ASKED not in script and _NOTHING not in script:
        raise ExtensionError(f"scrollers: {_SCRIPT} does not have {_ASKED}")
    return script.replace(_ASKED, _NOTHING)
