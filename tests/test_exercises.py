"""Checked exercises: right answers pass, plausible wrong ones are rejected in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from dlbook.exercises import check, check_solution, progress
from dlbook.exercises.registry import of_chapter
from dlbook.models import mlp

CHAPTERS = (3, 4, 17)


def golden_steps(f: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(60):
        a, b = low + 0.382 * (high - low), low + 0.618 * (high - low)
        low, high = (low, b) if f(a) < f(b) else (a, high)
    return (low + high) / 2


def walk_until_short(
    gradient: Callable[[float], float], w: float, lr: float, tolerance: float
) -> tuple[float, int]:
    steps = 0
    while abs(gradient(w)) > tolerance:
        w, steps = w - lr * gradient(w), steps + 1
    return w, steps


RIGHT: dict[str, Any] = {
    "3.1": 7 / 6,
    "3.2": lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(dim=1),
    "3.3": lambda x, y: (x @ y) / (x @ x),
    "3.4": 2.0,
    "3.5": golden_steps,
    "4.1": torch.tensor(3 - 0.1 * 28 / 3),
    "4.2": lambda w, b, x, y: torch.stack(
        (2 * (x * (x * w + b - y)).mean(), 2 * (x * w + b - y).mean())
    ),
    "4.3": lambda x: 1 / x.square().mean(),
    "4.4": walk_until_short,
    "4.5": lambda h: {True: "minimum", False: "maximum"}.get(
        bool((torch.linalg.eigvalsh(h) > 0).all())
        if torch.linalg.eigvalsh(h).sign().unique().numel() == 1
        else None,
        "saddle",
    ),
    "4.6": 0.168,
    "17.1": 784 * 100 + 100 + 100 * 10 + 10,
    "17.2": lambda images, mean, std: ((images.float() / 255 - mean) / std)[:, None],
    "17.3": lambda logits, y: (logits.argmax(1) == y).float().mean().item(),
    "17.4": lambda confusion: confusion.diag() / confusion.sum(1),
    "17.5": lambda batch: torch.cat((torch.zeros_like(batch[..., :1]), batch[..., :-1]), dim=-1),
    "17.6": mlp([784, 32, 10], seed=1),
}

# What a learner plausibly writes, and a piece of what the check must say to it.
WRONG: list[tuple[str, Any, str]] = [
    ("3.1", 3.5, "sum"),
    ("3.1", "7/6", "the text '7/6'"),
    ("3.1", torch.ones(3), "shape (3,)"),
    ("3.2", lambda w, x, y: ((x * w[:, None] - y) ** 2).mean(), "shape (5,)"),
    ("3.2", lambda w, x, y: ((x * w - y) ** 2).mean(), "raised"),
    ("3.2", lambda w, x, y: (x * w[:, None] - y).mean(dim=1), "is not right"),
    ("3.3", lambda x, y: (y / x).mean(), "is not right"),
    ("3.3", 2.0, "a function is expected"),
    ("3.4", 4.0, "not right"),
    ("3.4", 4.9, "squared"),
    ("3.5", lambda f, low, high: (low + high) / 2, "not right"),
    (
        "3.5",
        lambda f, low, high: min((low + i * (high - low) / 9999 for i in range(9999)), key=f),
        "1,000 costs",
    ),
    ("4.1", 3 + 0.1 * 28 / 3, "sign"),
    ("4.1", 3 - 0.1 * 28, "slope at w = 3"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack(((x * (x * w + b - y)).mean(), (x * w + b - y).mean())),
        "is not right",
    ),
    ("4.2", lambda w, b, x, y: 2 * (x * (x * w + b - y)).mean(), "shape (2,)"),
    (
        "4.2",
        lambda w, b, x, y: torch.stack((2 * (x * (x - y)).mean(), 2 * (x - y).mean())),
        "is not right",
    ),
    ("4.3", lambda x: 2 / x.square().mean(), "is not right"),
    ("4.3", lambda x: 1 / x.square().sum(), "is not right"),
    ("4.4", lambda gradient, w, lr, tolerance: w, "a pair"),
    ("4.4", lambda gradient, w, lr, tolerance: (w - lr * gradient(w), 1), "is not right"),
    ("4.5", lambda h: "saddle", "minimum"),
    ("4.5", lambda h: "minimum" if h.det() > 0 else "saddle", "maximum"),
    ("4.6", 1 / 11.093, "the cost after 50 steps"),
    ("4.6", 0.1803, "the cost after 50 steps"),
    ("4.6", 3.0, "no learning rate"),
    ("17.1", 784 * 100 + 100 * 10, "biases"),
    ("17.1", 784 + 100 + 10, "not right"),
    ("17.2", lambda images, mean, std: (images.float() / 255 - mean) / std, "shape"),
    ("17.2", lambda images, mean, std: ((images.float() - mean) / std)[:, None], "255"),
    ("17.2", lambda images, mean, std: ((images.double() / 255 - mean) / std)[:, None], "dtype"),
    ("17.3", lambda logits, y: (logits.argmax(1) == y).sum(), "is not right"),
    ("17.3", lambda logits, y: (logits.argmax(0) == y).float().mean(), "raised"),
    ("17.4", lambda confusion: confusion.diag() / confusion.sum(0), "is not right"),
    ("17.5", lambda batch: batch.roll(1, dims=-1), "zeros"),
    ("17.5", lambda batch: torch.nn.functional.pad(batch, (1, 0)), "shape"),
    ("17.6", mlp([784, 512, 10]), "60,000"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Softmax(dim=1)), "logits"),
    ("17.6", nn.Sequential(nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)), "raised"),
    ("17.6", nn.Sequential(*mlp([784, 32, 10]), nn.Tanh(), nn.Hardtanh(-1e-9, 1e-9)), "by heart"),
]


@pytest.fixture(autouse=True)
def own_progress(empty_data_root: Path) -> Path:
    """The reader's file lies in a folder of the test's own."""
    return empty_data_root / "exercises.json"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.strip()


def test_every_exercise_is_tried_with_right_and_wrong_answers() -> None:
    names = {name for chapter in CHAPTERS for name in of_chapter(chapter)}
    assert names == set(RIGHT) == {name for name, _, _ in WRONG}
    assert all(4 <= len(of_chapter(chapter)) <= 8 for chapter in CHAPTERS)


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


@pytest.mark.parametrize("name", ["4.99", "2.1", "4", "", "four", 4.2, None])
def test_an_unknown_name_is_an_error(name: Any) -> None:
    with pytest.raises(ValueError, match="exercise"):
        check(name, 1.0)


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
