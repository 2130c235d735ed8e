"""The site map names all pages, also those that an earlier build has written."""

from pathlib import Path
from xml.etree import ElementTree

from sphinx_build import Book

ADDRESS = "https://somebody.example/book/"


def named(book: Book) -> set[str]:
    root = ElementTree.parse(book.site / "sitemap.xml").getroot()
    return {str(place.text) for place in root.iter() if place.tag.endswith("}loc")}


def test_it_names_every_page_after_a_build_that_wrote_one(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        extensions=["myst_parser", "site_map"],
        settings={"html_baseurl": ADDRESS, "html_use_index": False},
    )
    book.write("index.md", "# First\n\n```{toctree}\nfolder/other\n```\n")
    book.write("folder/other.md", "# Other\n")
    expected = {ADDRESS + "index.html", ADDRESS + "folder/other.html"}
    assert book.build("-W").returncode == 0
    assert named(book) == expected
    book.write("folder/other.md", "# Other\n\nMore.\n")
    assert book.build("-W").returncode == 0
    assert named(book) == expected


def test_without_an_address_there_is_none(tmp_path: Path) -> None:
    book = Book(tmp_path, extensions=["myst_parser", "site_map"])
    book.write("index.md", "# First\n")
    assert book.build("-W").returncode == 0
    assert not (book.site / "sitemap.xml").exists()
