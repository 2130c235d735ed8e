"""The first page of the book has a figure that works."""

import json
import re
from pathlib import Path

from small_book import Book

DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
COST = re.compile(r"cost over all data is ([\d.e+]+)\.$")


def cost(outcome: str) -> float:
    found = COST.search(outcome)
    assert found is not None, outcome
    return float(found[1])


def test_the_first_page_shows_a_slow_a_good_and_a_diverging_run(tmp_path: Path) -> None:
    book = Book(
        tmp_path,
        extensions=["myst_parser"],
        parts=["contents.front_figure"],
        environment={"DLBOOK_PAGE": "1"},
    )
    book.write("index.md", "# Page\n\n```{front-figure}\n```\n")
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    found = DATA.search(book.page("index"))
    assert found is not None
    data = json.loads(found[1])
    assert [control["name"] for control in data["controls"]] == ["lr", "batch_size", "step"]
    slow, good, large = (data["outcomes"][f"{rate},2"] for rate in (0, 2, 5))
    assert cost(good) < 0.3 < 1 < cost(slow)
    assert large.endswith("the run diverged.")
