"""The map of chapters: its rows, its drawing, and the page that it makes."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_book import Book
from textbook.links.chapter_graph import Bend, lines, rows
from textbook.links.map_drawing import HEIGHT, LINE, WIDTH, Chapter, drawing

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [f"{number:02}" for number in range(1, 9)]
Needs = dict[str, list[str]]


@st.composite
def graphs(draw: st.DrawFn) -> Needs:
    """Chapters that need some of the chapters before them."""
    return {
        name: draw(st.lists(st.sampled_from(NAMES[:i]), unique=True)) if i else []
        for i, name in enumerate(NAMES)
    }


@given(graphs())
def test_lines_go_from_row_to_row(graph: Needs) -> None:
    placed = [stop for row in rows(graph) for stop in row]
    assert len(placed) == len(set(placed))
    at = {stop: number for number, row in enumerate(rows(graph)) for stop in row}
    assert set(graph) == {stop for stop in placed if not isinstance(stop, Bend)}
    for line in lines(graph):
        assert [at[lower] - at[upper] for upper, lower in pairwise(line)] == [1] * (len(line) - 1)


def boxes(svg: str) -> Iterator[tuple[float, float]]:
    """Yield the left and the upper edge of each box."""
    for x, y in re.findall(r'<rect x="([-\d.]+)" y="([-\d.]+)"', svg):
        yield float(x), float(y)


@given(graphs())
def test_boxes_stand_clear_of_each_other_and_inside_the_picture(graph: Needs) -> None:
    svg = drawing(graph, {name: Chapter(f"{name} · Title", f"{name}.html") for name in graph})
    left, _, width, height = (float(n) for n in re.search(r'viewBox="(.*?)"', svg)[1].split())
    corners = list(boxes(svg))
    assert len(corners) == len(graph)
    for (x, y), (u, v) in combinations(corners, 2):
        assert abs(x - u) >= WIDTH or abs(y - v) >= HEIGHT
    for x, y in corners:
        assert left - 1 <= x <= left + width - WIDTH + 1
        assert 0 <= y <= height - HEIGHT


def opening(path: Path) -> str:
    """The first text of a chapter."""
    cells = nbformat.read(path, as_version=nbformat.NO_CONVERT).cells
    return next(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_title_fits_into_its_box(path: Path) -> None:
    title = opening(path).partition("\n")[0].removeprefix("# ")
    svg = drawing({"here": []}, {"here": Chapter(f"{path.stem[:2]} · {title}", "")})
    assert svg.count("<tspan x=") * LINE <= HEIGHT


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_chapter_says_what_it_needs(path: Path) -> None:
    first = opening(path)
    assert [line[:9] for line in first.splitlines()].count("You need ") == 1


INDEX = """
# Book

```{chapters}
```

```{toctree}
:caption: Part I
:glob:
notebooks/*
```

```{toctree}
:caption: Back matter
map
```
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["contents.chapter_heading", "links.chapter_map"],
    )
    book.write("index.md", INDEX)
    book.write("notebooks/01_a.md", "# A & more\n\nYou need Python. See [later](02_b.md).\n")
    book.write("notebooks/02_b.md", "# B\n\nAll but [this](04_d.md).\n\nYou need [one](01_a.md).\n")
    book.write("notebooks/03_c.md", "# C\n\nYou need [one](01_a.md), [two](02_b.md).\n")
    book.write("notebooks/04_d.md", "# D\n\nYou need [chapter 02](02_b.md).\n")
    book.write("map.md", "# Map\n\n```{chapter-map}\n```\n\n## Way\n\n```{way-to} 04\n```\n")
    return book


def test_map_and_lists_lead_to_the_chapters(book: Book) -> None:
    # A chapter that needs a later one: see the next test.
    book.write("notebooks/01_a.md", "# A & more\n\nYou need Python.\n\nSee [later](02_b.md).\n")
    result = book.build("-W", "-n")
    assert result.returncode == 0, result.stderr
    page = book.page("map")
    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]
    assert svg.count("marker-end") == 3  # 01 to 02, 02 to 03 and to 04; 01 to 03 follows
    assert re.findall(r'<a href="notebooks/(\d\d)', svg) == ["01", "02", "03", "04"]
    assert "A &amp; more" in svg
    text = re.sub(r"<[^>]+>", "", page)
    assert "01 · A &amp; more needs no other chapter" in text
    assert "03 · C needs 01, 02" in text
    way = page[page.index("<h2>Way") :]
    assert re.findall(r'<li><p>.*?href="notebooks/(\d\d)', way) == ["01", "02", "04"]


def test_the_list_has_the_parts_that_have_chapters(book: Book) -> None:
    book.write("notebooks/01_a.md", "# A\n\nYou need Python.\n")
    assert book.build("-W").returncode == 0
    page = book.page("index").partition("<h1>")[2]
    assert re.findall(r'class="rubric">([^<]+)', page) == ["Part I"]
    listed = re.findall(r'href="notebooks/\w+.html">(\d\d · \w)', page.partition("</section>")[0])
    assert listed[:4] == ["01 · A", "02 · B", "03 · C", "04 · D"]
    book.write("notebooks/04_d.md", "# Else\n\nYou need [chapter 02](02_b.md).\n")
    assert book.build("-W").returncode == 0
    assert "04 · Else" in book.page("index").partition("<h1>")[2].partition("</section>")[0]


def test_need_of_a_later_chapter_fails(book: Book) -> None:
    result = book.build()
    assert result.returncode != 0
    assert "notebooks/01_a needs notebooks/02_b, which is no earlier chapter" in result.stderr


def test_map_follows_when_a_chapter_changes(book: Book) -> None:
    book.write("notebooks/01_a.md", "# A\n\nYou need Python.\n")
    assert book.build("-W").returncode == 0
    book.write("notebooks/04_d.md", "# D\n\nYou need [chapter 03](03_c.md).\n")
    assert book.build("-W").returncode == 0
    assert "04 · D needs 03" in re.sub(r"<[^>]+>", "", book.page("map"))
