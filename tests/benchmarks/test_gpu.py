"""`make gpu`: what it would run on a card, walked through on a CPU."""

from pathlib import Path

import pytest
import torch

from benchmarks.__main__ import ON_DEVICES
from benchmarks.__main__ import main as measure
from benchmarks.gpu import Part, main, parts, walk
from benchmarks.input_pipeline import loader
from benchmarks.results import RESULTS
from benchmarks.timing import timed
from dlbook.data import moons

pytestmark = pytest.mark.slow


def test_a_rehearsal_measures_and_keeps_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = RESULTS.read_bytes()
    measure(["--dry", *ON_DEVICES])
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line in ON_DEVICES] == list(ON_DEVICES)
    assert "plain updates / torch.compile, eager, CNN recipe, float32" in out
    assert RESULTS.read_bytes() == before


@pytest.mark.parametrize("dry", [True, False])
def test_the_parts_name_what_is_there(root: Path, dry: bool) -> None:
    todo = parts(dry=dry)
    assert len({part.name for part in todo}) == len(todo)
    for part in todo:
        for argument in part.arguments:
            assert (root / argument).exists() or "/" not in argument
    assert sum("--nbval-lax" in part.arguments for part in todo) >= (1 if dry else 5)
    assert sum("benchmarks" in part.arguments for part in todo) == len(ON_DEVICES)


def python(code: str) -> Part:
    return Part(code, ("-c", code))


def test_a_part_that_fails_or_hangs_takes_no_other_along(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hanging = python("import time; time.sleep(600)")
    assert (hanging.run(0.1), hanging.run(0)) == ("out of time", "no time left")
    good, bad = python("pass"), python("raise SystemExit(3)")
    assert walk([good])
    assert not walk([bad, good])
    failed, passed = capsys.readouterr().out.splitlines()[-2:]
    assert "FAILED, status 3" in failed
    assert "passed" in passed


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a card")
def test_without_a_card_it_ends_in_words() -> None:
    with pytest.raises(SystemExit, match=r"no CUDA card here. `make gpu DRY=1` rehearses"):
        main([])


def test_the_clock_stops_when_the_device_that_was_asked_is_done() -> None:
    turns: list[object] = []
    timed(lambda: turns.append("run"), torch.device("cuda:1"), wait=turns.append)
    assert turns == ["run", torch.device("cuda:1")]


@pytest.mark.parametrize(("name", "pinned"), [("cpu", False), ("cuda", True)])
def test_loaders_for_a_card_pin_their_batches(name: str, pinned: bool) -> None:
    assert loader(moons(8), 4, torch.device(name)).pin_memory is pinned
