"""Executed outputs are reused exactly while nothing that they depend on has changed."""

import os
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book
from textbook.running.cache import fingerprint

pytestmark = pytest.mark.slow


@pytest.fixture
def state(tmp_path: Path) -> tuple[Path, Path]:
    """A book's root with a package and pins, and a data root with one image file."""
    book, data = tmp_path / "book", tmp_path / "data"
    (book / "dlbook" / "__pycache__").mkdir(parents=True)
    (book / "dlbook" / "model.py").write_text("SLOPE = 2\n")
    (book / "constraints.txt").write_text("torch==1\n")
    (data / "MNIST" / "raw").mkdir(parents=True)
    (data / "MNIST" / "raw" / "train.gz").write_bytes(b"images")
    return book, data


def edit_a_source(book: Path, _data: Path) -> None:
    (book / "dlbook" / "model.py").write_text("SLOPE = 3\n")


def add_a_source(book: Path, _data: Path) -> None:
    (book / "dlbook" / "new.py").touch()


def edit_the_pins(book: Path, _data: Path) -> None:
    (book / "constraints.txt").write_text("torch==2\n")


def replace_the_data(_book: Path, data: Path) -> None:
    (data / "MNIST" / "raw" / "train.gz").write_bytes(b"others")
    os.utime(data / "MNIST" / "raw" / "train.gz", (1, 1))


def unpack_other_data(_book: Path, data: Path) -> None:
    (data / "MNIST" / "raw" / "train.gz").unlink()
    (data / "MNIST" / "raw" / "train-ubyte").write_bytes(b"unpacked")


def remove_the_data(_book: Path, data: Path) -> None:
    (data / "MNIST" / "raw" / "train.gz").unlink()


@pytest.mark.parametrize(
    "change",
    [
        edit_a_source,
        add_a_source,
        edit_the_pins,
        replace_the_data,
        unpack_other_data,
        remove_the_data,
    ],
)
def test_fingerprint_changes(
    state: tuple[Path, Path], change: Callable[[Path, Path], None]
) -> None:
    before = fingerprint(*state)
    assert fingerprint(*state) == before
    change(*state)
    assert fingerprint(*state) != before


def test_fingerprint_has_the_threads(
    state: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(*state)
    monkeypatch.setenv("OMP_NUM_THREADS", "63")
    assert fingerprint(*state) != before


def test_fingerprint_ignores_what_the_first_load_unpacks(state: tuple[Path, Path]) -> None:
    before = fingerprint(*state)
    (state[1] / "MNIST" / "raw" / "train-ubyte").write_bytes(b"images")
    assert fingerprint(*state) == before


def test_fingerprint_leaves_the_checks_to_their_chapters(state: tuple[Path, Path]) -> None:
    before = fingerprint(*state)
    exercises = state[0] / "dlbook" / "exercises"
    exercises.mkdir()
    (exercises / "chapter_21.py").write_text("SHARE = 0.1")
    assert fingerprint(*state) == before


def test_fingerprint_ignores_compiled_files(state: tuple[Path, Path]) -> None:
    before = fingerprint(*state)
    (state[0] / "dlbook" / "__pycache__" / "model.pyc").write_bytes(b"code")
    assert fingerprint(*state) == before


@pytest.fixture
def book(state: tuple[Path, Path]) -> Book:
    """A book whose one notebook counts its executions and shows a number of the package."""
    root, data = state
    cell = new_code_cell(
        "from pathlib import Path\n"
        "runs = Path('../runs.txt')\n"
        "with runs.open('a') as file: _ = file.write('x')\n"
        "print('slope', Path('../dlbook/model.py').read_text())"
    )
    notebook = new_notebook(cells=[new_markdown_cell("# Chapter"), cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    (root / "notebooks").mkdir()
    nbformat.write(notebook, root / "notebooks" / "chapter.ipynb")
    return Book(
        root,
        extensions=["myst_nb"],
        parts=["running.cache"],
        settings={"root_doc": "notebooks/chapter", "nb_execution_mode": "cache"},
        environment={"DLBOOK_DATA": str(data)},
    )


def test_pages_are_executed_again_only_when_something_changed(book: Book) -> None:
    def runs() -> int:
        result = book.build("-W")
        assert result.returncode == 0, result.stderr
        return len((book.root / "runs.txt").read_text())

    assert runs() == 1
    assert "slope SLOPE = 2" in book.page("notebooks/chapter")
    assert runs() == 1
    (book.root / "dlbook" / "model.py").write_text("SLOPE = 3\n")
    assert runs() == 2
    assert "slope SLOPE = 3" in book.page("notebooks/chapter")
