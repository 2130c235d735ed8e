"""Answers to the exercises of chapter 12, many inputs, many layers."""

from typing import Any

import torch
from torch import Tensor, nn


def product(layers: nn.Sequential) -> nn.Linear:
    weight, bias = layers[0].weight, layers[0].bias
    for layer in layers[1:]:
        weight, bias = layer.weight @ weight, layer.weight @ bias + layer.bias
    single = nn.Linear(weight.shape[1], weight.shape[0])
    single.load_state_dict({"weight": weight, "bias": bias})
    return single


def sum_of_biases(layers: nn.Sequential) -> nn.Linear:
    single = product(layers)
    torch.nn.init.zeros_(single.bias)
    return single


def transposed(layers: nn.Sequential) -> nn.Linear:
    return nn.Linear(layers[-1].out_features, layers[0].in_features)


class Gated(nn.Module):
    """Right: the value times the sigmoid of the gate."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.gate = nn.Linear(inputs, outputs)
        self.value = nn.Linear(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.gate(x).sigmoid().mul(self.value(x))


class Swapped(Gated):
    """Wrong: the sigmoid of the value."""

    def forward(self, x: Tensor) -> Tensor:
        return self.gate(x) * self.value(x).sigmoid()


class Added(Gated):
    """Wrong: a sum in place of the product."""

    def forward(self, x: Tensor) -> Tensor:
        return self.value(x) + self.gate(x).sigmoid()


class NoSigmoid(Gated):
    """Wrong: without the sigmoid."""

    def forward(self, x: Tensor) -> Tensor:
        return self.value(x) * self.gate(x)


class Chained(Gated):
    """Not as asked: the gate is no linear layer."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs)
        self.gate = nn.Sequential(nn.Linear(inputs, outputs), nn.Sigmoid())

    def forward(self, x: Tensor) -> Tensor:
        return self.gate(x) * self.value(x)


class NoSuper(nn.Module):
    """Wrong: without super().__init__()."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self.value = nn.Linear(inputs, outputs)


def in_place(w: Tensor, g: Tensor, lr: float, decay: float) -> Tensor:
    return w.mul_(1 - lr * decay).sub_(lr * g)


RIGHT: dict[str, Any] = {
    "12.1": torch.tensor(641),
    "12.2": lambda model: {
        name: value.numel() for name, value in model.state_dict().items() if "weight" in name
    },
    "12.3": product,
    "12.4": Gated,
    "12.5": lambda w, g, lr, decay: w - lr * (g + decay * w),
    "12.6": lambda val, test: test[val.argmin(dim=0), torch.arange(val.shape[1])].mean(),
}

WRONG: list[tuple[str, Any, str]] = [
    ("12.1", 30 * 16 + 16 * 8 + 8, "a bias"),
    ("12.1", 30 + 16 + 8 + 1, "(m + 1) n"),
    ("12.1", 640, "one bias"),
    ("12.2", lambda model: {n: p.numel() for n, p in model.named_parameters()}, "bias"),
    (
        "12.2",
        lambda model: {n: len(p) for n, p in model.named_parameters() if "weight" in n},
        "numel()",
    ),
    ("12.2", lambda model: [p.numel() for p in model.parameters()], "a dictionary"),
    ("12.2", lambda model: {"1.weight": 48}, "lacks the key"),
    ("12.3", lambda layers: layers, "nn.Linear"),
    ("12.3", transposed, "Rows belong to outputs"),
    ("12.3", sum_of_biases, "the input zero"),
    ("12.4", Swapped, "the sigmoid of the value"),
    ("12.4", Added, "multiply them"),
    ("12.4", NoSigmoid, "its sigmoid is missing"),
    ("12.4", Chained, "gate should be an nn.Linear"),
    ("12.4", NoSuper, "before Module.__init__() call"),
    ("12.5", lambda w, g, lr, decay: w - lr * g, "the decay is missing"),
    ("12.5", lambda w, g, lr, decay: (1 - decay) * w - lr * g, "by the learning rate"),
    ("12.5", lambda w, g, lr, decay: (1 - lr * decay) * w + lr * g, "against the gradient"),
    ("12.5", lambda w, g, lr, decay: (1 - 2 * lr * decay) * w - lr * g, "without a factor 2"),
    ("12.5", in_place, "changed a tensor that came in"),
    ("12.6", lambda val, test: test.amin(dim=0).mean(), "nobody may look"),
    ("12.6", lambda val, test: test[val.mean(dim=1).argmin()].mean(), "argmin"),
    ("12.6", lambda val, test: val.amin(dim=0).mean(), "validation losses"),
    ("12.4", Gated(3, 2), "a class is expected"),
    ("12.6", lambda val, test: test.flatten()[val.argmin()], "should be 0.46"),
]
