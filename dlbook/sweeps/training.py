"""Training runs over a grid of learning rates and batch sizes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import product

import pandas as pd
import torch
from torch import nn

from dlbook import require
from dlbook.data import Batches, Samples
from dlbook.training import Callback, EpochEnd, fit

WHOLE = "tensor of whole numbers"
SCORES = ("epoch", "train_loss", "seconds", "val_loss", "val_accuracy")


def sweep_training(
    make_model: Callable[[], nn.Module],
    train: Samples,
    val: Samples,
    *,
    lr: Sequence[float],
    batch_sizes: Sequence[int],
    epochs: int,
    momentum: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Train a fresh classifier with SGD for every pair of learning rate and batch size.

    A run that diverges is kept with the epochs that it finished.

    Args:
        make_model: makes the network; with the same initial weights each time, runs differ in
            nothing but the settings.
        train: samples to train on.
        val: samples to evaluate on after each epoch.
        lr: learning rates.
        batch_sizes: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.
        seed: of the order of the samples.

    Returns:
        A row per pair and epoch: ``lr``, ``batch_size`` and the columns of `History.epochs`.

    Raises:
        TypeError: an argument of another type.
        ValueError: no learning rate or batch size, one out of range, epochs below 1, or samples
            without labels.
        RuntimeError: from torch, where the network cannot take the samples.
        IndexError: from torch, where there are more labels than the network has outputs.
    """
    require.function("make_model", make_model)
    rates = required_rates(train, val, lr, epochs=epochs, momentum=momentum)
    sizes = [require.whole(name, size) for name, size in require.each("batch_sizes", batch_sizes)]
    rows = [
        {"lr": rate, "batch_size": batch_size} | row
        for rate, batch_size in product(rates, sizes)
        for row in finished_epochs(
            require.kind("what make_model returns", make_model(), nn.Module),
            Batches(train, batch_size, seed=seed),
            val,
            lr=rate,
            epochs=epochs,
            momentum=momentum,
        )
    ]
    return pd.DataFrame(rows, columns=["lr", "batch_size", *SCORES])


def required_rates(
    train: Samples, val: Samples, lr: Sequence[float], *, epochs: int, momentum: float
) -> list[float]:
    """The learning rates of a sweep; what no training run could be made with is refused.

    Raises:
        TypeError: an argument of another type.
        ValueError: no learning rate, a negative one, epochs below 1, a negative momentum, or
            samples without labels.
    """
    for name, samples in (("train", train), ("val", val)):
        y = require.tensor(f"y of {name}", require.kind(name, samples, Samples).y, WHOLE)
        if y.ndim != 1 or (y < 0).any():
            raise ValueError(
                f"y of {name} must be labels (N,) from 0 up, got {require.shown(y)}, "
                f"the smallest {y.min().item()}"
            )
    require.whole("epochs", epochs)
    require.number("momentum", momentum, least=0)
    return [require.number(name, rate, least=0) for name, rate in require.each("lr", lr)]


def finished_epochs(
    model: nn.Module, batches: Batches, val: Samples, *, lr: float, epochs: int, momentum: float
) -> list[dict[str, float]]:
    """The rows of `History.epochs` of a run with SGD, up to where it diverges, if it does."""
    rows: list[dict[str, float]] = []
    # A run that diverges ends early; the table shows how far it came.
    with suppress(FloatingPointError):
        fit(
            model,
            batches,
            epochs=epochs,
            optimizer=torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum),
            val=val,
            callbacks=[_recorder(rows)],
            progress=False,
        )
    return rows


def _recorder(rows: list[dict[str, float]]) -> Callback:
    def record(end: EpochEnd) -> None:
        rows.append(dict(end.scores))

    return record
