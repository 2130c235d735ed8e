"""The printed book, read back: outline, links inside it, page numbers, formulas, open folds."""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from chromium import launched
from pdf import PrintError, printed
from pdf_check import complaints, outline, places
from playwright.sync_api import Page
from pypdf import PdfReader

pytestmark = pytest.mark.skipif(
    not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    reason="Chromium is not installed; `make browser` installs it on Debian",
)

STYLES = (Path(__file__).parents[2] / "book" / "_static" / "print.css").read_text(encoding="utf-8")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>'
BOOK = """\
<!DOCTYPE html><html data-theme="light"><head><meta charset="utf-8"><title>A book</title>
<style>{styles}</style></head><body><main>
<header class="title-page"><p class="title">A book</p></header>
<article class="bd-article">
<section id="contents"><h1>Contents</h1>
<ul><li><a href="#one">One<span class="page-number"></span></a></li>
<li><a href="#two">Two<span class="page-number"></span></a></li></ul></section>
<section id="one"><h1>One</h1><h2>A formula</h2>
<p>See <a href="#two">the second</a> and <a href="https://pytorch.org/">PyTorch</a>.</p>
<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>
<details><summary>Answer</summary>It is unfolded.</details>
<div class="highlight-ipython3"><pre>{code}</pre></div>
<img src="picture.svg" width="40" height="30" loading="lazy"></section>
<section id="two"><h1>Two</h1><p>{more}</p></section>
</article></main></body></html>
"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A page of a browser that runs no script of the book's."""
    with launched() as browser, browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def opened(page: Page, folder: Path, *, code: str = "x = 1", more: str = "The end.") -> Page:
    """The small book, open in the browser."""
    (folder / "picture.svg").write_text(PICTURE, encoding="utf-8")
    path = folder / "index.html"
    path.write_text(BOOK.format(styles=STYLES, code=code, more=more), encoding="utf-8")
    page.goto(path.as_uri())
    return page


@pytest.fixture(scope="module")
def pdf(page: Page, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The small book, printed; one line of its code is longer than the paper is wide."""
    return printed(opened(page, tmp_path_factory.mktemp("book"), code="x = " + "1 + " * 80 + "1"))


def texts(pdf: bytes) -> list[str]:
    return [each.extract_text() for each in PdfReader(BytesIO(pdf)).pages]


def test_the_headings_are_the_outline(pdf: bytes) -> None:
    assert outline(pdf) == [(1, "Contents"), (1, "One"), (2, "A formula"), (1, "Two")]


def test_title_contents_and_chapters_begin_pages(pdf: bytes) -> None:
    assert len(texts(pdf)) == 4
    assert places(pdf) == {"one": 3, "two": 4}


def test_the_contents_name_the_pages_and_the_pages_their_numbers(pdf: bytes) -> None:
    title, contents, *chapters = texts(pdf)
    assert "One 3" in " ".join(contents.split())
    assert "Two 4" in " ".join(contents.split())
    assert not any(character.isdigit() for character in title)
    for number, text in enumerate(chapters, start=3):
        assert str(number) in text.split()


def test_links_inside_stay_inside(pdf: bytes) -> None:
    links = [
        annotation.get_object()
        for each in PdfReader(BytesIO(pdf)).pages
        for annotation in each.get("/Annots", [])
    ]
    inside = [link["/Dest"] for link in links if "/Dest" in link]
    outside = [link["/A"]["/URI"] for link in links if "/A" in link]
    assert inside == ["/one", "/two", "/two"]
    assert outside == ["https://pytorch.org/"]
    assert complaints(pdf, chapters=3) == []


def test_formulas_code_and_answers_are_text(pdf: bytes) -> None:
    chapter = texts(pdf)[2]
    assert "𝐸 = 𝑚𝑐" in chapter
    assert "".join(chapter.split()).count("1+") == 80
    assert "It is unfolded." in chapter


def test_a_picture_that_is_missing_stops_the_print(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    (tmp_path / "picture.svg").unlink()
    page.reload()
    with pytest.raises(Exception, match="cannot be decoded"):
        printed(page)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('<table><tr><td style="min-width: 900px">wide</td></tr></table>', "wider than the paper"),
        ('<a href="#three">nowhere</a>', "a link to a place that is not there: three"),
        ('<a href="other.html">another file</a>', "leads to nothing that a reader has: file://"),
    ],
)
def test_what_does_not_print_well_stops_the_print(
    page: Page, tmp_path: Path, more: str, said: str
) -> None:
    with pytest.raises(PrintError, match=said):
        printed(opened(page, tmp_path, more=more))


def test_a_heading_that_the_outline_lacks_is_noticed(pdf: bytes) -> None:
    assert complaints(pdf, chapters=4) == ["the outline begins 3 chapters, expected 4"]
