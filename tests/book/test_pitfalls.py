"""The page of pitfalls lists all of them, by theme and by chapter, with links to where they run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from small_book import Book, book_of_notebooks

pytestmark = pytest.mark.slow


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = book_of_notebooks(tmp_path, "links.pitfalls")
    book.write("index.md", "# Book\n\n```{toctree}\n:glob:\nnotebooks/*\npitfalls\n```\n")
    write_chapter(book, "01_a", {'`view` "does" not exist': "error", "A slip": "shape"})
    write_chapter(book, "02_b", {"A slip": "error"})
    book.write("pitfalls.md", page("error", "shape"))
    return book


def write_chapter(book: Book, name: str, pitfalls: dict[str, str]) -> None:
    """A chapter whose pitfalls have these headings and themes."""
    cells = [new_markdown_cell(f"# {name}\n\n## Pitfalls")]
    for heading, theme in pitfalls.items():
        metadata = {"pitfall": theme} if theme else {}
        cells.append(new_markdown_cell(f"### {heading}\n\nText.", metadata=metadata))
    cells.append(new_markdown_cell("## Summary\n\n### No pitfall\n\nText."))
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    book.write(f"notebooks/{name}.ipynb", nbformat.writes(notebook))


def page(*themes: str) -> str:
    lists = "".join(f"## {theme}\n\n```{{pitfalls}} {theme}\n```\n\n" for theme in themes)
    return f"# Pitfalls\n\n{lists}## All\n\n```{{pitfalls}}\n```\n"


def links(book: Book) -> list[str]:
    return re.findall(r'href="notebooks/([^"]+)">.', book.page("pitfalls").partition("<h1>")[2])


def test_lists_link_to_the_places(book: Book) -> None:
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    by_theme, by_chapter = links(book)[:3], links(book)[3:8]
    assert by_theme == ["01_a.html#view-does-not-exist", "02_b.html#a-slip", "01_a.html#a-slip"]
    assert by_chapter == [
        "01_a.html#pitfalls",
        "01_a.html#view-does-not-exist",
        "01_a.html#a-slip",
        "02_b.html#pitfalls",
        "02_b.html#a-slip",
    ]
    for target in set(by_theme + by_chapter):
        name, _, anchor = target.partition(".html#")
        assert f'id="{anchor}"' in book.page(f"notebooks/{name}")


def test_a_pitfall_without_a_list_fails_every_build(book: Book) -> None:
    write_chapter(book, "02_b", {"A slip": "error", "Another": ""})
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert "the pitfall 'Another' has the theme '', expected one of" in result.stderr


def test_a_list_without_a_pitfall_fails(book: Book) -> None:
    book.write("pitfalls.md", page("error", "shape", "wave"))
    result = book.build("-W", "--keep-going")
    assert result.returncode != 0
    assert "WARNING: no pitfall has the theme 'wave'" in result.stderr


def test_the_list_follows_when_a_chapter_changes(book: Book) -> None:
    assert book.build("-W").returncode == 0
    write_chapter(book, "03_c", {"Third": "shape"})
    assert book.build("-W").returncode == 0
    assert links(book).count("03_c.html#third") == 2
