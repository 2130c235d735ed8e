"""Files of the site that take seconds to make; they are kept with the notebooks' outputs."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from dlbook.files import replacing


def place(app: Sphinx, name: str, address: str, make: Callable[[Path], None]) -> None:
    """Put a file into the finished site, and make it if it is not kept.

    Args:
        app: of the build.
        name: that it is kept by.
        address: where it goes, from the root of the site.
        make: writes it to a path.
    """
    kept = Path(app.config.nb_execution_cache_path) / name
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with replacing(kept) as unfinished:
            make(unfinished)
    target = Path(app.outdir) / address
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kept, target)
