"""Say what keeps the book from being published; run in its root: ``publish_check.py``."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import yaml

from dlbook.notebooks import setup_cell

PLACEHOLDER = "OWNER"
_SETTINGS = "_config.yml"


def complaints(root: Path) -> list[str]:
    """Return what must be changed before the book is published, in words; nothing when all is well.

    Args:
        root: the book's root, which holds ``_config.yml`` and ``notebooks/``.
    """
    settings = yaml.safe_load((root / _SETTINGS).read_text(encoding="utf-8"))
    return [*_addresses(settings), *_first_cells(root, settings["repository"]["url"])]


def _addresses(settings: dict[str, Any]) -> Iterator[str]:
    """Complain about the addresses in the settings."""
    for name, address in (
        ("repository.url", settings["repository"]["url"]),
        ("html.baseurl", settings["html"]["baseurl"]),
    ):
        if PLACEHOLDER in address:
            yield (
                f"{_SETTINGS}: {name} is {address}. {PLACEHOLDER} is a placeholder: "
                "put the account that publishes the book in its place."
            )


def _first_cells(root: Path, repository: str) -> Iterator[str]:
    """Complain about chapters that would install dlbook from somewhere else."""
    expected = setup_cell(repository)
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        if nbformat.read(path, as_version=4).cells[0].source != expected:
            yield (
                f"notebooks/{path.name}: on Colab its first cell does not install dlbook from "
                f"{repository}. Put that address there."
            )


if __name__ == "__main__":
    found = complaints(Path())
    print(*found or ["The book can be published."], sep="\n")
    sys.exit(1 if found else 0)
