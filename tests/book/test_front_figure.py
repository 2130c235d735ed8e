"""The first page of the book has a network to train and leads to the first chapter."""

import re
from pathlib import Path

import pytest
from page_data import page_data
from small_book import Book

pytestmark = pytest.mark.slow


def test_the_first_page_has_a_lab_and_two_links(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["contents.front_figure"],
        environment={"DLBOOK_PAGE": "1"},
    )
    book.write("index.md", "# Page\n\n```{front-figure}\n```\n")
    book.write("notebooks/02_later.md", ":orphan:\n\n# Later\n")
    book.write("notebooks/01_first.md", ":orphan:\n\n# First\n")
    result = book.build()
    assert result.returncode == 0, result.stderr
    page = book.page("index")
    data = page_data(page)
    assert [control["name"] for control in data["controls"]][:3] == ["set", "model", "optimizer"]
    assert all("learn" in model for model in data["models"].values())
    assert 'href="notebooks/01_first.html"' in page
    assert re.search(r'href="https://colab[^"]+/blob/[^"]*/notebooks/01_first\.ipynb"', page)
