"""Vega, which draws the explorers: one copy beside the pages, which all of them share."""

from pathlib import Path

from sphinx.errors import ExtensionError

from dlbook import page
from textbook.finishing.site import Site


def place(site: Site) -> None:
    """Put Vega beside the pages."""
    site.place(Path(page.VEGA).name, page.VEGA, _write)


def _write(path: Path) -> None:
    from dlbook.explorers import vega  # brings torch, which takes seconds

    bundle = vega.bundle()
    if bundle is None:
        raise ExtensionError("the explorers need the package vl-convert-python, which is missing")
    path.write_text(bundle, encoding="utf-8")
