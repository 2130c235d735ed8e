"""The journey of samples in batches: what is drawn and counted, beside a real DataLoader."""

from collections import Counter
from itertools import product
from typing import Any

import torch
from made_explorers import made
from small_explorers import batch_journey
from torch.utils.data import DataLoader

from dlbook.explorers.controls import as_tensor

SIZES, ANSWERS, STEPS = (1, 2), ("no", "yes"), (1, 2, 3)
ORDERS = {"no": [[0, 1, 2]] * 3, "yes": [[0, 1, 2], [2, 0, 1], [1, 2, 0]]}


def test_it_is_that_of_a_loader() -> None:
    function = made(batch_journey)["function"]
    for size, shuffle, drop, step in product(SIZES, ANSWERS, ANSWERS, STEPS):
        found = function(as_tensor(size), shuffle, drop, as_tensor(step))
        require_like_a_loader(found, size, shuffle, drop, step)


def require_like_a_loader(
    found: dict[str, Any], size: int, shuffle: str, drop: str, step: int
) -> None:
    epochs = [
        [batch.tolist() for batch in DataLoader(order, size, drop_last=drop == "yes")]
        for order in ORDERS[shuffle]
    ]
    taken = [batch for batches in epochs for batch in batches][:step]
    epoch, number = divmod(step - 1, len(epochs[0]))
    assert (found["epoch"], found["number"]) == (epoch + 1, number + 1)
    assert (found["batches"], found["size"]) == (len(epochs[0]), len(taken[-1]))

    counts = Counter(i for batch in taken for i in batch)
    assert found["uses"]["top"].tolist() == [counts[i] for i in range(3)]
    assert found["never"] == 3 - len(counts)

    out = set(range(3)) - {i for batch in epochs[epoch] for i in batch}
    dashed = (found["dataset_out"]["left"] >= 0).nonzero().flatten().tolist()
    assert set(dashed) == out
    assert found["left_out"] == len(out)

    earlier = {i for batch in epochs[epoch][:number] for i in batch}
    fill = found["dataset"]["value"]
    assert set((fill > 0).nonzero().flatten().tolist()) == set(taken[-1])
    assert set((fill < 0).nonzero().flatten().tolist()) == earlier

    tiles = found["batch"]
    there = {i: x for i, x in enumerate(tiles["left"].tolist()) if x >= 0}
    assert sorted(there, key=there.__getitem__) == taken[-1]
    lines = torch.stack([found["order"]["top"], found["order"]["left"]]).T.tolist()
    assert [lines[i] for i in taken[-1]] == [[number, k] for k in range(len(taken[-1]))]
