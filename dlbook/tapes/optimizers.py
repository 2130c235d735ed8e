"""What torch's optimizers do to one parameter, as a function that can be recorded."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import SGD, Adam, Optimizer, RMSprop
from torch.optim.adam import adam
from torch.optim.rmsprop import rmsprop
from torch.optim.sgd import sgd

Settings = dict[str, Any]
Update = Callable[[Tensor, Tensor, Tensor, list[Tensor]], tuple[Tensor, list[Tensor]]]


def start(optimizer: Optimizer, w: Tensor) -> list[Tensor]:
    """What the optimizer remembers of a parameter before the first step."""
    settings = optimizer.defaults
    momentum = [torch.zeros_like(w)] if settings.get("momentum") else []
    if isinstance(optimizer, Adam):
        return [torch.zeros(()), torch.zeros_like(w), torch.zeros_like(w)]
    if isinstance(optimizer, RMSprop):
        return [torch.zeros(()), torch.zeros_like(w), *momentum]
    return momentum


def update(optimizer: Optimizer) -> Update:
    """A function (w, gradient, lr, memory) → w and memory after one step (chapter 08).

    It is torch's own, with the optimizer's settings but the learning rate, which is an argument.

    Raises:
        ValueError: another optimizer than SGD, RMSprop, Adam or AdamW.
    """
    rules = {SGD: _sgd, RMSprop: _rmsprop, Adam: _adam}
    rule = next((rule for kind, rule in rules.items() if isinstance(optimizer, kind)), None)
    if rule is None:
        raise ValueError(f"optimizer must be SGD, RMSprop, Adam or AdamW, got {optimizer}")
    settings = optimizer.defaults

    def step(
        w: Tensor, gradient: Tensor, lr: Tensor, memory: list[Tensor]
    ) -> tuple[Tensor, list[Tensor]]:
        w, memory = w.clone(), [part.clone() for part in memory]
        rule(settings, w, gradient, lr, memory)
        return w, memory

    return step


def _sgd(settings: Settings, w: Tensor, gradient: Tensor, lr: Tensor, memory: list[Tensor]) -> None:
    names = ("momentum", "weight_decay", "dampening", "nesterov", "maximize")
    chosen = {name: settings[name] for name in names}
    buffers: list[Tensor | None] = [*memory] or [None]
    sgd([w], [gradient], buffers, lr=lr, foreach=False, **chosen)


def _rmsprop(
    settings: Settings, w: Tensor, gradient: Tensor, lr: Tensor, memory: list[Tensor]
) -> None:
    steps, square, *momentum = memory
    names = ("momentum", "weight_decay", "alpha", "eps", "centered", "maximize")
    chosen = {name: settings[name] for name in names}
    rmsprop([w], [gradient], [square], [], momentum, [steps], lr=lr, foreach=False, **chosen)


def _adam(
    settings: Settings, w: Tensor, gradient: Tensor, lr: Tensor, memory: list[Tensor]
) -> None:
    steps, mean, square = memory
    names = ("weight_decay", "eps", "amsgrad", "maximize", "decoupled_weight_decay")
    chosen = {name: settings[name] for name in names if name in settings}
    beta1, beta2 = settings["betas"]
    adam(
        [w], [gradient], [mean], [square], [], [steps],
        lr=lr, beta1=beta1, beta2=beta2, foreach=False, fused=False, **chosen,
    )  # fmt: skip
