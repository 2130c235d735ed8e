"""Which cells print text that is not compared with the stored one, and why.

``exempt_cells.py NOTEBOOK...`` prints them, and how many of the others are compared: at least nine
in ten should be. What a figure or a lab prints speaks for itself; all else that is exempt has a
second tag, which is the reason.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from dlbook.notebooks import NOT_COMPARED

# What cannot be compared at all, so that the nine in ten are counted without it.
INCOMPARABLE = {
    "explorer": "a figure that reacts: tests move its controls",
    "lab": "controls on a live kernel, or a picture that grows while a network trains",
    "varies-with-images": "what images could be had, or a training run on images",
    "varies-with-time": "a timing",
}
# What could be, at a price; it is counted among the ten.
EXEMPT = {
    "progress": "what the reader has solved",
    "varies-with-machine": "the devices, programs and versions that are here",
    "varies-with-rounding": "a run that turns last digits into first ones",
}
REASONS = INCOMPARABLE | EXEMPT
BEGINNINGS = {"explorer": ("Explorer:", "DrawingPad:"), "lab": ("VBox(", "<Figure size")}


@dataclass(frozen=True)
class Cell:
    """A cell that prints text, and why that is not compared; no reason if it is compared."""

    place: str
    reasons: tuple[str, ...]
    compared: bool

    @property
    def counts(self) -> bool:
        """Whether it is among those of which nine in ten are compared."""
        return INCOMPARABLE.keys().isdisjoint(self.reasons)


def printing(path: Path) -> Iterator[Cell]:
    """The cells of a chapter that print text, as they are stored."""
    for cell in nbformat.read(path, as_version=nbformat.NO_CONVERT).cells:
        tags = cell.metadata.get("tags", [])
        compared = NOT_COMPARED not in tags
        if cell.cell_type == "code" and (words := list(_texts(cell, pictures=not compared))):
            yield Cell(f"{path.stem} {cell.id}", tuple(_reasons(cell, tags, words)), compared)


def _texts(cell: NotebookNode, *, pictures: bool) -> Iterator[str]:
    """What a cell printed or showed as text; that of a picture is no news."""
    for output in cell.outputs:
        shown = output.get("data", {}).get("text/plain", "")
        if output.output_type == "stream":
            yield output.text
        elif shown and (pictures or not shown.startswith("<Figure size")):
            yield shown


def _reasons(cell: NotebookNode, tags: list[str], words: list[str]) -> Iterator[str]:
    yield from (tag for tag in tags if tag in REASONS)
    for reason, beginning in BEGINNINGS.items():
        if words[-1].startswith(beginning):
            yield reason
    if cell.source.startswith("progress("):
        yield "progress"


def shared(cells: list[Cell]) -> tuple[int, int]:
    """How many cells are compared, and how many could be."""
    counted = [cell for cell in cells if cell.counts]
    return sum(cell.compared for cell in counted), len(counted)


def report(cells: list[Cell]) -> str:
    """The cells that are not compared, how often each reason is given, and the share."""
    exempt = [cell for cell in cells if not cell.compared]
    given = Counter(reason for cell in exempt for reason in cell.reasons)
    compared, possible = shared(cells)
    lines = [
        *(f"{cell.place}: {', '.join(cell.reasons)}" for cell in exempt),
        f"{len(cells)} cells print text, {len(exempt)} of them are not compared:",
        *(f"{given[reason]:5}  {reason}: {words}" for reason, words in REASONS.items()),
        f"Of the {possible} that could be compared, {compared} are: {compared / possible:.1%}.",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report([cell for name in sys.argv[1:] for cell in printing(Path(name))]))  # noqa: T201
