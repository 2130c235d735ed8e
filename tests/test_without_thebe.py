"""Jupyter Book loads sphinx-thebe in every book; the pages must have nothing of it."""

from pathlib import Path

import pytest
from sphinx_build import Book


@pytest.mark.parametrize(
    ("extensions", "present"),
    [(["sphinx_thebe"], True), (["sphinx_thebe", "without_thebe"], False)],
)
def test_thebe_leaves_no_trace(tmp_path: Path, extensions: list[str], present: bool) -> None:
    book = Book(tmp_path, extensions=["myst_parser", *extensions], settings={"thebe_config": {}})
    book.write("index.md", "# Page\n")
    result = book.build()
    assert result.returncode == 0, result.stderr
    assert ("thebe" in book.page("index").lower()) is present
