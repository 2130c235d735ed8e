"""Each picture says its size, so that nothing jumps when it arrives."""

from pathlib import Path

from bs4 import BeautifulSoup
from PIL import Image
from sphinx_build import Book


def test_pictures_have_their_size_and_wait_for_the_reader(tmp_path: Path) -> None:
    Image.new("RGB", (60, 20)).save(tmp_path / "wide.png")
    book = Book(tmp_path, extensions=["myst_parser", "sized_pictures"])
    book.write("index.md", "# Page\n\n![a wide picture](wide.png)\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    picture = BeautifulSoup(book.page("index"), "html.parser").img
    assert picture is not None
    assert (picture["width"], picture["height"]) == ("60", "20")
    assert picture["loading"] == "lazy"
    assert picture["alt"] == "a wide picture"
    assert (book.site / str(picture["src"])).is_file()
