"""Links to sources lead to the book's list of references, whose entries lead to the sources."""

from pathlib import Path

import pytest
from pybtex.database import parse_file
from small_book import Book
from textbook.links.citations import addresses, normalized

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BIBLIOGRAPHY = parse_file(str(ROOT / "book" / "references.bib")).entries


@pytest.mark.parametrize(
    ("spelling", "form"),
    [
        ("http://dx.doi.org/10.1109/5.726791", "https://doi.org/10.1109/5.726791"),
        ("https://doi.org/10.1090/S0002-9939", "https://doi.org/10.1090/s0002-9939"),
        ("https://www.deeplearningbook.org", "https://deeplearningbook.org"),
        ("https://d2l.ai/", "https://d2l.ai"),
        ("https://arxiv.org/pdf/1706.04599.pdf", "https://arxiv.org/abs/1706.04599"),
        ("https://doi.org/10.48550/arXiv.1706.04599", "https://arxiv.org/abs/1706.04599"),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
    ],
)
def test_spellings_of_an_address(spelling: str, form: str) -> None:
    assert normalized(spelling) == form


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_every_entry_can_be_cited(key: str) -> None:
    assert addresses(BIBLIOGRAPHY[key])


def test_no_two_entries_have_one_address() -> None:
    found = [address for entry in BIBLIOGRAPHY.values() for address in set(addresses(entry))]
    assert len(found) == len(set(found))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["links.citations"],
        settings={"bibtex_bibfiles": ["sources.bib"], "bibtex_cite_id": "{key}"},
    )
    book.write(
        "sources.bib",
        """
        @article{robbins1951, author = {Herbert Robbins and Sutton Monro},
          title = {A Stochastic Approximation Method}, journal = {Ann. Math. Stat.},
          year = {1951}, doi = {10.1214/aoms/1177729586}}
        """,
    )
    book.write("references.md", "# References\n\n```{bibliography}\n:all:\n:list: bullet\n```\n")
    book.write(
        "index.md",
        """
        # Page

        [Robbins and Monro](https://doi.org/10.1214/AOMS/1177729586), [elsewhere](https://x.org/).

        ```{toctree}
        references
        ```
        """,
    )
    return book


def test_links_lead_to_the_entry_and_the_entry_to_the_source(book: Book) -> None:
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    page = book.page("index")
    assert 'href="references.html#robbins1951"' in page
    assert "doi.org" not in page
    assert 'href="https://x.org/"' in page
    entries = book.page("references")
    assert 'id="robbins1951"' in entries
    assert 'href="https://doi.org/10.1214/aoms/1177729586"' in entries


def test_doi_without_entry_fails_until_the_entry_is_there(book: Book) -> None:
    book.write(
        "index.md", "# Page\n\n[A](https://doi.org/10.1/a).\n\n```{toctree}\nreferences\n```\n"
    )
    for _ in range(2):
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        assert "index.md:3: WARNING: no entry of references.bib has this DOI" in result.stderr
    entry = "@misc{a2000, author = {A. Author}, title = {A}, year = {2000}, doi = {10.1/A}}"
    book.write("sources.bib", entry)
    assert book.build("-W").returncode == 0
    assert 'href="references.html#a2000"' in book.page("index")
