"""Pages wait for no script, and the search index is loaded where one searches."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from small_book import EXTENSIONS, Book

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A built book of one page, with the book's theme and templates."""
    book = Book(
        tmp_path_factory.mktemp("book"),
        extensions=["myst_nb", "sphinx_copybutton"],
        parts=["finishing.page_parts"],
        settings={
            "html_theme": "sphinx_book_theme",
            "templates_path": [str(EXTENSIONS.parent / "_templates")],
        },
    )
    book.write("index.md", "# Page\n")
    assert book.build("-W").returncode == 0
    return book


def scripts(book: Book, page: str) -> list[Tag]:
    return BeautifulSoup(book.page(page), "html.parser").find_all("script")


def test_scripts_from_files_wait_for_the_page(book: Book) -> None:
    files = [script for script in scripts(book, "index") if script.get("src")]
    assert any("copybutton" in str(script["src"]) for script in files)
    assert [script["src"] for script in files if not script.has_attr("defer")] == []


def test_what_a_page_does_not_need_is_not_there(book: Book) -> None:
    for script in scripts(book, "index"):
        assert "search" not in str(script.get("src"))
        assert "fontawesome" not in str(script.get("src"))
        assert "DOCUMENTATION_OPTIONS" not in script.text


def test_the_search_page_keeps_its_order(book: Book) -> None:
    sources = [str(script.get("src", "")) for script in scripts(book, "search")]
    names = [Path(source.split("?")[0]).name for source in sources]
    assert names.index("documentation_options.js") < names.index("searchtools.js")
    assert "searchindex.js" in names
    head = [script for script in scripts(book, "search") if "searchtools" in str(script.get("src"))]
    assert not head[0].has_attr("defer")


def test_the_mode_is_chosen_before_anything_is_drawn(book: Book) -> None:
    page = book.page("index")
    assert page.index("prefers-color-scheme: dark") < page.index('rel="stylesheet"')
