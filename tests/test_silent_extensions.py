"""Jupyter Book loads these extensions into every book; the pages must have nothing of them."""

from pathlib import Path

import pytest
from sphinx_build import Book


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize(
    ("extension", "settings", "trace"),
    [
        ("sphinx_thebe", {"thebe_config": {}}, "thebe"),
        ("sphinx_togglebutton", {}, "toggle"),
        ("sphinx_design", {}, "design"),
    ],
)
def test_a_silent_extension_leaves_no_trace(
    tmp_path: Path, extension: str, settings: dict[str, object], trace: str, silent: bool
) -> None:
    extensions = ["myst_parser", extension, *(["silent_extensions"] if silent else [])]
    book = Book(tmp_path, extensions=extensions, settings=settings)
    book.write("index.md", "# Page\n")
    result = book.build()
    assert result.returncode == 0, result.stderr
    assert (trace in book.page("index").lower()) is not silent
    assert any(trace in path.name for path in book.site.rglob("*")) is not silent
