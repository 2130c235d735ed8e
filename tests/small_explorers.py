"""One small explorer of every kind, for the tests that all of them must pass."""

import pandas as pd
import torch

from dlbook import explorers
from dlbook.data import Samples, line
from dlbook.descent import descend, line_cost
from dlbook.explorers import Explorer
from dlbook.sweeps import sweep_line

POINTS = Samples(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0]))
W = torch.linspace(-1, 5, 31, dtype=torch.float64)
B = torch.linspace(-3, 3, 21, dtype=torch.float64)


def learning_rate() -> Explorer:
    trace = descend(lambda w: w[..., 0] ** 2, 1.0, [0.1, 0.5, 1.1], steps=8)
    curve = pd.DataFrame({"w": W, "cost": W**2})
    return explorers.learning_rate(trace, curve, border=1.0, start=0.1, caption="Rate & cost.")


def line_fit() -> Explorer:
    return explorers.line_fit(
        POINTS, [1.0, 2.0, 3.0], [-1.0, 0.0, 1.0], start=(2.0, 0.0), caption="Line."
    )


def paths() -> Explorer:
    table = sweep_line(line(20), [0.01, 0.1], batch_sizes=[1, 20], momenta=[0.0, 0.9], steps=10)
    cost = line_cost(line(20), W, B[:, None])
    return explorers.paths(table, W, B, cost, start=(0.1, 20, 0.0), caption="Paths.")


def training_grid() -> Explorer:
    table = pd.DataFrame(
        [
            {"lr": lr, "batch_size": size, "epoch": epoch, "train_loss": 2 / epoch,
             "valid_loss": 2.1 / epoch, "valid_accuracy": 0.3 * epoch}
            for lr in (0.01, 0.1)
            for size in (16, 64)
            for epoch in (1, 2, 3)
        ]
    )  # fmt: skip
    return explorers.training_grid(table, start=(0.1, 64), caption="Grid.")


MAKERS = [learning_rate, line_fit, paths, training_grid]
