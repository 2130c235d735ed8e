"""What makes the book's pages out of chapters, besides Jupyter Book itself: one extension.

Each room has one concern, each file in it one concept, which registers with Sphinx what it does.
"""

import hashlib
import logging
from importlib import import_module
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

PARTS = (
    # Where and how chapters run, before MyST-NB reads its settings.
    "running.execution",
    "running.cache",
    # What a page says, while it is read and when all have been read.
    "formulas.nodes",
    "formulas.font",
    "links.citations",
    "links.terms",
    "links.pitfalls",
    "links.chapter_map",
    "contents.benchmark_tables",
    "contents.front_figure",
    "contents.chapter_heading",
    "contents.fold_labels",
    "contents.weeks",
    # How it is written, and what happens to the finished site.
    "contents.one_page",
    "finishing.writing",
    "finishing.page_parts",
    "finishing.finish",
)
# They tell of each table of a font, and of each file that a finishing step has changed.
TALKATIVE = ("fontTools", "sphinx.sphinx.util.osutil")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register all parts, in this order."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for part in PARTS:
        import_module(f"textbook.{part}").register(app)
    # All pages depend on a setting. Sphinx itself does not notice that this extension has changed.
    app.add_config_value("textbook", digest(Path(__file__).parent), "env", str)
    return {"env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}


def digest(folder: Path) -> str:
    """Return a hash of the Python files below a folder, their names and their contents."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        found.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()
