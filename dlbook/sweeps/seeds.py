"""Training runs over a grid of learning rates and seeds, one by one or all at once."""

from collections.abc import Callable, Sequence
from itertools import product

import pandas as pd
from torch import nn

from dlbook.data import Batches, Samples
from dlbook.models import count_parameters
from dlbook.sweeps.together import finished_epochs_together, why_apart
from dlbook.sweeps.training import finished_epochs

COLUMNS = ("lr", "seed", "epoch", "train_loss", "valid_loss", "valid_accuracy")

TINY = 20_000  # parameters


def sweep_seeds(
    make_model: Callable[[int], nn.Module],
    train: Samples,
    valid: Samples,
    *,
    lr: Sequence[float],
    seeds: Sequence[int],
    batch_size: int,
    epochs: int,
    momentum: float = 0.0,
    together: bool | None = None,
) -> pd.DataFrame:
    """Train a classifier with SGD for every pair of learning rate and seed (chapter 20).

    Each run is the one of `dlbook.training.fit` on ``Batches(train, batch_size, seed=seed)``. A run
    that diverges is kept with the epochs that it finished. Together, all runs take each step at
    once, as one network with stacked weights (`torch.func.vmap`): the same numbers up to rounding,
    sooner for tiny networks and on accelerators.

    Args:
        make_model: makes the network with the initial weights of a seed, on the device of the data.
        train: samples to train on, with labels (N,).
        valid: samples to evaluate on after each epoch.
        lr: learning rates.
        seeds: of the initial weights and of the order of the samples.
        batch_size: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.
        together: whether the runs train at once or one by one; by default at once where that
            pays: see `pays_together`.

    Returns:
        A row per run and epoch: ``lr``, ``seed``, ``epoch``, ``train_loss``, ``valid_loss`` and
        ``valid_accuracy``, as in `History.epochs`.

    Raises:
        ValueError: no learning rate or no seed, epochs below 1, or ``together`` for networks with
            a layer that does not allow it (batch normalization, dropout), which is named.
    """
    if not lr or not seeds:
        raise ValueError(f"lr and seeds must not be empty, got {list(lr)} and {list(seeds)}")
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    runs = list(product(lr, seeds))
    if together is None:
        together = pays_together(make_model(seeds[0]), train)
    if together:
        results = finished_epochs_together(
            [make_model(seed) for _, seed in runs],
            train,
            valid,
            lr=[rate for rate, _ in runs],
            seeds=[seed for _, seed in runs],
            batch_size=batch_size,
            epochs=epochs,
            momentum=momentum,
        )
    else:
        results = [
            finished_epochs(
                make_model(seed),
                Batches(train, batch_size, seed=seed),
                valid,
                lr=rate,
                epochs=epochs,
                momentum=momentum,
            )
            for rate, seed in runs
        ]
    rows = [
        {"lr": rate, "seed": seed} | row
        for (rate, seed), result in zip(runs, results, strict=True)
        for row in result
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pays_together(model: nn.Module, samples: Samples) -> bool:
    """Whether such networks should train at once: tiny ones, and any on an accelerator."""
    if why_apart(model) is not None:
        return False
    return samples.x.device.type != "cpu" or count_parameters(model) < TINY
