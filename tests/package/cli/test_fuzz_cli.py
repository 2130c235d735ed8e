"""Hostile words after ``python -m dlbook``: a run, or one line that names the option."""

from pathlib import Path

import pytest
from children import LIMIT
from fuzzing import fuzz_settings
from guard import guarded
from hypothesis import given
from hypothesis import strategies as st

from dlbook.cli import main

QUICK = {
    "--data": "digits",
    "--model": "linear",
    "--optimizer": "sgd",
    "--lr": "0.1",
    "--momentum": "0.5",
    "--batch-size": "10",
    "--epochs": "1",
    "--seed": "0",
    "--limit": "20",
    "--device": "cpu",
    "--precision": "float32",
}
FILES = ("--save", "--resume", "--history")
NUMBERS = (
    "",
    "0",
    "-1",
    "2.5",
    "nan",
    "inf",
    "1e400",
    "1e-400",
    "1e30",
    "1_0",
    "0x10",
    "²",
    "٣",
    " 3 ",
)
WORDS = (
    "None",
    "True",
    "DIGITS",
    "digits ",
    "cuda",
    "cuda:99",
    "meta",
    "adamax",
    "float16",
    "--lr",
    "\n",
)
PLACES = (".", "..", "/", "/nonexistent/a.csv", "\0", "a" * 300, "a.csv/b")
HUGE = ("9" * 18, "9" * 30, "9" * 5000)
VALUES = st.sampled_from((*NUMBERS, *WORDS, *PLACES)) | st.text(max_size=5)
UNKNOWN = ("--lrate=1", "--l=1", "--d", "-x", "more", "--epochs", "--lr", "--device")


def status_and_words(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    outcome = guarded(lambda: main(arguments), seconds=LIMIT)
    if isinstance(outcome.error, SystemExit):  # argparse's way
        status = int(str(outcome.error.code))
    else:
        assert outcome.error is None, f"a traceback: {outcome.error!r}"
        status = outcome.result
    assert not outcome.warnings
    return status, capsys.readouterr().err


@pytest.mark.parametrize("option", [*QUICK, *FILES])
def test_a_hostile_value_is_used_or_its_option_named(
    option: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    huge = st.sampled_from(HUGE if option != "--epochs" else ("0", "-3"))

    @fuzz_settings(option, every=5)
    @given(VALUES | huge)
    def attack(value: str) -> None:
        words = [f"{name}={default}" for name, default in (QUICK | {option: value}).items()]
        status, said = status_and_words(["train", *words], capsys)
        if status == 2:
            last = said.splitlines()[-1]
            assert option in last or repr(str(Path(value))) in last
        elif status == 1:  # the training diverged
            assert "the loss became" in said
        else:
            assert (status, said) == (0, "")

    attack()


@pytest.mark.parametrize("word", UNKNOWN)
def test_unknown_and_missing_words_are_named(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = status_and_words(["train", word], capsys)
    assert status == 2
    assert word.partition("=")[0] in said.splitlines()[-1]


@pytest.mark.parametrize("arguments", [[], ["fly"], ["store"], ["doctor", "--timeout=-1"]])
def test_a_command_that_is_no_command(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = status_and_words(arguments, capsys)
    assert status == 2
    assert said.startswith("usage: python -m dlbook")


def test_a_notebook_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = status_and_words(["store", "nowhere.ipynb"], capsys)
    assert status == 2
    assert said.splitlines()[-1].startswith("python -m dlbook store: ")
    assert "nowhere.ipynb" in said
