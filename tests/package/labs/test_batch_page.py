"""The batch lab of a page runs as `dlbook.descent.descend_line` does, in the same order."""

from typing import Any

import pytest
import torch

from dlbook.data import Samples
from dlbook.descent import descend_line
from dlbook.explorers.walk import Walk
from dlbook.labs import BatchLab
from dlbook.labs.batch_page import BatchRuns
from dlbook.labs.cost_map import CostMap

START = (-1.0, 2.0)


def line(n: int) -> Samples:
    generator = torch.Generator().manual_seed(0)
    x, noise = torch.randn(2, n, generator=generator, dtype=torch.float64)
    return Samples(x, 3 * x - 1 + 0.3 * noise)


@pytest.mark.parametrize("batch_size", [1, 10, 24])
@pytest.mark.parametrize("momentum", [0.0, 0.6])
def test_a_run_is_that_of_the_chapter(batch_size: int, momentum: float) -> None:
    samples, lr, epochs = line(24), 0.03, 3
    oracle = descend_line(
        samples, lr, epochs=epochs, batch_size=batch_size, start=START, momentum=momentum
    )
    given = {"lr": lr, "momentum": momentum, "axis": 0.0, "epochs": float(epochs)}
    values: dict[str, Any] = {"batch": str(batch_size)}
    values |= {name: torch.tensor(x, dtype=torch.float64) for name, x in given.items()}
    runs = BatchRuns(samples, START, CostMap.around(samples, START))
    run = Walk(runs.start, runs.step, runs.steps).columns(values)
    found = runs.figure(run=run, **values)
    rows = slice(0, len(oracle))
    assert found["path"]["w"][rows].tolist() == pytest.approx(oracle["w"].tolist())
    assert found["path"]["b"][rows].tolist() == pytest.approx(oracle["b"].tolist())
    assert found["costs"]["seen"][rows].tolist() == pytest.approx(oracle["epoch"].tolist())
    assert found["costs"]["cost"][rows].tolist() == pytest.approx(oracle["cost"].tolist())
    assert found["cost"].item() == pytest.approx(oracle["cost"].iloc[-1])
    assert found["beyond"]["on"] == 0


def test_a_path_that_leaves_the_map_is_told() -> None:
    samples = line(24)
    runs = BatchRuns(samples, START, CostMap.around(samples, START))
    values: dict[str, Any] = {"batch": "24", "lr": torch.tensor(2.0), "momentum": torch.tensor(0.0)}
    run = Walk(runs.start, runs.step, runs.steps).columns(values)
    found = runs.figure(run=run, **values, axis=torch.tensor(0), epochs=torch.tensor(3))
    assert found["beyond"]["on"] == 1


@pytest.mark.slow
def test_the_page_offers_what_the_lab_does() -> None:
    html = BatchLab(line(24), batch_size=10, epochs=20).on_page()
    for size in (1, 2, 5, 10, 20, 24):
        assert f">{size}</option>" in html
