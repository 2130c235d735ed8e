"""How long the chapters ran when the book was built: side by side, one a core."""

import os
from collections.abc import Iterator
from pathlib import Path

import execution_cache
import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import JupyterCacheAbstract

from benchmarks.results import ROOT
from benchmarks.rows import Bar, CannotMeasureError, Row
from dlbook.data_root import data_root

PARTS = {"Part I": range(1, 10), "Part II": range(10, 16), "Part III": range(16, 21)}
PART_BARS = {"Part I": Bar("≤", 90), "Part II": Bar("≤", 90), "Part III": Bar("≤", 150)}
CHAPTER_BAR, MNIST_BAR = Bar("≤", 20), Bar("≤", 60)
LARGE_SETS = ('load_images("mnist")', "load_images(config.data)")


def main() -> list[Row]:
    """The seconds of each part and of each chapter."""
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    cache = get_cache(cache_folder())
    times = {path: seconds(cache, path) for path in notebooks}
    return [*parts(times), *chapters(times)]


def parts(times: dict[Path, float]) -> Iterator[Row]:
    """Yield the sum of each part of the book."""
    for name, numbers in PARTS.items():
        total = sum(time for path, time in times.items() if int(path.name[:2]) in numbers)
        yield Row(f"{name}, all chapters", "s", (total,), PART_BARS[name])


def chapters(times: dict[Path, float]) -> Iterator[Row]:
    """Yield each chapter's time; those on large sets of pictures may take longer."""
    for path, time in times.items():
        text = path.read_text(encoding="utf-8").replace("\\", "")
        large = any(loaded in text for loaded in LARGE_SETS)
        name = path.stem.replace("_", " ")
        yield Row(name, "s", (time,), MNIST_BAR if large else CHAPTER_BAR)


def cache_folder() -> Path:
    """Return where `make book` keeps the outputs of the present state."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as in the build
    return ROOT / "_build" / ".jupyter_cache" / execution_cache.fingerprint(ROOT, data_root())


def seconds(cache: JupyterCacheAbstract, notebook: Path) -> float:
    """Return how long a notebook ran, from the cache.

    Raises:
        CannotMeasureError: the notebook was not run in its present state.
    """
    try:
        record = cache.match_cache_notebook(nbformat.read(notebook, as_version=4))
    except KeyError as error:
        message = f"{notebook.name} has not been run as it is; run `make book` first"
        raise CannotMeasureError(message) from error
    return float(record.data["execution_seconds"])
