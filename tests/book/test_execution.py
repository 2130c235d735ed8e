"""The notebooks of a build run side by side, once each."""

import os
from pathlib import Path

import nbformat
import pytest
from children import LIMIT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from small_book import Book

pytestmark = pytest.mark.slow

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

RENDEZVOUS = """
import os, time
from pathlib import Path
Path("{own}.here").touch()
limit = time.monotonic() + {limit}
while not Path("{other}.here").exists() and time.monotonic() < limit:
    time.sleep(0.05)
print("met" if Path("{other}.here").exists() else "alone")
print(os.environ["OMP_NUM_THREADS"], "thread, progress", os.environ["DLBOOK_PROGRESS"])
"""
COUNT = """
with open("runs-{own}.txt", "a") as file:
    _ = file.write("x")
"""
FAILURES = {
    "an error": (
        "x = 1\nraise ValueError('planted')",
        "raise ValueError('planted') (ValueError: planted)",
    ),
    "an assert": (
        "def low():\n    return 1\n\nassert low() > 2",
        ": assert low() > 2 (AssertionError)",
    ),
    "a dead kernel": ("import os\nos._exit(1)", ": Kernel died"),
}


def book_of(root: Path, chapters: dict[str, str]) -> Book:
    """A book whose chapters hold one code cell each, besides one that counts its runs."""
    (root / "dlbook").mkdir(parents=True)
    (root / "constraints.txt").touch()
    for name, source in chapters.items():
        cells = [new_markdown_cell(f"# {name}"), new_code_cell(COUNT.format(own=name))]
        notebook = new_notebook(cells=[*cells, new_code_cell(source)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, root / f"{name}.ipynb")
    toctree = "\n".join(["```{toctree}", *chapters, "```"])
    (root / "index.md").write_text(f"# Book\n\n{toctree}\n")
    return Book(
        root,
        extensions=["myst_nb"],
        parts=["running.cache", "running.execution"],
        settings={"nb_execution_mode": "cache", "nb_execution_show_tb": True},
        environment={
            "DLBOOK_DATA": str(root / "data"),
            "OMP_NUM_THREADS": "1",
            "DLBOOK_PROGRESS": "1",
        },
    )


@pytest.mark.skipif(CORES < 2, reason="one core: the notebooks run one after the other")
def test_two_notebooks_run_at_the_same_time(tmp_path: Path) -> None:
    cells = {
        own: RENDEZVOUS.format(own=own, other=other, limit=LIMIT)
        for own, other in [("first", "second"), ("second", "first")]
    }
    book = book_of(tmp_path, cells)
    result = book.build("-W")
    assert result.returncode == 0, result.stderr
    for name in cells:
        assert "met\n1 thread, progress 0" in book.page(name)
        assert (tmp_path / f"runs-{name}.txt").read_text() == "x"


def test_garbage_is_rarely_collected_and_the_notebook_starts_empty(tmp_path: Path) -> None:
    look = "print(sorted(set(dir()) & {'gc'}), __import__('gc').get_threshold()[0])"
    book = book_of(tmp_path, {"only": look})
    assert book.build("-W").returncode == 0
    assert "[] 100000" in book.page("only")


@pytest.mark.parametrize("kind", FAILURES)
def test_a_notebook_that_fails_is_named_last_and_the_others_are_kept(
    tmp_path: Path, kind: str
) -> None:
    source, reason = FAILURES[kind]
    book = book_of(tmp_path, {"good": "print(6 * 7)", "bad": source})
    cell = nbformat.read(tmp_path / "bad.ipynb", as_version=4).cells[-1].id
    for runs in ("x", "xx"):  # the next build tries again
        result = book.build("-W", "--keep-going")
        assert result.returncode != 0
        last = result.stderr.splitlines()[-1]
        assert last.startswith(f"bad.ipynb, cell {cell}: ")
        assert last.endswith(reason)
        assert "42" in book.page("good")
        assert (tmp_path / "runs-bad.txt").read_text() == runs
        assert (tmp_path / "runs-good.txt").read_text() == "x"


def test_new_checks_of_a_chapter_run_that_chapter_alone(tmp_path: Path) -> None:
    book = book_of(tmp_path / "notebooks", {"01_one": "print(1)", "02_two": "print(2)"})
    checks = tmp_path / "dlbook" / "exercises" / "chapter_02.py"
    checks.parent.mkdir(parents=True)
    checks.write_text("CHECK = 1")
    for change, runs in (("", "x"), ("", "x"), ("CHECK = 2", "xx")):
        checks.write_text(change or checks.read_text())
        assert book.build("-W").returncode == 0
        assert (book.root / "runs-02_two.txt").read_text() == runs
        assert (book.root / "runs-01_one.txt").read_text() == "x"


def test_no_line_of_the_log_warns(tmp_path: Path) -> None:
    result = book_of(tmp_path, {"only": "print(1)"}).build("-W")
    assert (result.returncode, result.stderr) == (0, "")
