"""Training runs over a grid of learning rates and seeds, all at once or one by one."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import pandas as pd
from torch import nn

from dlbook import require
from dlbook.data import Batches, Samples
from dlbook.models import count_parameters
from dlbook.sweeps.together import train_together, why_apart
from dlbook.sweeps.training import finished_epochs, required_rates

COLUMNS = ("lr", "seed", "epoch", "train_loss", "val_loss", "val_accuracy")

LARGEST_TOGETHER = 300_000  # parameters


def sweep_seeds(
    make_model: Callable[[int], nn.Module],
    train: Samples,
    val: Samples,
    *,
    lr: Sequence[float],
    seeds: Sequence[int],
    batch_size: int,
    epochs: int,
    momentum: float = 0.0,
    together: bool | None = None,
) -> pd.DataFrame:
    """Train a classifier with SGD for every pair of learning rate and seed (chapter 20).

    Each run is that of `dlbook.training.fit` on ``Batches(train, batch_size, seed=seed)``. A run
    that diverges is kept with the epochs that it finished. Together, all runs take every step at
    the same time, as one network with stacked weights (`torch.func.vmap`). This gives the same
    numbers up to rounding, which a run near divergence magnifies. It takes the memory of all
    networks and their mini-batches at once.

    Args:
        make_model: makes the network with the initial weights of a seed, on the device of the data.
        train: samples to train on, with labels (N,).
        val: samples to evaluate on after each epoch, with labels (N,).
        lr: learning rates.
        seeds: of the initial weights and of the order of the samples.
        batch_size: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.
        together: whether the runs train at once or one by one; by default at once where
            `pays_together` says so.

    Returns:
        A row per run and epoch: ``lr``, ``seed``, ``epoch``, ``train_loss``, ``val_loss`` and
        ``val_accuracy``, as in `History.epochs`.

    Raises:
        TypeError: an argument of another type, or make_model makes no network.
        ValueError: no learning rate, or a negative one, no seed, epochs below 1; or ``together``
            for networks of different architectures, or with a layer that does not allow it (batch
            normalization, dropout), which the message names.
        IndexError: from torch, where there are more labels than the network has outputs.
        RuntimeError: from torch, where the network cannot take the samples, or where `vmap` cannot
            follow the network together: its forward asks for a value (``if x.sum() > 0``) or draws
            random numbers by itself.
    """
    require.function("make_model", make_model)
    rates = required_rates(train, val, lr, epochs=epochs, momentum=momentum)
    batch_size = require.whole("batch_size", batch_size)
    seeds = [require.seed(name, seed) for name, seed in require.each("seeds", seeds)]
    if together is not None:
        require.flag("together", together)

    def make(seed: int) -> nn.Module:
        return require.kind("what make_model returns", make_model(seed), nn.Module)

    if together is None:
        together = pays_together(make(seeds[0]), train)
    runs = list(product(rates, seeds))
    results = (train_together if together else train_one_by_one)(
        (make(seed) for _, seed in runs),
        train,
        val,
        lr=[rate for rate, _ in runs],
        seeds=[seed for _, seed in runs],
        batch_size=batch_size,
        epochs=epochs,
        momentum=momentum,
    )
    return _tidy(runs, results)


def _tidy(runs: list[tuple[float, int]], results: list[list[dict[str, float]]]) -> pd.DataFrame:
    rows = [
        {"lr": rate, "seed": seed} | row
        for (rate, seed), result in zip(runs, results, strict=True)
        for row in result
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pays_together(model: nn.Module, samples: Samples) -> bool:
    """Whether runs with such a model are trained at once by default.

    They are on an accelerator, and on a CPU if the model has at most 300,000 parameters. A small
    network's step is spent mostly between the operations, and a step together goes through them
    once for all runs. A wide network's step is arithmetic, which stays the same, and the stacked
    weights no longer fit the cache. On a CPU, 16 runs at batch size 64 took this many times as long
    one by one as together (``benchmarks/sweeps.py`` holds both sides of the bound to it):

    ===========  ===  ======  ======  =======  =======  =======  =======
    parameters   82   12,730  25,450  101,770  269,322  455,050  669,706
    two threads  3.3  2.9     2.6     1.8      1.5      1.0      0.9
    one thread   3.6  2.2     2.0     1.3      1.1      0.8      0.7
    ===========  ===  ======  ======  =======  =======  =======  =======

    Args:
        model: one of the networks.
        samples: the data, on the device where they train.
    """
    if why_apart(model) is not None:
        return False
    return samples.x.device.type != "cpu" or count_parameters(model) <= LARGEST_TOGETHER


def train_one_by_one(
    models: Iterable[nn.Module],
    train: Samples,
    val: Samples,
    *,
    lr: Sequence[float],
    seeds: Sequence[int],
    batch_size: int,
    epochs: int,
    momentum: float,
) -> list[list[dict[str, float]]]:
    """The epochs that each of R runs finished, one run after another.

    Args:
        models: R networks, on the device of the data.
        train: samples to train on.
        val: samples to evaluate on after each epoch.
        lr: R learning rates.
        seeds: R seeds of the orders of the samples.
        batch_size: samples per update.
        epochs: passes over the training samples.
        momentum: of SGD.
    """
    return [
        finished_epochs(
            model,
            Batches(train, batch_size, seed=seed),
            val,
            lr=rate,
            epochs=epochs,
            momentum=momentum,
        )
        for model, rate, seed in zip(models, lr, seeds, strict=True)
    ]
