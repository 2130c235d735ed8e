"""Answers to the exercises of chapter 13, where training starts, and what keeps it going."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def fill(layer: nn.Linear, array: Any) -> nn.Linear:
    layer.weight.data[:] = torch.from_numpy(array).float()
    return layer


def wrap(layer: nn.Linear, array: Any) -> nn.Linear:
    layer.weight = nn.Parameter(torch.from_numpy(array))
    return layer


def double(layer: nn.Linear, array: Any) -> nn.Linear:
    layer.double().weight.data.copy_(torch.from_numpy(array))
    return layer


def he(layer: nn.Module) -> None:
    if isinstance(layer, nn.Linear):
        with torch.no_grad():
            layer.weight.normal_(0, (2 / layer.in_features) ** 0.5)
            if layer.bias is not None:
                layer.bias.zero_()


def he_uniform(layer: nn.Module) -> None:
    he(layer)
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")


def outer_only(model: nn.Sequential) -> nn.Sequential:
    for layer in model:
        he(layer)
    return model


def with_xavier(layer: nn.Module) -> None:
    he(layer)
    if isinstance(layer, nn.Linear):
        nn.init.xavier_normal_(layer.weight)


def weights_only(layer: nn.Module) -> None:
    if isinstance(layer, nn.Linear):
        nn.init.kaiming_normal_(layer.weight)


def every_vector(layer: nn.Module) -> None:
    he(layer)
    if isinstance(layer, nn.BatchNorm1d):
        nn.init.zeros_(layer.bias)


def by_batch(z: Tensor, mean: Tensor, var: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
    return gamma * (z - z.mean(dim=0)) / (z.var(dim=0, correction=0) + 1e-5).sqrt() + beta


RIGHT: dict[str, Any] = {
    "13.1": torch.tensor(0.1),
    "13.2": fill,
    "13.3": lambda model: model.apply(he),
    "13.4": lambda n, gain: (3 * gain**2 / n) ** 0.5,
    "13.5": int(np.ceil(np.log(0.01) / np.log(0.9))),
    "13.6": lambda z, mean, var, gamma, beta: (
        (z - mean).div((var + 1e-5).sqrt()).mul(gamma).add(beta)
    ),
    "13.7": 1.47,
}

WRONG: list[tuple[str, Any, str]] = [
    ("13.1", 0.01, "variance"),
    ("13.1", 0.2, "fan-out"),
    ("13.1", (2 / 250) ** 0.5, "Xavier's"),
    ("13.1", (1 / 200) ** 0.5, "number of inputs"),
    ("13.2", wrap, "new weight"),
    ("13.2", double, "float32"),
    ("13.2", lambda layer, array: layer, "in place"),
    ("13.2", lambda layer, array: layer.weight.copy_(torch.from_numpy(array)), "RuntimeError"),
    ("13.3", outer_only, "inner layers"),
    ("13.3", lambda model: model.apply(with_xavier), "standard deviation"),
    ("13.3", lambda model: model.apply(he_uniform), "not normal"),
    ("13.3", lambda model: model.apply(weights_only), "bias"),
    ("13.3", lambda model: model.apply(every_vector), "other layers alone"),
    ("13.4", lambda n, gain: gain / n**0.5, "a²/3"),
    ("13.4", lambda n, gain: gain**2 * (3 / n) ** 0.5, "a²/3"),
    ("13.4", lambda n, gain: (6 / n) ** 0.5, "a²/3"),
    ("13.5", 22, "within 0.1"),
    ("13.5", 43, "one more"),
    ("13.5", 10, "to the power"),
    ("13.6", by_batch, "is not right"),
    (
        "13.6",
        lambda z, mean, var, gamma, beta: gamma * (z - mean) / var.sqrt() + beta,
        "is not right",
    ),
    ("13.7", 1.53, "variance"),
    ("13.7", 1.46, "mean of gelu"),
    ("13.7", 2**0.5, "mean of gelu"),
]
