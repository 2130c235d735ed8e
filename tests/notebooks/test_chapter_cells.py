"""Which cells of a notebook lead to some of its cells."""

import pytest
from chapter_cells import needed
from nbformat.v4 import new_code_cell, new_markdown_cell

SOURCES = {
    "install": "import sys\nif 'google.colab' in sys.modules:\n    %pip install dlbook",
    "imports": "import math as m",
    "first": "x, unused = 1, 2",
    "again": "x = x + 1",
    "change": "x += 1",
    "other": "y = [x for x in range(3)]",
    "function": "def double(y):\n    total = m.floor(x) + y\n    return total",
    "local": "total = 5",
    "shown": "double(2)",
    "later": "x = 0",
}
CELLS = [new_markdown_cell("x = 1")] + [
    new_code_cell(source, id=name) for name, source in SOURCES.items()
]


@pytest.mark.parametrize(
    ("goals", "found"),
    [
        (["shown"], ["imports", "first", "again", "change", "function", "shown"]),
        (["other", "local"], ["other", "local"]),
        (["install"], ["install"]),
        ([], []),
    ],
)
def test_cells_lead_to_those_that_use_their_names(goals: list[str], found: list[str]) -> None:
    assert needed(CELLS, goals) == set(found)


def test_what_is_found_runs_alone() -> None:
    names: dict[str, object] = {}
    found = needed(CELLS, ["shown"])
    for name in SOURCES:
        if name in found:
            exec(SOURCES[name], names)
    assert names["x"] == 3
