"""The device: the best there is, or the one that is asked for."""

import pytest
import torch

from dlbook.device import best_device, describe_device


def test_the_accelerator_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    there = torch.accelerator.current_accelerator(check_available=True)
    assert best_device() == (there or torch.device("cpu"))


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
    assert describe_device(device).startswith(f"{device}: ")
    threads = torch.get_num_threads()
    assert describe_device("cpu") == f"cpu: {threads} thread{'s' if threads > 1 else ''}"
