"""Answers to the exercises of chapter 14, feeding a network."""

from typing import Any

import pandas as pd
import torch
from torch import Tensor

from dlbook.data import PASSENGER_LOG_ODDS

TRUTH = {name: value for name, value in PASSENGER_LOG_ODDS.items() if name != "intercept"}


class Windows:
    """Windows cut all at once."""

    def __init__(self, series: Tensor, width: int) -> None:
        self.all = series.unfold(0, width + 1, 1)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.all[index, :-1], self.all[index, -1]


class OneTooMany(Windows):
    """Counts a window that no value follows."""

    def __len__(self) -> int:
        return len(self.all) + 1


class Shifted(Windows):
    """Its windows begin one too late."""

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.all[index, 1:], self.all[index, -1]


def collate(samples: list[tuple[Tensor, int]]) -> tuple[Tensor, Tensor, Tensor]:
    longest = max(len(x) for x, _ in samples)
    padded = torch.zeros(len(samples), longest)
    mask = torch.zeros(len(samples), longest, dtype=torch.bool)
    for row, (x, _) in enumerate(samples):
        padded[row, : len(x)] = x
        mask[row, : len(x)] = True
    return padded, mask, torch.tensor([y for _, y in samples])


def mask_by_value(samples: list[tuple[Tensor, int]]) -> tuple[Tensor, Tensor, Tensor]:
    padded, _, labels = collate(samples)
    return padded, padded != 0, labels


def fill(train: Tensor, ages: Tensor) -> tuple[Tensor, Tensor]:
    return torch.where(ages.isnan(), train.nanmedian(), ages), ages.isnan().float()


def one_hot(values: list[Any], categories: list[str]) -> Tensor:
    return torch.tensor([[float(value == name) for name in categories] for value in values])


def probabilities(table: pd.DataFrame, ages: float = 30.0) -> Tensor:
    of = PASSENGER_LOG_ODDS
    logits = (
        of["intercept"]
        + of["second"] * (table["cabin"] == "second")
        + of["third"] * (table["cabin"] == "third")
        + of["male"] * (table["sex"] == "male")
        + of["age"] * table["age"].fillna(ages)
    )
    return torch.tensor(logits.to_numpy(copy=True)).sigmoid()


RIGHT: dict[str, Any] = {
    "14.1": 1437 % 100,
    "14.2": Windows,
    "14.3": collate,
    "14.4": fill,
    "14.5": one_hot,
    "14.6": TRUTH | {"male": -2.5},
    "14.7": probabilities,
}

WRONG: list[tuple[str, Any, str]] = [
    ("14.1", 14, "number of batches"),
    ("14.1", 1400, "are left"),
    ("14.1", 63, "modulo"),
    ("14.2", OneTooMany, "a value that follows"),
    ("14.2", Shifted, "series[0:3]"),
    ("14.2", lambda series, width: 3, "__getitem__"),
    ("14.3", mask_by_value, "a value too"),
    ("14.3", lambda samples: collate(samples)[:2], "three tensors"),
    ("14.4", lambda train, ages: fill(ages, ages), "training"),
    ("14.4", lambda train, ages: (ages, ages.isnan().float()), "still has holes"),
    ("14.4", lambda train, ages: (fill(train, ages)[0], 1 - fill(train, ages)[1]), "flags"),
    (
        "14.5",
        lambda values, categories: torch.eye(len(categories))[
            torch.tensor([categories.index(v) if v in categories else 0 for v in values])
        ],
        "row of zeros",
    ),
    ("14.5", lambda values, categories: one_hot(values, sorted(set(map(str, values)))), "shape"),
    ("14.6", TRUTH | {"age": -0.38}, "standard deviation"),
    ("14.6", {name: -value for name, value in TRUTH.items()}, "log-odds"),
    ("14.6", -2.4, "a dict"),
    ("14.7", lambda table: probabilities(table, float("nan")), "from 0 to 1"),
    ("14.7", lambda table: torch.full((len(table),), 0.4), "cross-entropy"),
    (
        "14.7",
        lambda table: (probabilities(table) - probabilities(table).mean() + 0.4).clamp(0, 1),
        "alone",
    ),
    ("14.2", Windows(torch.arange(5.0), 2), "a class is expected"),
]
