"""The ten broken scripts of chapter 19 fail, and with their fault mended they learn."""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from statistics import fmean
from types import ModuleType
from typing import Any

import nbformat
import pytest
from chapter_cells import NOTEBOOKS, sources
from fuzzing import Good, fuzz

from dlbook.exercises.chapter_19 import FAULTS, MENU
from dlbook.faults import mend

pytestmark = pytest.mark.slow

CHAPTER = "19_when_it_does_not_learn"
GUESSING = 2.3026  # ln 10
SHOWN_LINES = 20


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModuleType]:
    """The chapter's scripts, tools and cures as a module; its pictures are left out."""
    notebook = nbformat.read(NOTEBOOKS / f"{CHAPTER}.ipynb", as_version=nbformat.NO_CONVERT)
    left_out = re.compile(r".*-(figure|explorer)|progress|exercise-.*|control.*|linear.*|pitfall.*")
    cells = [
        cell.source
        for cell in notebook.cells[1:]
        if cell.cell_type == "code" and not left_out.fullmatch(cell.id)
    ]
    path = tmp_path_factory.mktemp("chapter") / "broken_scripts.py"
    path.write_text("\n\n".join(cells), encoding="utf-8")
    specification = importlib.util.spec_from_file_location("broken_scripts", path)
    module = importlib.util.module_from_spec(specification)
    sys.modules["broken_scripts"] = module
    specification.loader.exec_module(module)
    yield module
    del sys.modules["broken_scripts"]


def last(losses: list[float]) -> float:
    return fmean(losses[-10:])


# What is to be seen of each broken script: its losses and its score against the healthy ones.
SYMPTOMS: dict[int, Callable[[list[float], float], bool]] = {
    1: lambda losses, score: losses[0] > 4 * GUESSING and score < 0.3,
    2: lambda losses, score: min(losses) < 1.7 and last(losses) > 2 and score < 0.5,
    3: lambda losses, score: last(losses) > 2 and score < 0.5,
    4: lambda losses, score: last(losses) < 0.3 and score < 0.3,
    5: lambda losses, _: min(losses) > 1.461,
    6: lambda losses, score: last(losses) > 2 and score < 0.35,
    7: lambda losses, score: last(losses) > 0.95 * GUESSING and score < 0.3,
    8: lambda losses, score: last(losses) < 0.2 and score < 0.5,
    9: lambda losses, score: last(losses) > 0.35 and score > 0.25,
    10: lambda losses, score: last(losses) < 0.1 and score > 0.97,
}
# Where the cured score lies; the ninth is a squared error.
CURED = dict.fromkeys(range(1, 9), (0.9, 1.0)) | {9: (0.0, 0.15), 10: (0.6, 0.96)}


def test_the_healthy_script_learns(chapter: ModuleType) -> None:
    _, losses, score = chapter.healthy
    assert 2.2 < losses[0] < 2.5
    assert last(losses) < 0.25
    assert score > 0.9


@pytest.mark.parametrize("number", SYMPTOMS)
def test_a_broken_script_shows_its_symptom(chapter: ModuleType, number: int) -> None:
    _, losses, score = chapter.runs[number]
    assert SYMPTOMS[number](losses, score)


@pytest.mark.parametrize("number", SYMPTOMS)
def test_a_cured_script_learns(chapter: ModuleType, number: int) -> None:
    _, losses, score = getattr(chapter, f"cured_{number}")
    low, high = CURED[number]
    assert low < score <= high
    assert last(losses) < 0.3
    assert not SYMPTOMS[number](losses, score)


@pytest.mark.parametrize("number", SYMPTOMS)
def test_a_script_is_short(number: int) -> None:
    (source,) = (s for s in sources(CHAPTER, f"script-19-{number}") if f"script_{number}()" in s)
    script = source[source.index("def script_") :].split("\n\n\n")[0]
    assert len(script.splitlines()) <= SHOWN_LINES


def test_the_menu_is_the_one_that_the_checks_know() -> None:
    notebook = nbformat.read(NOTEBOOKS / f"{CHAPTER}.ipynb", as_version=nbformat.NO_CONVERT)
    (text,) = (cell.source for cell in notebook.cells if cell.id == "exercises")
    assert tuple(re.findall(r'^- `"(.+)"`$', text, re.MULTILINE)) == MENU
    assert {fault for fault, _ in FAULTS.values()} == set(MENU[:10])


FACTOR = 3


def times(x: float) -> float:
    total = 0.0
    for _ in range(2):
        total += FACTOR * x
    return total


def listed(x: int) -> list[int]:
    done = [x]
    done.append(1)
    done.append(1)
    done.append(2)
    return done


def test_mend_changes_a_copy_that_sees_the_same_names() -> None:
    assert mend(times, {"total += FACTOR * x": "total -= FACTOR * x"})(1.0) == -6
    assert mend(times, {})(1.0) == times(1.0) == 6


def test_mend_takes_several_lines_or_none_and_keeps_their_margin() -> None:
    several = mend(times, {"total += FACTOR * x": "if x > 0:\n    total += 1\ntotal += 1"})
    assert (several(1.0), several(-1.0)) == (4, 2)
    assert mend(listed, {"done.append(2)": ""})(0) == [0, 1, 1]


def test_what_was_mended_can_be_mended_again() -> None:
    once = mend(times, {"for _ in range(2):": "for _ in range(1):"})
    assert mend(once, {"total = 0.0": "total = 1.0"})(1.0) == 4


@pytest.mark.parametrize(
    ("script", "line", "count"), [(times, "absent", 0), (listed, "done.append(1)", 2)]
)
def test_mend_names_a_line_that_is_not_there_once(
    script: Callable[..., Any], line: str, count: int
) -> None:
    with pytest.raises(ValueError, match=rf"changes .* {script.__name__} has once; it has {count}"):
        mend(script, {line: ""})


def test_mend_answers_or_names_what_is_wrong() -> None:
    good = {"script": times, "changes": {"total = 0.0": "total = 1.0"}}
    words = {"script": r"\bscript\b|that \w+ has once"}
    fuzz(
        "dlbook.faults:mend", Good(lambda: dict(good), lambda made, _: made(1.0) >= 6, words=words)
    )
