"""Bold terms lead to the glossary's entries, and the entries to the chapters."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from small_book import Book, book_of_notebooks
from textbook.links.terms import forms

pytestmark = pytest.mark.slow

GLOSSARY = """
# Glossary

:::{terms}
feature : features
特征
  A number that describes an input.

Gibbs' inequality
吉布斯不等式
  It is never negative.
:::
"""


def test_forms_of_an_entry() -> None:
    assert forms("Feature : features") == ["feature", "features"]
    assert forms("Gibbs’ inequality") == ["gibbs' inequality"]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["links.terms"],
        settings={"myst_enable_extensions": ["colon_fence"]},
    )
    book.write("glossary.md", GLOSSARY)
    book.write(
        "index.md", "# Page\n\n**No term.**\n\n```{toctree}\n:glob:\nnotebooks/*\nglossary\n```\n"
    )
    book.write("notebooks/01_a.md", "# A\n\nPixels are **features**. A **feature** is one.\n")
    book.write("notebooks/02_b.md", "# B\n\nThis is **Gibbs' inequality**, of **Features**.\n")
    return book


def test_terms_lead_to_their_entries(book: Book) -> None:
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    page = book.page("notebooks/01_a")
    for form in ("features", "feature"):
        link = f'href="../glossary.html#term-feature" id="term-{form}"><strong>{form}</strong></a>'
        assert link in page
    assert 'href="../glossary.html#term-Gibbs-inequality"' in book.page("notebooks/02_b")
    assert "<strong>No term.</strong>" in book.page("index")


def test_entries_lead_to_the_first_place_in_each_chapter(book: Book) -> None:
    assert book.build("-W", "-n").returncode == 0
    page = book.page("glossary")
    assert re.search(r'<dt id="term-feature">feature.*<dt.* lang="zh-Hans">特征', page, re.DOTALL)
    places = re.findall(r'href="(notebooks/[^"]+)">(Chapter \d\d)<', page)
    assert places == [
        ("notebooks/01_a.html#term-features", "Chapter 01"),
        ("notebooks/02_b.html#term-features", "Chapter 02"),
        ("notebooks/02_b.html#term-gibbs-inequality", "Chapter 02"),
    ]


def test_search_leads_to_the_entry_by_either_name(book: Book) -> None:
    assert book.build("-W", "-n").returncode == 0
    script = (book.site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))
    anchors = {name: anchor for *_, anchor, name in index["objects"][""]}
    assert anchors["feature"] == anchors["特征"] == "term-feature"


def test_a_term_without_entry_fails_until_the_entry_is_there(book: Book) -> None:
    book.write("notebooks/02_b.md", "# B\n\n**Gibbs' inequality** and\n**entropy**.\n")
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert (
            "02_b.md:3: WARNING: the glossary has no entry for the term 'entropy'" in result.stderr
        )
    book.write("glossary.md", GLOSSARY.replace("Gibbs'", "entropy\n熵\n  Doubt.\n\nGibbs'", 1))
    assert book.build("-W").returncode == 0
    assert 'href="../glossary.html#term-entropy"' in book.page("notebooks/02_b")
    assert 'href="notebooks/02_b.html#term-entropy"' in book.page("glossary")


def test_what_a_cell_puts_out_is_no_term(tmp_path: Path) -> None:
    book = book_of_notebooks(tmp_path, "links.terms")
    said = new_output("display_data", {"text/markdown": "**Result.**"})
    cells = [new_markdown_cell("# A"), new_code_cell("show()", outputs=[said])]
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    book.write("notebooks/01_a.ipynb", nbformat.writes(notebook))
    book.write("index.md", "# Page\n\n```{toctree}\nnotebooks/01_a\n```\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    assert "<strong>Result.</strong>" in book.page("notebooks/01_a")


def test_an_entry_that_no_chapter_needs_fails_unless_it_leads_to_one(book: Book) -> None:
    book.write("notebooks/02_b.md", "# B\n\nNothing.\n")
    result = book.build("-W", "--keep-going")
    assert result.returncode != 0
    assert 'the term "gibbs\' inequality" stands in bold nowhere' in result.stderr
    book.write("glossary.md", GLOSSARY.replace("never", "[never](notebooks/02_b.md)"))
    assert book.build("-W").returncode == 0


def test_a_further_form_that_no_chapter_has_fails(book: Book) -> None:
    book.write("glossary.md", GLOSSARY.replace(": features", ": features : featured"))
    result = book.build("-W", "--keep-going")
    assert result.returncode != 0
    assert "the term 'featured' stands in bold nowhere" in result.stderr


def test_the_glossary_follows_when_a_chapter_changes(book: Book) -> None:
    assert book.build("-W").returncode == 0
    book.write("notebooks/03_c.md", "# C\n\nMore **features**.\n")
    assert book.build("-W").returncode == 0
    assert 'href="notebooks/03_c.html#term-features">Chapter 03<' in book.page("glossary")
