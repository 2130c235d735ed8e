"""What figures say and draw of finished runs, for every choice, beside what the tables hold."""

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
import small_explorers
import torch
from made_explorers import made
from small_explorers import (
    capacity,
    depth_signal,
    lr_range_test,
    resume,
    training_curves,
    training_grid,
)
from torch import Tensor

from dlbook.explorers import Explorer
from dlbook.explorers.controls import as_tensor
from dlbook.explorers.explorer import filled


def shown(make: Callable[[], Explorer], **values: Any) -> tuple[str, dict[str, Any]]:
    """The sentence and the tables for some values of the controls."""
    given = made(make)
    found = given["function"](**{name: as_tensor(value) for name, value in values.items()})
    return filled(given["sentence"], found, given.get("phrases", {})), found


def column(found: Tensor) -> list[float]:
    """The numbers of a column, without what ends it."""
    return found[~found.isnan()].tolist()


@pytest.mark.parametrize("degree", [0, 1])
@pytest.mark.parametrize(("n", "noise", "draw"), [*product((3, 5), (0.1, 0.2), (1, 2))])
def test_capacity(degree: int, n: int, noise: float, draw: int) -> None:
    said, found = shown(capacity, degree=degree, n=n, noise=noise, draw=draw)
    train, every = 0.01 * n, [0.02 * n, 100.0 * n**3 + 0.02 * n]
    val, good = every[degree], [error <= 2 * noise**2 for error in every]
    verdict = "too simple, underfitting"
    if any(good[: degree + 1]):
        verdict = "too flexible, overfitting"
    if good[degree]:
        verdict = "as good as the noise allows, or nearly"
    told = f"{val:.3g}" if val < 999 else "999 or more"
    assert (
        said == f"Degree {degree}: training error {train:.3g}, validation error {told}: {verdict}."
    )
    assert column(found["samples"]["y"]) == [1.0, 0.0, draw]
    assert found["fit"]["y_hat"].tolist() == [degree, 0.0, draw]
    assert found["errors"]["of"].tolist() == [0, 1]


@pytest.mark.parametrize(("activation", "depth", "scale"), [*product((0, 1), (2, 3), (0.5, 1.0))])
def test_depth_signal(activation: int, depth: int, scale: float) -> None:
    said, found = shown(depth_signal, activation=activation, depth=depth, scale=scale)
    first = scale**depth * 0.01**activation
    verdict = "of usable size" if first >= 0.01 else "too small"
    last = f"Activations of the last layer: {scale**depth:.2g}."
    assert said == f"{last} Gradients at the input: {first:.2g}, {verdict}."
    sizes = column(found["here"]["activations"])
    assert sizes == pytest.approx([scale**layer for layer in range(depth + 1)], rel=0.02)
    assert found["ends"]["activations"].tolist() == pytest.approx([0.5**depth, 1.0])
    assert len(column(found["stacks"]["gradients"])) == 2 * (depth + 1)


@pytest.mark.parametrize(("network", "lr"), [*product((0, 1), (0.1, 1.0, 10.0))])
def test_lr_range_test(network: int, lr: float) -> None:
    said, found = shown(lr_range_test, network=network, lr=lr)
    first = {0.1: 2.5, 1.0: 1.2, 10.0: np.inf}[lr] - 0.1 * network
    losses = [first, first / 2, first / 3]
    verdicts = {0.1: "guessing would have 1.5", 1.0: "guessing would have 1.5", 10.0: "far above"}
    name, loss = ("net", "other")[network], np.mean(losses)
    told = "∞" if loss == np.inf else f"{loss:.3g}"
    expected = f"{name}, learning rate {lr:g}: loss {told} after 3 steps"
    if lr == 0.1:
        verdicts[lr] = "about that of guessing" if loss > 0.95 * 1.5 else "guessing would have 1.5"
    assert said.startswith(f"{expected}, {verdicts[lr]}")
    assert found["run"]["loss"].tolist() == pytest.approx(losses, rel=1e-3)
    assert found["test"]["loss"].tolist() == pytest.approx([2.3 - network, 1.2, 9.0])


@pytest.mark.parametrize(("restored", "stop"), [*product((0, 1), (1, 2))])
def test_resume(restored: int, stop: int) -> None:
    said, found = shown(resume, restored=restored, stop=stop)
    name, loss = (("everything", 0.5), ("the weights", 0.8))[restored]
    same = "" if restored else ", the same bit for bit in all epochs"
    assert said == (
        f"Stopped after epoch {stop}, {name} restored: after epoch 3 the loss is {loss:.4f}, "
        f"and 0.5000 in the run that went through{same}."
    )
    assert column(found["run"]["epoch"]) == list(range(stop + 1, 4))
    gap = 0.1 * (stop + 1) if restored else 1e-5
    assert found["run"]["gap"][0].item() == pytest.approx(gap)


@pytest.mark.parametrize(("units", "patience", "epoch"), [*product((2, 8), (1, 2), (1, 3))])
def test_training_curves(units: int, patience: int, epoch: int) -> None:
    said, found = shown(training_curves, units=units, patience=patience, epoch=epoch)
    end = f"stops after epoch {1 + patience}" if patience == 1 else "has not stopped by epoch 3"
    assert said == (
        f"{units} hidden units, patience {patience}: {end} and keeps epoch 1. Validation loss "
        f"there 0.600, after epoch 3 {0.5 + 3 / units:.3f}."
    )
    assert found["fit"]["y_hat"].tolist() == pytest.approx([1 / epoch, 2 / epoch], rel=1e-3)
    assert found["run"]["val_loss"].tolist() == [0.5 + e / units for e in (1, 2, 3)]


def test_training_curves_of_other_units_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    curves = small_explorers.explorers.training_curves

    def without_two(*tables: Any, **more: Any) -> Any:
        losses, fits, stops, samples = tables
        return curves(losses, fits, stops[stops["units"] == 8], samples, **more)

    monkeypatch.setattr(small_explorers.explorers, "training_curves", without_two)
    with pytest.raises(ValueError, match="must have the same units"):
        small_explorers.training_curves()


@pytest.mark.parametrize(("lr", "batch_size"), [*product((0.01, 0.1), (16, 64))])
def test_training_grid(lr: float, batch_size: int) -> None:
    said, found = shown(training_grid, lr=lr, batch_size=batch_size)
    accuracy = lr * batch_size / 10
    assert said == f"Accuracy on the held-out images after 3 epochs: {accuracy:.1%}."
    left, top = found["here"]["left"].item() + 0.5, found["here"]["top"].item() + 0.5
    grid = {name: numbers.flatten() for name, numbers in found["grid"].items()}
    (here,) = torch.nonzero((grid["x"] == left) & (grid["y"] == top)).flatten().tolist()
    assert grid["accuracy"][here].item() == pytest.approx(accuracy, rel=1e-3)
