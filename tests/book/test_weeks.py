"""The weeks of a course are made from what the chapters say."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book, book_of_notebooks

pytestmark = pytest.mark.slow


def write_chapter(book: Book, name: str, **weeks: Any) -> None:
    title = new_markdown_cell(f"# {name}", metadata={"weeks": weeks} if weeks else {})
    notebook = new_notebook(cells=[new_code_cell(""), title])
    book.write(f"notebooks/{name}.ipynb", nbformat.writes(notebook))


def test_each_plan_has_its_weeks_in_order_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    book = book_of_notebooks(tmp_path, "contents.weeks")
    book.write("index.md", "# Book\n\n```{toctree}\n:glob:\nnotebooks/*\npage\n```\n")
    book.write("page.md", "# Weeks\n\n```{weeks} term\n```\n\n```{weeks} short\n```\n")
    write_chapter(book, "01_a", afterwards="count", term=1, short=2)
    write_chapter(book, "02_b", afterwards="read", term=10)
    write_chapter(book, "03_c", afterwards="write", term=1, short=1)
    write_chapter(book, "04_d", afterwards="sing", term=2, short=2)
    page = built(book)
    assert tables(page) == [
        [["1", "01, 03", "count; write"], ["2", "04", "sing"], ["10", "02", "read"]],
        [["1", "03", "write"], ["2", "01, 04", "count; sing"]],
    ]
    assert re.findall(r"Left out: .+", page.text) == ["Left out: 02."]
    for link in page.select("td a"):
        assert str(link["href"]).startswith(f"notebooks/{link.text}_")
    write_chapter(book, "05_e")
    page = built(book)
    assert re.findall(r"Left out: .+", page.text) == ["Left out: 05.", "Left out: 02, 05."]


def built(book: Book) -> BeautifulSoup:
    """The page with the weeks."""
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    return BeautifulSoup(book.page("page"), "html.parser")


def tables(page: BeautifulSoup) -> list[list[list[str]]]:
    """The text of the rows of each table."""
    return [
        [[cell.text for cell in row.select("td")] for row in table.select("tbody tr")]
        for table in page.select("table")
    ]
