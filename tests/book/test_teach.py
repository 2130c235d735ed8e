"""What the page for teachers promises: orders that hold, and a handout."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from dlbook.exercises.registry import of_chapter

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "book" / "teach.md").read_text(encoding="utf-8")
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
FILES = [ROOT / f"{page['file']}.ipynb" for part in PARTS for page in part["chapters"]]
CHAPTERS = {path.stem[:2]: path for path in FILES if path.is_file()}
LINK = re.compile(r"\((\d\d)_\w+\.ipynb\)")


def promise(chapter: str) -> nbformat.NotebookNode:
    """The first cell of text of a chapter."""
    cells = nbformat.read(CHAPTERS[chapter], as_version=4).cells
    return next(cell for cell in cells if cell.cell_type == "markdown")


def needed(chapter: str) -> set[str]:
    """The chapters that a chapter's first paragraphs name as needed."""
    _, found, needs = promise(chapter).source.partition("You need ")
    assert found, f"chapter {chapter} does not say what it needs"
    return set(LINK.findall(needs))


@pytest.mark.parametrize(("plan", "count"), [("twelve", 12), ("six", 6)])
def test_no_chapter_comes_before_what_it_needs(plan: str, count: int) -> None:
    told = {chapter: promise(chapter).metadata.get("weeks", {}) for chapter in CHAPTERS}
    week = {chapter: weeks[plan] for chapter, weeks in told.items() if plan in weeks}
    assert set(week.values()) == set(range(1, count + 1))
    for chapter in week:
        assert told[chapter]["afterwards"]
        for earlier in needed(chapter):
            assert earlier in week, f"{chapter} needs {earlier}, which is left out"
            assert (week[earlier], earlier) < (week[chapter], chapter), f"{chapter} comes too early"


def test_a_term_has_every_chapter() -> None:
    without = [name for name in CHAPTERS if "twelve" not in promise(name).metadata.get("weeks", {})]
    assert not without, f"these chapters say no week of the twelve: {without}"


def test_the_handout_is_the_chapter_without_its_solutions(tmp_path: Path) -> None:
    (line,) = re.findall(r"^\.venv/bin/(jupyter nbconvert .+)$", PAGE, re.MULTILINE)
    told = {"handout": str(tmp_path), "notebooks/*.ipynb": str(CHAPTERS["04"])}
    command = [told.get(word, word) for word in shlex.split(line)]
    subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True)
    before = nbformat.read(CHAPTERS["04"], as_version=4).cells
    after = nbformat.read(tmp_path / CHAPTERS["04"].name, as_version=4).cells
    kept = [cell.id for cell in before if "solution" not in cell.metadata.get("tags", [])]
    assert [cell.id for cell in after] == kept
    assert len(kept) == len(before) - len(of_chapter(4))
