"""What figures share: Vega, which draws them, and the engine, which computes them."""

import re
from pathlib import Path

import dlbook
from dlbook import page
from textbook.finishing.site import Site

COMMENT = re.compile(r"(^|\s)// .*")


def place(site: Site) -> None:
    """Put both beside the pages."""
    site.place(Path(page.VEGA).name, page.VEGA, _write_vega)
    script = Path(dlbook.__file__).with_name("tapes") / "engine.js"
    (site.folder / page.ENGINE).write_text(_shortened(script.read_text("utf-8")), encoding="utf-8")


def _shortened(script: str) -> str:
    """A script without comments and indentation."""
    lines = (COMMENT.sub("", line).strip() for line in script.splitlines())
    return "\n".join(filter(None, lines)) + "\n"


def _write_vega(path: Path) -> None:
    from dlbook.explorers import vega  # brings torch, which takes seconds

    path.write_text(vega.bundle(), encoding="utf-8")
