"""Several processes train as one does: with real processes, started by torchrun."""

import json
import socket
import subprocess
from pathlib import Path

import pytest
import torch
from children import LIMIT
from parallel_runs import RUNS, TORCHRUN, Summary, half_moons, summary, train

from dlbook import distributed

pytestmark = pytest.mark.slow


def launch(root: Path, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the small runs in two processes."""
    script = [str(root / "tests" / "helpers" / "parallel_runs.py"), command, str(folder)]
    return subprocess.run(
        [*TORCHRUN, *script], cwd=root, capture_output=True, text=True, timeout=LIMIT, check=False
    )


def largest_difference(a: list[float], b: list[float]) -> float:
    difference: torch.Tensor = torch.tensor(a).double() - torch.tensor(b).double()
    return difference.abs().max().item()


def assert_close(found: Summary, expected: Summary, name: str, tolerance: float = 1e-10) -> None:
    """The same columns and lengths, and the same numbers but for rounding."""
    assert found.keys() == expected.keys(), name
    for column in expected:
        assert len(found[column]) == len(expected[column]), (name, column)
        assert largest_difference(found[column], expected[column]) <= tolerance, (name, column)


def test_two_processes_train_as_one(root: Path, tmp_path: Path) -> None:
    # One test, for starting processes takes seconds.
    cut_short = launch(root, "lost", tmp_path)
    assert cut_short.returncode != 0
    assert "Signal 9 (SIGKILL) received" in cut_short.stderr
    alone = summary(train(half_moons(50), 8, resume_from=tmp_path / "run.pt"))
    assert_close(alone, summary(RUNS["a last batch of 2"]()), "resumed by one process")

    finished = launch(root, "all", tmp_path)
    assert finished.returncode == 0, finished.stderr
    found, second = (json.loads((tmp_path / f"{rank}.json").read_text()) for rank in range(2))
    assert found == second, "the processes agree in every bit"
    for name, run in RUNS.items():
        assert_close(found[name], summary(run()), name, 1e-3 if name == "float32" else 1e-10)
    assert_close(found["resumed"], alone, "resumed by two processes")
    assert "got 10, which makes a batch of 3 out of 13 samples for 2 proc" in found["refusal"]
    first_loss, *_, last_loss = found["batch norm"]["epochs.train_loss"]
    assert last_loss < first_loss


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


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (RuntimeError("not theirs"), RuntimeError),
        (RuntimeError("gloo/pair.cc: Connection closed"), distributed.LostProcessError),
        (torch.distributed.DistBackendError("NCCL error"), distributed.LostProcessError),
    ],
    ids=repr,
)
def test_a_block_that_fails_ends_at_once(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, seen: type[BaseException]
) -> None:
    pretend_torchrun(monkeypatch, world_size=1)
    monkeypatch.setenv("MASTER_PORT", str(free_port()))
    with pytest.raises(seen) as found, distributed.connected(torch.device("cpu")):
        raise raised
    assert type(found.value) is seen
    assert found.value is raised or found.value.__cause__ is raised
    assert not torch.distributed.is_initialized()


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port


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
