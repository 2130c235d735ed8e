"""Fits of a line over a grid of learning rates, batch sizes and momenta."""

import math
from collections.abc import Sequence
from itertools import product

import pandas as pd

from dlbook import require
from dlbook.data import Samples
from dlbook.descent import descend_line


def sweep_line(
    samples: Samples,
    lr: Sequence[float],
    *,
    batch_sizes: Sequence[int],
    momenta: Sequence[float] = (0.0,),
    steps: int,
    start: tuple[float, float] = (0.0, 0.0),
    seed: int = 0,
) -> pd.DataFrame:
    """Run `dlbook.descent.descend_line` for every combination, all learning rates at once.

    Args:
        samples: n numbers x and n numbers y.
        lr: learning rates.
        batch_sizes: samples per update; n is the full batch.
        momenta: values of μ.
        steps: updates per run, the same for all runs, whatever their batch size.
        start: w and b at the beginning.
        seed: of the order of the samples.

    Returns:
        The rows of `descend_line` with the columns ``batch_size`` and ``momentum`` in front.

    Raises:
        TypeError: an argument of another type.
        ValueError: steps below 1, no batch size or momentum, or an argument that `descend_line`
            refuses.
    """
    require.kind("samples", samples, Samples)
    require.whole("steps", steps)
    sizes = [require.whole(name, size) for name, size in require.each("batch_sizes", batch_sizes)]
    mus = [
        require.number(name, mu, least=0, below=1) for name, mu in require.each("momenta", momenta)
    ]
    rates = require.numbers("lr", require.several("lr", lr))
    tables = []
    for batch_size, momentum in product(sizes, mus):
        epochs = math.ceil(steps / math.ceil(len(samples) / batch_size))
        trace = descend_line(
            samples,
            rates,
            epochs=epochs,
            batch_size=batch_size,
            start=start,
            momentum=momentum,
            seed=seed,
        )
        trace.insert(0, "momentum", momentum)
        trace.insert(0, "batch_size", batch_size)
        tables.append(trace[trace["step"] <= steps])
    return pd.concat(tables, ignore_index=True)
