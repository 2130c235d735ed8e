"""Training runs over a grid of learning rates and batch sizes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import product

import pandas as pd
import torch
from torch import nn

from dlbook.data import Batches, Samples
from dlbook.training import Callback, EpochEnd, fit


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
    tables = []
    for rate, batch_size in product(lr, batch_sizes):
        model = make_model()
        rows: list[dict[str, float]] = []
        # A run that diverges ends early; the table shows how far it came.
        with suppress(FloatingPointError):
            fit(
                model,
                Batches(train, batch_size, seed=seed),
                epochs=epochs,
                optimizer=torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum),
                valid=valid,
                callbacks=[_recorder(rows)],
                progress=False,
            )
        table = pd.DataFrame(rows)
        table.insert(0, "batch_size", batch_size)
        table.insert(0, "lr", rate)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _recorder(rows: list[dict[str, float]]) -> Callback:
    def record(end: EpochEnd) -> None:
        rows.append(dict(end.scores))

    return record
