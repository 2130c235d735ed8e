"""Training runs over a grid of learning rates and batch sizes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import product

import pandas as pd
import torch
from torch import nn

from dlbook.data import Batches, Samples
from dlbook.training import Callback, EpochEnd, fit

SCORES = ("epoch", "train_loss", "seconds", "valid_loss", "valid_accuracy")


def sweep_training(
    make_model: Callable[[], nn.Module],
    train: Samples,
    valid: Samples,
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
        valid: samples to evaluate on after each epoch.
        lr: learning rates.
        batch_sizes: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.
        seed: of the order of the samples.

    Returns:
        A row per pair and epoch: ``lr``, ``batch_size`` and the columns of `History.epochs`.
    """
    rows = [
        {"lr": rate, "batch_size": batch_size} | row
        for rate, batch_size in product(lr, batch_sizes)
        for row in finished_epochs(
            make_model(),
            Batches(train, batch_size, seed=seed),
            valid,
            lr=rate,
            epochs=epochs,
            momentum=momentum,
        )
    ]
    return pd.DataFrame(rows, columns=["lr", "batch_size", *SCORES])


def finished_epochs(
    model: nn.Module, batches: Batches, valid: Samples, *, lr: float, epochs: int, momentum: float
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
            valid=valid,
            callbacks=[_recorder(rows)],
            progress=False,
        )
    return rows


def _recorder(rows: list[dict[str, float]]) -> Callback:
    def record(end: EpochEnd) -> None:
        rows.append(dict(end.scores))

    return record
