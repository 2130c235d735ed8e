"""How long the book takes to build again: unchanged, and with one chapter changed.

A copy of the book is built, from nothing first. It takes some minutes.
"""

import nbformat
from nbformat.v4 import new_code_cell

from benchmarks.book_copy import Copy, copied
from benchmarks.rows import Bar, Row

CHANGED = ("03_linear_model", "11_logistic_regression", "16_convolutions")
ROUNDS = 3
UNCHANGED_BAR, CHANGED_BAR = Bar("≤", 20), Bar("≤", 10)


def main() -> list[Row]:
    """The seconds of each way to build."""
    with copied() as copy:
        copy.build()
        unchanged = tuple(copy.build().seconds for _ in range(ROUNDS))
        changed = tuple(rebuild(copy, chapter) for chapter in CHANGED)
    return [
        Row("the book again, nothing changed", "s", unchanged, UNCHANGED_BAR),
        Row("the book with one chapter changed, beyond its run", "s", changed, CHANGED_BAR),
    ]


def rebuild(copy: Copy, chapter: str) -> float:
    """Change a chapter, build, and return the seconds beyond those that the chapter ran."""
    path = copy.root / "notebooks" / f"{chapter}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_code_cell("1 + 1"))
    nbformat.write(notebook, path)
    build = copy.build()
    return build.seconds - build.chapters[chapter]
