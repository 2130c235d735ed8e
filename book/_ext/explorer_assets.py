"""Explorers on the pages: tell the notebooks that they run for a page, and put Vega beside it."""

import os
from pathlib import Path
from typing import Any

from kept_files import place
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from dlbook import page


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", run_for_page)
    app.connect("build-finished", write_vega)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def run_for_page(_app: Sphinx, _config: Config) -> None:
    """Let the kernels, which inherit this environment, make outputs that need no kernel."""
    os.environ[page.ENVIRONMENT_VARIABLE] = "1"


def write_vega(app: Sphinx, failure: Exception | None) -> None:
    """Put the one copy of Vega that all pages share beside them.

    Raises:
        ExtensionError: vl-convert, which holds Vega, is not installed.
    """
    if failure is None and app.builder.format == "html":
        place(app, Path(page.VEGA).name, page.VEGA, _make)


def _make(path: Path) -> None:
    from dlbook.explorers import vega  # brings torch, which takes seconds

    bundle = vega.bundle()
    if bundle is None:
        raise ExtensionError("the explorers need the package vl-convert-python, which is missing")
    path.write_text(bundle, encoding="utf-8")
