"""Executed outputs are reused only while all that they depend on is the same.

Jupyter-cache compares a notebook's code cells alone. This extension gives it a folder named by a
hash of everything else: dlbook's sources, the pins, Python, the image data, the thread count and
the instructions that torch's kernels use. The checks of a chapter's exercises, which it alone
loads, are compared for that chapter.
MyST-NB registers that path as a setting that pages depend on, so a new folder also has Sphinx read
every page again instead of serving its pickled ones.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sphinx.application import Sphinx
from sphinx.config import Config

from dlbook.data_root import data_root

_CACHE = ".jupyter_cache"
# Going back to an earlier state (another branch, data put back) should not run everything again.
_KEPT = 4


def fingerprint(book: Path, data: Path) -> str:
    """Return a hash of what decides the outputs of a notebook besides its own cells.

    Args:
        book: the book's root, which holds ``dlbook/`` and ``constraints.txt``.
        data: the data root, in torchvision's layout.
    """
    facts = {
        "sources": sorted(_sources(book / "dlbook")),
        "pins": _digest(book / "constraints.txt"),
        "python": sys.version,
        "data": sorted(_image_files(data)),
        "threads": _threads(),
        "kernels": _kernels(),
    }
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def digest_of_checks(chapter: Path) -> str:
    """Return a hash of the checks of a chapter's exercises; an empty text if it has none."""
    checks = _checks_of(chapter)
    return _digest(checks) if checks.is_file() else ""


def _checks_of(chapter: Path) -> Path:
    """Return where the checks of a chapter's exercises are, by the path of its notebook."""
    exercises = chapter.parents[1] / "dlbook" / "exercises"
    return exercises / f"chapter_{chapter.name.partition('_')[0]}.py"


def _sources(package: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and the digest of each file of the package but the chapters' checks."""
    for path in package.rglob("*"):
        if path.match("exercises/chapter_*.py") or "__pycache__" in path.parts:
            continue
        if path.is_file():
            yield path.relative_to(package).as_posix(), _digest(path)


def _image_files(data: Path) -> Iterator[tuple[str, int, int]]:
    """Yield name, size and modification time of the image sets' files.

    The first load unpacks the packed ones beside them, which changes nothing.
    """
    for folder in data.glob("*/raw"):
        for path in list(folder.glob("*.gz")) or folder.glob("*-ubyte"):
            status = path.stat()
            yield path.relative_to(data).as_posix(), status.st_size, status.st_mtime_ns


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _threads() -> list[str]:
    """Return what torch takes its number of threads from."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    named = [os.environ.get(name, "") for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS")]
    return [*named, str(os.cpu_count()), str(available)]


def _kernels() -> list[str]:
    """Return which instructions the processor has, and which torch's libraries may use."""
    named = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS")
    # NumPy is asked, for torch takes seconds to load.
    found: list[str] = np.show_config(mode="dicts")["SIMD Extensions"]["found"]
    return [*found, *(os.environ.get(name, "") for name in named)]


def _choose_folder(app: Sphinx, config: Config) -> None:
    """Point MyST-NB to the folder of the present state, beside the built site."""
    caches = Path(app.outdir).parent / _CACHE
    config.nb_execution_cache_path = str(caches / fingerprint(Path(app.confdir), data_root()))


def _note_checks(app: Sphinx, name: str, _source: list[str]) -> None:
    """Let a page be read again when the checks of its exercises change."""
    checks = _checks_of(Path(app.env.doc2path(name)))
    if checks.is_file():
        app.env.note_dependency(str(checks))


def _forget_oldest(app: Sphinx, _error: Exception | None) -> None:
    """Keep the folders of the last few states only."""
    used = Path(app.config.nb_execution_cache_path)
    if used.is_dir():
        os.utime(used)
    folders = [path for path in used.parent.glob("*") if path.is_dir()]
    newest_first = sorted(folders, key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in newest_first[_KEPT:]:
        shutil.rmtree(folder)


def register(app: Sphinx) -> None:
    """Choose the cache before MyST-NB reads its settings; tidy up at the end."""
    app.connect("config-inited", _choose_folder)
    app.connect("source-read", _note_checks)
    app.connect("build-finished", _forget_oldest)


if __name__ == "__main__":
    print(fingerprint(Path(), data_root()))
