"""A chapter made from the template keeps every convention, and nothing is overwritten."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from new_chapter import create, places

pytestmark = pytest.mark.slow

NAME = "21_attention_in_short"
PARTS = ("dlbook", "notebooks", "tests", "book/template", "book/new_chapter.py")
FILES = ("_config.yml", "pyproject.toml", "constraints.txt")


@pytest.fixture
def copy(tmp_path: Path, root: Path) -> Path:
    """A copy of the book in which chapters can be made."""
    unneeded = shutil.ignore_patterns("__pycache__", ".*")
    for part in (*PARTS, *FILES):
        source, target = root / part, tmp_path / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=unneeded)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return tmp_path


def run(copy: Path, *command: str) -> str:
    """What a Python command says in the copy, whose own dlbook is the one imported."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_chapter_keeps_the_conventions(copy: Path) -> None:
    said = run(copy, "book/new_chapter.py", NAME)
    made = list(places(NAME).values())
    assert said.splitlines()[: len(made)] == made
    notebook = made[-1]
    run(copy, "-m", "ruff", "check", *made)
    run(copy, "-m", "ruff", "format", "--check", *made)
    run(copy, "-m", "dlbook", "store", notebook)
    run(copy, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", notebook)
    tests = [
        "tests/notebooks/test_chapters.py",
        "tests/notebooks/test_exempt_cells.py",
        "tests/package/exercises/test_exercises.py",
    ]
    chosen = f"{Path(notebook).stem} or 21. or unique or nine_in_ten or says_why or every_exercise"
    assert "passed" in run(copy, "-m", "pytest", "-q", "-n", "0", *tests, "-k", chosen)
    for place in made:
        text = (copy / place).read_text(encoding="utf-8")
        assert "99" not in text
        assert "title of the chapter" not in text.lower()
    assert "# Attention in short" in (copy / notebook).read_text(encoding="utf-8")


def test_nothing_is_overwritten(copy: Path) -> None:
    create(copy, NAME)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    for name in (NAME, "21_another", "16_again"):
        with pytest.raises(FileExistsError, match=r"chapter \d\d is there already: notebooks/"):
            create(copy, name)
    (copy / places(NAME)["chapter.ipynb"]).unlink()
    with pytest.raises(FileExistsError, match=r"dlbook/exercises/chapter_21\.py"):
        create(copy, NAME)
    after = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert after.items() <= before.items()
    assert len(after) == len(before) - 1


@pytest.mark.parametrize("name", ["", "attention", "21", "21-attention", "1_x", "21_A", "99_x"])
def test_a_name_of_another_form_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="21_attention"):
        create(tmp_path, name)
    assert list(tmp_path.iterdir()) == []
