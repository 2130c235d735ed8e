"""Several processes train as one does: with real processes, started by torchrun."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from parallel_runs import EPOCHS, RUNS, half_moons, summary, train

from dlbook import distributed

TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


def launch(root: Path, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    script = [str(root / "tests" / "parallel_runs.py"), command, str(folder)]
    return subprocess.run(
        [*TORCHRUN, *script], cwd=root, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.fixture(scope="module")
def folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a run has left its checkpoint whose process 1 was killed in the third epoch."""
    folder = tmp_path_factory.mktemp("parallel")
    finished = launch(root, "lost", folder)
    assert finished.returncode != 0
    assert "Signal 9 (SIGKILL) received" in finished.stderr
    return folder


@pytest.fixture(scope="module")
def found(root: Path, folder: Path) -> list[dict[str, Any]]:
    """What each of the two processes saw of every run."""
    finished = launch(root, "all", folder)
    assert finished.returncode == 0, finished.stderr
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(2)]


def largest_difference(a: list[float], b: list[float]) -> float:
    difference: torch.Tensor = torch.tensor(a).double() - torch.tensor(b).double()
    return difference.abs().max().item()


def assert_close(found: dict[str, Any], expected: dict[str, Any], tolerance: float) -> None:
    """The same columns and lengths, and the same numbers but for rounding."""
    for table in ("epochs", "steps"):
        assert found[table].keys() == expected[table].keys()
        for name in expected[table]:
            assert len(found[table][name]) == len(expected[table][name])
            assert largest_difference(found[table][name], expected[table][name]) <= tolerance
    assert largest_difference(found["weights"], expected["weights"]) <= tolerance


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_train_as_one(found: list[dict[str, Any]], name: str) -> None:
    expected = summary(RUNS[name]())
    tolerance = 1e-3 if name == "float32" else 1e-10
    for seen in found:
        assert_close(seen[name], expected, tolerance)


def test_the_processes_agree_in_every_bit(found: list[dict[str, Any]]) -> None:
    assert found[0] == found[1]


def test_batch_norm_by_shares_trains(found: list[dict[str, Any]]) -> None:
    losses = found[0]["batch norm"]["epochs"]["train_loss"]
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_that_lost_a_process_goes_on(
    folder: Path, found: list[dict[str, Any]], processes: int
) -> None:
    expected = summary(train(half_moons(50), 8))
    checkpoint = folder / "run.pt"
    one = summary(train(half_moons(50), 8, resume_from=checkpoint))
    resumed = one if processes == 1 else found[0]["resumed"]
    assert resumed["epochs"]["epoch"] == list(range(1, EPOCHS + 1))
    assert_close(resumed, expected, 1e-10)


def test_one_process_is_the_main_one_and_talks_to_itself() -> None:
    assert (distributed.rank(), distributed.world_size()) == (0, 1)
    assert distributed.is_main()
    value = torch.ones(2)
    assert distributed.average(value) is value
    assert distributed.gather("a") == ["a"]
    assert distributed.from_main(lambda: 3) == 3
    assert [distributed.any_true(value) for value in (False, True)] == [False, True]
    with distributed.main_first(), distributed.connected(torch.device("cpu")) as device:
        assert device == torch.device("cpu")


def pretend_torchrun(monkeypatch: pytest.MonkeyPatch, world_size: int) -> None:
    names = {"RANK": 0, "LOCAL_RANK": 0, "WORLD_SIZE": world_size, "MASTER_PORT": 1}
    for name, value in names.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")


def test_processes_that_are_not_connected_do_not_train(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_torchrun(monkeypatch, world_size=2)
    with pytest.raises(RuntimeError, match="one of 2 processes that are not connected: put the"):
        train(half_moons(50), 8)


@pytest.mark.parametrize("name", ["cuda:0", "mps"])
def test_a_device_that_cannot_be_shared_out(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    pretend_torchrun(monkeypatch, world_size=2)
    expected = f"device must be 'cpu' or 'cuda' under torchrun, got '{name}'"
    with (
        pytest.raises(ValueError, match=expected),
        distributed.connected(torch.device(name)),
    ):
        pass


@pytest.mark.skipif(torch.cuda.is_available(), reason="there are cards")
def test_more_processes_than_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_torchrun(monkeypatch, world_size=1)
    with (
        pytest.raises(ValueError, match="needs a card for each process, got 0 cards for process 1"),
        distributed.connected(torch.device("cuda")),
    ):
        pass
