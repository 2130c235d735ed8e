"""Explorers on the pages: tell the notebooks that they run for a page, and put Vega beside it."""

import os
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from dlbook import page
from dlbook.files import replacing


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension with Sphinx."""
    app.connect("config-inited", run_for_page)
    app.connect("build-finished", write_vega)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def run_for_page(_app: Sphinx, _config: Config) -> None:
    """Let the kernels, which inherit this environment, make outputs that need no kernel."""
    os.environ[page.ENVIRONMENT_VARIABLE] = "1"


def write_vega(app: Sphinx, failure: Exception | None) -> None:
    """Write the one copy of Vega that all pages share.

    It takes seconds to make, so it is kept with the outputs, which depend on the same pins.

    Raises:
        ExtensionError: vl-convert, which holds Vega, is not installed.
    """
    if failure is not None or app.builder.format != "html":
        return
    kept = Path(app.config.nb_execution_cache_path) / Path(page.VEGA).name
    if not kept.is_file():
        _make(kept)
    target = Path(app.outdir) / page.VEGA
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target)


def _make(path: Path) -> None:
    from dlbook.explorers import vega  # brings torch, which takes seconds

    bundle = vega.bundle()
    if bundle is None:
        raise ExtensionError("the explorers need the package vl-convert-python, which is missing")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as unfinished:
        unfinished.write_text(bundle, encoding="utf-8")
