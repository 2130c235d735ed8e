"""How long the chapters run when the book is built from nothing: side by side, one a core.

A copy of the book is built several times. It takes a quarter of an hour.
"""

from collections.abc import Iterator

from benchmarks.book_copy import Build, copied
from benchmarks.results import ROOT
from benchmarks.rows import Bar, Row

ROUNDS = 3
BOOK_BAR = Bar("≤", 300)
PARTS = {"Part I": range(1, 10), "Part II": range(10, 16), "Part III": range(16, 21)}
PART_BARS = {"Part I": Bar("≤", 90), "Part II": Bar("≤", 90), "Part III": Bar("≤", 150)}
CHAPTER_BAR, MNIST_BAR = Bar("≤", 20), Bar("≤", 60)
LARGE_SETS = ('load_images("mnist")', "load_images(config.data)")


def main() -> list[Row]:
    """The seconds of the book, of each part and of each chapter."""
    builds = [fresh_build() for _ in range(ROUNDS)]
    whole = tuple(build.seconds for build in builds)
    book = Row("the book from nothing, all chapters run", "s", whole, BOOK_BAR)
    return [book, *parts(builds), *chapters(builds)]


def fresh_build() -> Build:
    """Build the book from nothing."""
    with copied() as copy:
        return copy.build()


def parts(builds: list[Build]) -> Iterator[Row]:
    """Yield the sum of each part of the book."""
    for name, numbers in PARTS.items():
        totals = tuple(
            sum(time for chapter, time in build.chapters.items() if int(chapter[:2]) in numbers)
            for build in builds
        )
        yield Row(f"{name}, the sum of its chapters", "s", totals, PART_BARS[name])


def chapters(builds: list[Build]) -> Iterator[Row]:
    """Yield each chapter's time; those on large sets of pictures may take longer."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8").replace("\\", "")
        large = any(loaded in text for loaded in LARGE_SETS)
        times = tuple(build.chapters[path.stem] for build in builds)
        yield Row(path.stem.replace("_", " "), "s", times, MNIST_BAR if large else CHAPTER_BAR)
