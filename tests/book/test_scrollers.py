"""The theme's script no longer asks which parts of a page scroll."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError
from textbook.finishing.scrollers import without_elements


def test_the_theme_asks_nothing_any_more() -> None:
    theme = find_spec("pydata_sphinx_theme")
    assert theme is not None
    assert theme.origin is not None
    (path,) = Path(theme.origin).parent.rglob("static/scripts/pydata-sphinx-theme.js")
    script = path.read_text("utf-8")
    changed = without_elements(script)
    assert '["pre",' in script
    assert '["pre",' not in changed
    assert without_elements(changed) == changed


def test_another_version_of_the_theme_is_refused() -> None:
    with pytest.raises(ExtensionError, match=r"pydata-sphinx-theme\.js does not have"):
        without_elements('document.querySelectorAll(["pre"].join())')
