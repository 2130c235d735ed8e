"""What the page for teachers promises: orders that hold, sizes that are true, a handout."""

import re
import shlex
import subprocess
import sys
from itertools import chain
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
WEEK = re.compile(r"^\| \d+ \| ([\d, ]+) \|", re.MULTILINE)
LINK = re.compile(r"\((\d\d)_\w+\.ipynb\)")


def order(title: str) -> list[list[str]]:
    """The chapters of each week, from the table under a heading."""
    (section,) = re.findall(rf"^## {title}$(.+?)^## ", PAGE, re.DOTALL | re.MULTILINE)
    return [week.split(", ") for week in WEEK.findall(section)]


def needed(chapter: str) -> set[str]:
    """The chapters that a chapter's first paragraphs name as needed."""
    promise = nbformat.read(CHAPTERS[chapter], as_version=4).cells[1].source
    _, found, needs = promise.partition("You need ")
    assert found, f"chapter {chapter} does not say what it needs"
    return set(LINK.findall(needs))


@pytest.mark.parametrize(("title", "weeks"), [("Twelve weeks", 12), ("Six weeks", 6)])
def test_no_chapter_comes_before_what_it_needs(title: str, weeks: int) -> None:
    planned = order(title)
    assert len(planned) == weeks
    row = list(chain(*planned))
    assert len(set(row)) == len(row)
    for place, chapter in enumerate(row):
        if chapter in CHAPTERS:
            assert needed(chapter) <= set(row[:place]), f"chapter {chapter} comes too early"


def test_a_term_has_every_chapter() -> None:
    missing = set(CHAPTERS) - set(chain(*order("Twelve weeks")))
    assert not missing, f"book/teach.md gives these chapters no week: {sorted(missing)}"


def test_what_six_weeks_leave_out_is_named() -> None:
    every, some = (set(chain(*order(title))) for title in ("Twelve weeks", "Six weeks"))
    (named,) = re.findall(r"^Left out are chapters ([\d, and]+), which", PAGE, re.MULTILINE)
    assert set(re.findall(r"\d\d", named)) == every - some


def test_chapters_have_the_size_that_is_stated() -> None:
    (ranges,) = re.findall(r"^A chapter has (.+) exercises\.", PAGE, re.MULTILINE)
    numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\b", ranges)]
    least, most, few, many, fewest, most_exercises = numbers
    for chapter, path in CHAPTERS.items():
        cells = nbformat.read(path, as_version=4).cells
        words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
        code = sum(cell.cell_type == "code" for cell in cells)
        exercises = len(of_chapter(int(chapter)))
        has = f"chapter {chapter}: {words} words, {code} code cells, {exercises} exercises"
        assert least <= words <= most, has
        assert few <= code <= many, has
        assert fewest <= exercises <= most_exercises, has


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
