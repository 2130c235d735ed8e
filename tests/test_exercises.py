"""Checked exercises: right answers pass, plausible wrong ones are rejected in words."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from answers import RIGHT, WRONG
from torch import nn

import dlbook.exercises
from dlbook.exercises import check, check_solution, progress
from dlbook.exercises.registry import of_chapter
from dlbook.models import mlp

CHECKS = Path(dlbook.exercises.__file__).parent.glob("chapter_*.py")
CHAPTERS = sorted(int(path.stem.removeprefix("chapter_")) for path in CHECKS)


@pytest.fixture(autouse=True)
def own_progress(empty_data_root: Path) -> Path:
    """The reader's file lies in a folder of the test's own."""
    return empty_data_root / "exercises.json"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def test_every_exercise_is_tried_with_right_and_wrong_answers() -> None:
    names = {name for chapter in CHAPTERS for name in of_chapter(chapter)}
    assert names == set(RIGHT) == {name for name, _, _ in WRONG}
    assert all(4 <= len(of_chapter(chapter)) <= 10 for chapter in CHAPTERS)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(name, RIGHT[name])
    assert said(capsys) == f"{name}: passed."


@pytest.mark.parametrize(("name", "answer", "word"), WRONG)
def test_a_wrong_answer_is_rejected_in_words(
    name: str, answer: Any, word: str, capsys: pytest.CaptureFixture[str], own_progress: Path
) -> None:
    check(name, answer)
    message = said(capsys)
    assert message.startswith(f"{name}: not yet. ")
    assert word in message
    assert not own_progress.exists()


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("stub", [..., None])
def test_an_untouched_stub_is_not_tried(
    name: str, stub: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, stub)
    assert "not tried yet" in said(capsys)
    if callable(RIGHT[name]) and not isinstance(RIGHT[name], nn.Module):
        check(name, lambda *_: stub)
        assert "not tried yet" in said(capsys)


def test_a_function_that_is_not_written_yet_is_not_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def later(*_: Any) -> None:
        raise NotImplementedError

    check("4.3", later)
    assert "not tried yet" in said(capsys)


def test_a_solution_passes_and_does_not_count(
    capsys: pytest.CaptureFixture[str], own_progress: Path
) -> None:
    check_solution("4.6", RIGHT["4.6"])
    assert said(capsys) == "4.6: the solution passes."
    assert not own_progress.exists()


def test_a_wrong_solution_fails() -> None:
    with pytest.raises(AssertionError, match=r"4\.1 does not pass"):
        check_solution("4.1", 7.0)


@pytest.mark.parametrize("name", ["4.99", "99.1", "4", "", "four", 4.2, None])
def test_an_unknown_name_is_an_error(name: Any) -> None:
    with pytest.raises(ValueError, match="exercise"):
        check(name, 1.0)


@pytest.mark.parametrize(
    ("name", "nearest"), [("4.99", "4.6"), ("99.1", "20.1"), ("04.2", "4.2"), ("0.0", "1.1")]
)
def test_an_unknown_number_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=rf'no exercise "{name}"; the nearest is "{nearest}"'):
        check(name, 1.0)


@pytest.mark.parametrize("chapter", ["4", 4.0, None])
def test_progress_asks_for_a_number(chapter: Any) -> None:
    with pytest.raises(TypeError, match="chapter must be a whole number"):
        progress(chapter)


def test_a_check_gives_the_readers_network_back_as_it_came() -> None:
    model = mlp([784, 20, 10], seed=0).eval()
    next(model.parameters()).grad = kept = torch.ones(20, 784)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    check("17.6", model)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module.training for module in model.modules())
    assert next(model.parameters()).grad is kept


def test_progress_survives_a_restart_and_counts_once(
    capsys: pytest.CaptureFixture[str], own_progress: Path
) -> None:
    check("4.1", RIGHT["4.1"])
    check("4.1", RIGHT["4.1"])
    check("4.3", RIGHT["4.3"])
    assert json.loads(own_progress.read_text(encoding="utf-8")) == ["4.1", "4.3"]
    assert [path.name for path in own_progress.parent.iterdir()] == [own_progress.name]
    said(capsys)
    progress(4)
    assert said(capsys) == "2 of 6 solved. Open: 4.2, 4.4, 4.5, 4.6."


def test_a_damaged_progress_file_is_named(own_progress: Path) -> None:
    own_progress.parent.mkdir(parents=True)
    own_progress.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match=r"exercises\.json is damaged"):
        progress(4)


def test_a_chapter_without_exercises_has_no_progress() -> None:
    with pytest.raises(ValueError, match="chapter"):
        progress(99)
