"""The finished site: its pages are read once, pass the steps, and are written once."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from dlbook.files import replacing


def page_paths(folder: Path) -> list[Path]:
    """Return the pages; the theme also leaves pieces of its templates among the static files."""
    return sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)


class Site:
    """A site while it is finished.

    Attributes:
        app: of the build.
        folder: where the site is.
        pages: the HTML of each page by its path; a step puts what it has changed in its place.
    """

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.folder = Path(app.outdir)
        self.pages = {path: path.read_text("utf-8") for path in page_paths(self.folder)}
        self._as_read = self.pages.copy()

    @property
    def static(self) -> Path:
        """The folder of style sheets, scripts and fonts."""
        return self.folder / "_static"

    def has_changed(self, path: Path) -> bool:
        """Whether a step has changed a page: not one that an earlier build has finished."""
        return self.pages[path] != self._as_read[path]

    def write(self) -> None:
        """Write the pages that have changed."""
        for path in filter(self.has_changed, self.pages):
            path.write_text(self.pages[path], encoding="utf-8")

    def place(self, name: str, address: str, make: Callable[[Path], None]) -> None:
        """Put a file that takes seconds to make into the site; it is kept for later builds.

        Args:
            name: that it is kept by, beside the notebooks' outputs.
            address: where it goes, from the root of the site.
            make: writes it to a path.
        """
        kept = Path(self.app.config.nb_execution_cache_path) / name
        if not kept.is_file():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with replacing(kept) as unfinished:
                make(unfinished)
        target = self.folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, target)
