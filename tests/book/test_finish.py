"""A finished site: every page has passed all steps, also after a build that wrote only one."""

import hashlib
import json
import re
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from small_book import Book, finished_book
from textbook.finishing.figure_data import FOLDER
from textbook.finishing.icons import FONTS
from textbook.formulas.font import FONT, LICENSE

pytestmark = pytest.mark.slow

ADDRESS = "https://somebody.example/book/"
PAGES = {"index": "", "folder/other": "../", "search": ""}
SCRIPT = '\n  document.title = "a < b && c";\n'
FIGURE = '<script type="application/json">{{"specs":[{}]}}</script>\n'


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of two pages, one of which has changed since it was first built."""
    root = tmp_path_factory.mktemp("book")
    book = finished_book(root, ADDRESS)
    page = f"# Page\n\n<script>{SCRIPT}</script>\n\n{{}}\n\n```{{{{toctree}}}}\nfolder/other\n```\n"
    book.write("folder/other.md", "# Other\n\n$\\mathfrak{g}$\n")
    for number, formula in {1: r"$\mathcal{L}$", 2: r"$\mathbb{R}$"}.items():
        book.write("index.md", page.format(FIGURE.format(number) + formula))
        result = book.build("-W")
        assert result.returncode == 0, result.stderr
    assert "[100%] index" in result.stdout
    return book


def styles(book: Book, page: str) -> str:
    """The one style sheet of a page."""
    (link,) = re.findall(r"<link[^>]*\.css[^>]*>", book.page(page))
    found = re.search(rf'href="{re.escape(PAGES[page])}_static/(all-\w+\.css)\?v=\w+"', link)
    assert found is not None, link
    return (book.site / "_static" / found[1]).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_for_one_sheet_with_the_rules_that_it_needs(book: Book, page: str) -> None:
    rules = styles(book, page)
    assert ".bd-sidebar-primary" in rules, "the theme's"
    assert 'html[data-theme="dark"] .highlight' in rules, "those of code, in the theme's colors"
    assert "div.body" in rules or "a.headerlink" in rules, "what the theme imports"
    whole = (book.site / "_static" / "styles" / "pydata-sphinx-theme.css").read_text("utf-8")
    assert ".fa-guitar" in whole
    assert ".fa-guitar" not in rules
    assert len(rules) < len(whole) / 2


def test_icons_are_drawn_with_small_fonts(book: Book) -> None:
    static = book.site / "_static"
    assert "fa-sun" in styles(book, "index")
    sizes = {path.name: path.stat().st_size for path in (static / FONTS).iterdir()}
    assert all(name.endswith(".woff2") and size < 10_000 for name, size in sizes.items()), sizes
    assert not list((static / "scripts").glob("fontawesome*.js*"))
    sun = re.search(r'\.fa-sun:before\{content:"(.)"\}', styles(book, "index"))
    assert sun is not None
    fonts = [TTFont(BytesIO(path.read_bytes())) for path in (static / FONTS).iterdir()]
    drawn = {code for font in fonts for code in font.getBestCmap() or {}}
    assert ord(sun[1]) in drawn
    assert len(drawn) < 60


def test_the_font_has_the_characters_of_all_pages_and_no_others(book: Book) -> None:
    characters = TTFont(BytesIO((book.site / FONT).read_bytes())).getBestCmap()
    assert {ord("𝔤"), ord("ℝ")} <= set(characters)
    assert ord("ℒ") not in characters
    assert (book.site / LICENSE).is_file()


def test_each_page_has_one_policy(book: Book) -> None:
    pages = [path for path in book.site.rglob("*.html") if "_static" not in path.parts]
    assert {"index.html", "search.html"} <= {path.name for path in pages}
    for path in pages:
        assert path.read_text("utf-8").count("Content-Security-Policy") == 1
    assert b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode() in book.page("index")
    assert "onclick" not in book.page("index")


def test_only_the_data_of_present_figures_are_there(book: Book) -> None:
    (file,) = (book.site / FOLDER).iterdir()
    found = re.search(r'<script type="application/json">(.*?)</script>', book.page("index"))
    assert found is not None
    assert json.loads(found[1])["later"]["file"] == f"{FOLDER}/{file.name}"
    assert '{"specs":[2]}' in file.read_text("utf-8")


def test_the_map_names_every_page(book: Book) -> None:
    root = ElementTree.parse(book.site / "sitemap.xml").getroot()
    named = {str(place.text) for place in root.iter() if place.tag.endswith("}loc")}
    assert named == {ADDRESS + "index.html", ADDRESS + "folder/other.html"}


@pytest.mark.parametrize("file", ["vega.js", "card.png"])
def test_what_takes_long_to_make_is_kept(book: Book, file: str) -> None:
    placed = (book.site / "_static" / file).read_bytes()
    kept = [path.read_bytes() for path in Path(book.root, "_build", "kept").iterdir()]
    assert placed in kept
