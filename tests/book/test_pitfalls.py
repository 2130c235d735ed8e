"""The page of pitfalls lists all of them, by theme and by chapter, with links to where they run."""

import re
from pathlib import Path

import nbformat
import pytest
from small_book import Book
from textbook.per_page import plain

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "pitfalls.md").read_text(encoding="utf-8")
LIST = re.compile(r"^```\{pitfalls\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SECTION = re.compile(r"^## Pitfalls\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^### +(.+?) *$", re.MULTILINE)


def pitfalls(chapter: Path) -> list[str]:
    """The number of the chapter and the heading of each of its pitfalls."""
    cells = nbformat.read(chapter, as_version=nbformat.NO_CONVERT).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    headings = HEADING.findall("\n".join(SECTION.findall(text)))
    return [plain(f"{chapter.name[:2]} {heading}".replace("`", "")) for heading in headings]


def test_each_pitfall_stands_in_one_theme_in_the_book_s_order() -> None:
    run = [name for path in sorted((ROOT / "notebooks").glob("*.ipynb")) for name in pitfalls(path)]
    themes = [[plain(line) for line in content.splitlines()] for content in LIST.findall(PAGE)]
    assert themes[-1] == []  # the list of all, by chapter
    assert sorted(name for theme in themes for name in theme) == sorted(run)
    for theme in themes:
        assert theme == sorted(theme, key=run.index)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(tmp_path, extensions=["myst_parser"], parts=["links.pitfalls"])
    book.write("index.md", "# Book\n\n```{toctree}\n:glob:\nnotebooks/*\npitfalls\n```\n")
    book.write("notebooks/01_a.md", chapter("A", '`view` "does" not exist', "A slip"))
    book.write("notebooks/02_b.md", chapter("B", "A slip"))
    book.write("pitfalls.md", page('01 view "does" not exist', "02 A slip", "01 A slip"))
    return book


def chapter(title: str, *headings: str) -> str:
    sections = "\n".join(f"### {heading}\n\nText.\n" for heading in headings)
    return f"# {title}\n\n## Pitfalls\n\n{sections}\n## Summary\n\n### No pitfall\n\nText.\n"


def page(*names: str) -> str:
    lines = "\n".join(names)
    return f"# Pitfalls\n\n```{{pitfalls}}\n{lines}\n```\n\n## All\n\n```{{pitfalls}}\n```\n"


def links(book: Book) -> list[str]:
    return re.findall(r'href="notebooks/([^"]+)">.', book.page("pitfalls").partition("<h1>")[2])


def test_lists_link_to_the_places(book: Book) -> None:
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    named, by_chapter = links(book)[:3], links(book)[3:8]
    assert named == ["01_a.html#view-does-not-exist", "02_b.html#a-slip", "01_a.html#a-slip"]
    assert by_chapter == [
        "01_a.html#pitfalls",
        "01_a.html#view-does-not-exist",
        "01_a.html#a-slip",
        "02_b.html#pitfalls",
        "02_b.html#a-slip",
    ]
    for target in set(named + by_chapter):
        name, _, anchor = target.partition(".html#")
        assert f'id="{anchor}"' in book.page(f"notebooks/{name}")


def test_a_new_pitfall_must_be_named_once(book: Book) -> None:
    assert book.build("-W").returncode == 0
    book.write("notebooks/02_b.md", chapter("B", "A slip", "Another"))
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert "the pitfall '02 another' is named 0 times" in result.stderr
    book.write("pitfalls.md", page("01 view does not exist", "02 a slip", "02 another"))
    result = book.build("-W", "--keep-going")
    assert "pitfalls.md:3: WARNING: no chapter has the pitfall '01 view does" in result.stderr


def test_the_list_follows_when_a_chapter_changes(book: Book) -> None:
    book.write("pitfalls.md", page())
    assert book.build("-W").returncode == 0
    book.write("notebooks/03_c.md", chapter("C", "Third"))
    assert book.build("-W").returncode == 0
    assert "03_c.html#third" in links(book)
