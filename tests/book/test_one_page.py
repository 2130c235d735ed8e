"""The whole book on one page: every id once, every link to its own page's place."""

from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from small_book import EXTENSIONS, Book

pytestmark = pytest.mark.slow

INDEX = """
# A book

See [how it sums up](notebooks/01_one.md#summary).

```{toctree}
:caption: Part I

notebooks/01_one
notebooks/02_two
```

```{toctree}
:caption: Back matter

words
```
"""
ONE = """
# One knob, $w$

Its [summary](#summary), that of [two](02_two.md#summary), and [all of two](02_two.md).

## Summary

The first sum is $w^2$.
"""
TWO = """
# Two knobs

Its [summary](#summary), and [a word](../words.md#knob).

## Summary

The second sum. {ref}`Here <here>`, and [the beginning](../index.md).

(here)=

## Pitfalls

A target.
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Two chapters and a page whose sections share names."""
    book = Book(
        tmp_path_factory.mktemp("book"),
        extensions=["myst_parser"],
        parts=["formulas.nodes", "contents.one_page"],
        settings={
            "html_theme": "sphinx_book_theme",
            "html_title": "A book",
            "html_math_renderer": "mathml",
            "html_static_path": [str(EXTENSIONS.parent / "_static")],
            "templates_path": [str(EXTENSIONS.parent / "_templates")],
            "myst_enable_extensions": ["dollarmath"],
            "myst_heading_anchors": 3,
        },
        builder="singlehtml",
    )
    sources = {"index": INDEX, "notebooks/01_one": ONE, "notebooks/02_two": TWO}
    for name, text in {**sources, "words": "# Words\n\n## Knob\n\nWhat turns.\n"}.items():
        book.write(f"{name}.md", text)
    result = book.build("-W", "-n", "--keep-going")
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture(scope="module")
def page(book: Book) -> BeautifulSoup:
    return BeautifulSoup(book.page("index"), "html.parser")


def led_to(page: BeautifulSoup, text: str) -> Tag:
    """The place that the link with this text leads to."""
    (link,) = [each for each in page.select("article p a") if each.get_text() == text]
    address = str(link["href"])
    assert address.startswith("#")
    place = page.find(id=unquote(address[1:]))
    assert isinstance(place, Tag)
    return place.parent if place.name == "span" and place.parent else place


def test_every_id_stands_there_once(page: BeautifulSoup) -> None:
    ids = Counter(str(tag["id"]) for tag in page.find_all(id=True))
    assert [name for name, times in ids.items() if times > 1] == []


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("how it sums up", "The first sum"),
        ("two", "The second sum"),
        ("a word", "What turns"),
        ("Here", "A target"),
    ],
)
def test_a_link_leads_to_the_place_on_its_own_page(
    page: BeautifulSoup, link: str, found: str
) -> None:
    assert found in led_to(page, link).get_text()


def test_the_same_link_on_two_pages_leads_to_two_places(page: BeautifulSoup) -> None:
    links = [link for link in page.select("article p a") if link.get_text() == "summary"]
    places = [page.find(id=unquote(str(link["href"])[1:])) for link in links]
    texts = [place.get_text() for place in places if place is not None]
    assert ["first" in text for text in texts] == [True, False]
    assert ["second" in text for text in texts] == [False, True]


@pytest.mark.parametrize(
    ("link", "heading"), [("all of two", "02 · Two knobs"), ("the beginning", "A book")]
)
def test_a_link_to_a_page_leads_to_its_beginning(
    page: BeautifulSoup, link: str, heading: str
) -> None:
    title = led_to(page, link).find("h1", recursive=False)
    assert isinstance(title, Tag)
    assert title.get_text().startswith(heading)


def test_all_pages_begin_at_the_first_level(page: BeautifulSoup) -> None:
    begun = [heading.get_text().removesuffix("#") for heading in page.find_all("h1")]
    assert begun[0] == "Contents"
    assert [title.partition(" ")[0] for title in begun[1:]] == ["A", "01", "02", "Words"]


def test_the_contents_name_the_parts_and_lead_to_every_page(page: BeautifulSoup) -> None:
    contents = page.find(id="contents")
    assert isinstance(contents, Tag)
    assert [part.get_text() for part in contents.select(".rubric")] == ["Part I", "Back matter"]
    assert len(contents.select("a .page-number")) == len(contents.select("li")) == 4
    assert contents.select_one("li math") is not None
    assert all(page.find(id=str(link["href"])[1:]) for link in contents.select("li a"))


def test_the_page_loads_no_script(page: BeautifulSoup) -> None:
    assert page.find_all("script") == []


def test_the_site_of_many_pages_keeps_its_ids(book: Book, tmp_path: Path) -> None:
    site = Book(book.root, book.extensions, book.parts, book.settings)
    assert site.build("-W").returncode == 0
    assert 'id="summary"' in site.page("notebooks/01_one")
    assert 'href="02_two.html#summary"' in site.page("notebooks/01_one")
