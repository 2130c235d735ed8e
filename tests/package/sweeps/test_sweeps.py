"""Sweeps agree with the runs that they stand for."""

import pandas as pd
import torch

from dlbook.data import Batches, moons
from dlbook.models import mlp
from dlbook.sweeps import sweep_training
from dlbook.training import fit


def test_sweep_training_is_fit_for_each_setting() -> None:
    train, val = moons(60).split(0.5, seed=0)
    table = sweep_training(
        lambda: mlp([2, 8, 2], seed=0), train, val, lr=[0.1, 0.3], batch_sizes=[8], epochs=2
    )
    model = mlp([2, 8, 2], seed=0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    alone = fit(model, Batches(train, 8), epochs=2, optimizer=optimizer, val=val).epochs
    columns = ["epoch", "train_loss", "val_loss", "val_accuracy"]
    pd.testing.assert_frame_equal(
        table.loc[table["lr"] == 0.3, columns].reset_index(drop=True), alone[columns],
        check_dtype=False,
    )  # fmt: skip


def test_a_run_that_diverges_keeps_the_epochs_that_it_finished() -> None:
    train, val = moons(60).split(0.5, seed=0)
    huge = type(train)(train.x * 1e20, train.y)
    table = sweep_training(
        lambda: mlp([2, 8, 2], seed=0), huge, val, lr=[0.1, 1e10], batch_sizes=[8], epochs=3
    )
    assert (table["lr"] == 1e10).sum() < 3
