"""Checked exercises: right answers pass, plausible wrong ones are rejected in words."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from answers import RIGHT, RIGHT_TOO, WRONG
from torch import Tensor, nn

import dlbook.exercises
from dlbook.exercises import check, check_solution, progress
from dlbook.exercises.registry import of_chapter
from dlbook.models import mlp

CHECKS = Path(dlbook.exercises.__file__).parent.glob("chapter_*.py")
CHAPTERS = sorted(int(path.stem.removeprefix("chapter_")) for path in CHECKS)
FUNCTIONS = [
    name for name, right in RIGHT.items() if callable(right) and not isinstance(right, nn.Module)
]
RETURNS_NOTHING = {"18.4"}  # `write_safely` only writes
AS_ASKED = {  # no other type of number will do
    "2.1",  # float32
    "2.2",  # a shape
    "2.6",  # a view
    "5.3",  # a leaf
    "9.2",  # a Python number
    "9.5",  # state dicts
    "17.2",  # float32
}


@pytest.fixture(autouse=True)
def own_progress(empty_data_root: Path) -> Path:
    """The reader's file lies in a folder of the test's own."""
    return empty_data_root / "exercises.json"


class NoDoubles(Tensor):
    """Like a tensor of an Apple card: it can be moved to the CPU, and knows no float64."""

    @classmethod
    def __torch_function__(
        cls, function: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        if function is Tensor.double or any(value is torch.float64 for value in args):
            raise TypeError("the MPS framework doesn't support float64")
        if function is Tensor.cpu:
            with torch._C.DisableTorchFunctionSubclass():
                return args[0].as_subclass(Tensor)
        return super().__torch_function__(function, types, args, kwargs)


class Awkward(str):
    """A text that cannot be compared."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        raise OSError("cannot be compared")


def one_double(value: float) -> Tensor:
    return torch.tensor([value], dtype=torch.float64)


def rounded(value: float) -> Any:
    """A NumPy integer where the number is a whole one."""
    return np.int64(value) if float(value).is_integer() else value


def with_numbers(answer: Any, spelled: Callable[[float], Any]) -> Any:
    """The answer, or the function, with all numbers spelled in another way; tensors in float64."""
    if callable(answer) and not isinstance(answer, nn.Module | type):
        return lambda *arguments: with_numbers(answer(*arguments), spelled)
    if isinstance(answer, Tensor) and answer.is_floating_point():
        return answer.double() if answer.ndim else spelled(answer.item())
    if isinstance(answer, dict):
        return {key: with_numbers(value, spelled) for key, value in answer.items()}
    if isinstance(answer, tuple):
        return tuple(with_numbers(value, spelled) for value in answer)
    number = isinstance(answer, int | float) and not isinstance(answer, bool)
    return spelled(answer) if number else answer


def endless_loop(*_: Any) -> None:
    while True:
        pass


def name_in_the_notebook(name: str, root: Path) -> str:
    """What the stub of an exercise calls the function."""
    chapter = int(name.split(".")[0])
    (notebook,) = (root / "notebooks").glob(f"{chapter:02d}_*.ipynb")
    found = re.search(rf'check\(\\"{re.escape(name)}\\", (\w+)\)', notebook.read_text("utf-8"))
    assert found
    return found[1]


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
    assert message.startswith(f"{name}, not yet: ")
    assert word in message
    assert not own_progress.exists()


@pytest.mark.parametrize(("name", "answer"), RIGHT_TOO)
def test_a_right_answer_in_another_spelling_passes(
    name: str, answer: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, answer)
    assert said(capsys) == f"{name}: passed."


@pytest.mark.parametrize("spelled", [float, np.float64, np.array, one_double, rounded])
@pytest.mark.parametrize("name", [name for name in RIGHT if name not in AS_ASKED])
def test_a_right_number_of_any_kind_passes(
    name: str, spelled: Callable[[float], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, with_numbers(RIGHT[name], spelled))
    assert said(capsys) == f"{name}: passed."


@pytest.mark.parametrize("name", RIGHT)
def test_an_untouched_stub_is_not_tried(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    check(name, ...)
    assert "not tried yet" in said(capsys)
    if name in FUNCTIONS:
        check(name, lambda *_: ...)
        assert "not tried yet" in said(capsys)


def test_a_module_whose_forward_is_untouched_is_not_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Gated(nn.Module):
        def __init__(self, inputs: int, outputs: int) -> None:
            super().__init__()

        def forward(self, x: Tensor) -> Any:
            return ...

    check("12.4", Gated)
    assert "not tried yet" in said(capsys)


@pytest.mark.parametrize("name", RIGHT)
def test_nothing_is_an_answer_and_a_wrong_one(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, None)
    assert re.match(rf"{name}, not yet: .*, got (nothing \()?None", said(capsys))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name not in RETURNS_NOTHING])
def test_a_forgotten_return_is_named_with_the_readers_function(
    name: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, lambda *_: None)
    message = said(capsys)
    assert re.match(rf"{name}, not yet: {name_in_the_notebook(name, root)}\b", message)
    assert "returned nothing (None). Did you forget `return`?" in message


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_operation_that_torch_does_not_know_is_an_error(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, lambda *_: torch.ones(2) ^ 2)
    message = said(capsys)
    assert message.startswith(f"{name}, not yet: ")
    assert "raised NotImplementedError" in message
    assert "A power is written **" in message


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_loop_without_end_is_stopped_in_words(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    check(name, endless_loop, seconds=0.1)
    message = said(capsys)
    assert message.startswith(f"{name}, not yet: ")
    assert "did not come to an end in time. Does a loop in it never stop?" in message


def test_a_walk_with_a_gradient_computed_once_is_stopped_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def minimize(gradient: Any, w: float, lr: float, tolerance: float) -> tuple[float, int]:
        steps, slope = 0, gradient(w)
        while abs(slope) > tolerance:
            w, steps = w - lr * slope, steps + 1
        return w, steps

    check("4.4", minimize, seconds=0.2)
    assert "minimize(gradient, 0, 0.1, 0.001) did not come to an end" in said(capsys)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), 1e30])
def test_a_time_limit_is_a_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be a finite number above 0"):
        check("4.1", 1.0, seconds=seconds)


def test_a_number_of_an_apple_card_is_moved_before_it_is_made_double(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check("7.3", RIGHT["7.3"].as_subclass(NoDoubles))
    assert said(capsys) == "7.3: passed."


def test_a_network_gets_pictures_on_its_own_device(capsys: pytest.CaptureFixture[str]) -> None:
    check("17.6", mlp([784, 32, 10], seed=0).to("meta"))
    assert "the tensor lies on the device meta" in said(capsys)


def test_an_error_of_the_check_itself_is_told_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    check("1.3", lambda *_: Awkward("fine"))
    assert "The check cannot judge this answer, a fault of the book" in said(capsys)


def test_a_solution_passes_and_does_not_count(
    capsys: pytest.CaptureFixture[str], own_progress: Path
) -> None:
    check_solution("4.6", RIGHT["4.6"])
    assert said(capsys) == "4.6: the solution passes."
    assert not own_progress.exists()


def test_a_wrong_solution_fails() -> None:
    with pytest.raises(AssertionError, match=r"4\.1 does not pass"):
        check_solution("4.1", 7.0)


def test_a_right_answer_passes_though_it_cannot_be_remembered(
    capsys: pytest.CaptureFixture[str], own_progress: Path
) -> None:
    own_progress.mkdir(parents=True)
    check("4.6", RIGHT["4.6"])
    assert said(capsys).startswith("4.6: passed. It is not remembered, for the data folder cannot")
    assert own_progress.is_dir()


@pytest.mark.parametrize("name", ["4.99", "99.1", "4", "", "four", 4.2, None])
def test_an_unknown_name_is_an_error(name: Any) -> None:
    with pytest.raises(ValueError, match="exercise"):
        check(name, 1.0)


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("4.99", "4.6"), ("99.1", f"{CHAPTERS[-1]}.1"), ("04.2", "4.2"), ("0.0", "1.1")],
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
