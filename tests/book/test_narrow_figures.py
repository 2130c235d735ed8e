"""A page offers phones the narrow drawing that a figure's picture carries, also built again."""

import io
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from small_book import Book, finished_book

from dlbook.plots.narrow import with_narrow
from dlbook.png import split

pytestmark = pytest.mark.slow

PICTURE = re.compile(
    r'<picture><source media="screen and \(max-width: 36rem\)" '
    r'srcset="([^"]+)" width="(\d+)" height="(\d+)"><img [^>]*src="([^"]+)"[^>]*></picture>'
)


def picture(*, narrow: bool) -> bytes:
    figure, _ = plt.subplots(1, 2, layout="constrained")
    plt.close(figure)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return with_narrow(buffer.getvalue(), figure) if narrow else buffer.getvalue()


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A book of two pages with figures, of which one has changed since it was first built."""
    root = tmp_path_factory.mktemp("book")
    book = finished_book(root)
    for name, narrow in (("two", True), ("one", False)):
        Path(root, f"{name}.png").write_bytes(picture(narrow=narrow))
    figures = "![Two](/two.png)\n\n![One](/one.png)\n\n"
    caption = "Left: one (left). Right, too: two. The left stays."
    for name in ("one", "two"):
        figures += f"```{{figure}} /{name}.png\n{caption}\n```\n\n"
    book.write("folder/other.md", f"# Other\n\n{figures}")
    for text in ("first", "second"):
        toc = "```{toctree}\nfolder/other\n```\n"
        Path(root, "index.md").write_text(f"# Page\n\n{text}\n\n{figures}\n{toc}", "utf-8")
        result = book.build()
        assert result.returncode == 0, result.stderr
    return book


@pytest.mark.parametrize("page", ["index", "folder/other"])
def test_a_figure_with_two_drawings_offers_both_once(book: Book, page: str) -> None:
    html = book.page(page)
    assert html.count("<picture>") == html.count("<source") == 2
    found = PICTURE.search(html)
    assert found is not None
    narrow, width, height, wide = found.groups()
    folder = (book.site / f"{page}.html").parent
    drawn = (folder / narrow).read_bytes()
    assert (int(width), int(height)) == (
        int.from_bytes(drawn[16:20], "big"),
        int.from_bytes(drawn[20:24], "big"),
    )
    expected = split((book.root / "two.png").read_bytes())
    assert ((folder / wide).read_bytes(), drawn) == expected
    assert (book.site / "_images" / "one.png").read_bytes() == picture(narrow=False)


@pytest.mark.parametrize("page", ["index", "folder/other"])
def test_its_caption_says_where_the_panels_are(book: Book, page: str) -> None:
    def both(wide: str, narrow: str) -> str:
        return f'<span class="when-wide">{wide}</span><span class="when-narrow">{narrow}</span>'

    captions = re.findall(r"<figcaption>\s*<p>(.*?)</p>", book.page(page), re.DOTALL)
    single, stacked = (re.sub(r'<span class="caption-text">|<a .*', "", c) for c in captions)
    assert single.startswith("Left: one (left). Right, too: two. The left stays.")
    assert stacked.startswith(
        f"{both('Left', 'Above')}: one ({both('left', 'above')}). "
        f"{both('Right', 'Below')}, too: two. The left stays."
    )
