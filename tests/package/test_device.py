"""The device: the best there is, or the one that is asked for."""

import re

import pytest
import torch

from dlbook.device import best_device, describe_device, device_named, own_card


def test_the_accelerator_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    there = torch.accelerator.current_accelerator(check_available=True)
    assert best_device() == (there or torch.device("cpu"))


@pytest.fixture
def rank_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """What torchrun tells the third process of a machine."""
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    for name, value in {"RANK": 6, "LOCAL_RANK": 2, "WORLD_SIZE": 8, "MASTER_PORT": 1}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")


@pytest.mark.parametrize("kind", ["cuda", "mps", "xpu"])
def test_a_process_that_is_alone_takes_any_accelerator(
    monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    assert best_device(accelerator=lambda: torch.device(kind)) == torch.device(kind)


@pytest.mark.usefixtures("rank_2")
@pytest.mark.parametrize(("kind", "taken"), [("cuda", "cuda"), ("mps", "cpu"), ("xpu", "cpu")])
def test_several_processes_take_what_they_can_talk_through(kind: str, taken: str) -> None:
    assert best_device(accelerator=lambda: torch.device(kind)) == torch.device(taken)


@pytest.mark.usefixtures("rank_2")
@pytest.mark.parametrize("name", ["cpu", "cuda:1", "mps"])
def test_a_device_that_says_which_it_is_stays(name: str) -> None:
    assert own_card(torch.device(name)) == torch.device(name)


@pytest.mark.usefixtures("rank_2")
def test_each_process_has_a_card_of_its_own() -> None:
    assert own_card(torch.device("cuda"), cards=lambda: 3) == torch.device("cuda:2")
    with pytest.raises(ValueError, match="needs a card for each process, got 2 cards for process"):
        own_card(torch.device("cuda"), cards=lambda: 2)


def test_the_card_that_is_tried_is_the_own_one() -> None:
    # The first card is not there; a process that touched it would raise.
    found = device_named("cuda", setting="device", card=lambda _: torch.device("cpu"))
    assert found == torch.device("cuda")


@pytest.mark.parametrize("name", ["cpu", " cpu "])
def test_the_variable_forces_a_device(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("DLBOOK_DEVICE", name)
    assert best_device() == torch.device("cpu")


@pytest.mark.parametrize("name", ["gpu", "the fast one", "cuda:99", "cpu:0:0"])
def test_a_device_that_is_not_there(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("DLBOOK_DEVICE", name)
    with pytest.raises(ValueError, match=f"DLBOOK_DEVICE='{name}': expected a device of this mach"):
        best_device()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is CUDA")
def test_no_cuda_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLBOOK_DEVICE", "cuda")
    with pytest.raises(ValueError, match=r"DLBOOK_DEVICE='cuda'.*torch says: .") as failure:
        best_device()
    assert "\n" not in str(failure.value)


def test_a_device_is_described(device: torch.device) -> None:
    assert re.match(r"cpu: |cuda:\d+: |mps: |xpu: ", describe_device(device))
    threads = torch.get_num_threads()
    assert describe_device("cpu") == f"cpu: {threads} thread{'s' if threads > 1 else ''}"
