"""The race of optimizers: what its outcome says, and what it refuses."""

from itertools import product

import pandas as pd
import pytest
import torch

from dlbook import explorers
from dlbook.explorers import RunExplorer

W = torch.linspace(-2, 2, 11, dtype=torch.float64)
BOWL = W**2 + W[:, None] ** 2
STEPS = 3


def race(costs: dict[str, float], *, other: str = "bowl") -> RunExplorer:
    """Every optimizer begins at cost 2 and has its own after the first step, in every run."""
    runs = product((other, "second"), (0.1, 0.2), costs.items(), range(STEPS + 1))
    rows = [
        (surface, lr, name, step, 1.0, 0.5, cost if step else 2.0)
        for surface, lr, (name, cost), step in runs
    ]
    columns = ["surface", "lr", "optimizer", "step", "w0", "w1", "cost"]
    table, maps = pd.DataFrame(rows, columns=columns), {"bowl": BOWL, "second": BOWL}
    return explorers.race(table, W, W, maps, start=("bowl", 0.1), caption="Race.")


@pytest.mark.parametrize(
    ("costs", "outcome"),
    [
        ({"plain": 0.5, "Adam": 0.25}, ">After 3 steps Adam is lowest, at 0.25.<"),
        ({"plain": 1e-30, "Adam": 0.25}, "plain is lowest, below 0.000001.<"),
        ({"plain": float("nan"), "Adam": 2.0}, "Adam is lowest, at 2. Diverged: plain.<"),
        ({"plain": float("inf"), "Adam": 1e9}, ">Diverged: plain, Adam.<"),
    ],
)
def test_the_outcome_names_the_lowest_and_the_diverged(
    costs: dict[str, float], outcome: str
) -> None:
    assert outcome in race(costs)._repr_html_()


def test_table_and_maps_must_be_of_the_same_surfaces() -> None:
    with pytest.raises(ValueError, match="same surfaces"):
        race({"plain": 1.0}, other="ravine")


def test_more_optimizers_than_colors() -> None:
    with pytest.raises(ValueError, match="at most 6 optimizers"):
        race({f"optimizer {i}": 1.0 for i in range(7)})
