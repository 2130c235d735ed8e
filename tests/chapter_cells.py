"""Code that a chapter shows, run for tests: what readers see is what is tested."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


def sources(chapter: str, prefix: str) -> list[str]:
    """The code cells of a chapter whose ids begin with ``prefix``, in order."""
    notebook = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=nbformat.NO_CONVERT)
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id.startswith(prefix)
    ]


def defined(chapter: str, prefix: str, **given: Any) -> SimpleNamespace:
    """The names that those cells define, run with the ``given`` names."""
    names: dict[str, Any] = dict(given)
    for source in sources(chapter, prefix):
        exec(source, names)
    return SimpleNamespace(**names)
