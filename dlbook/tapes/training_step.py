"""One step of training as a function: what the five lines of chapter 09's loop compute."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value
from torch.optim.adam import adam
from torch.optim.sgd import sgd

Criterion = Callable[[Tensor, Tensor], Tensor]
State = dict[str, Any]  # the optimizer's tensors, a list for each name


@dataclass(frozen=True)
class SGD:
    """As ``torch.optim.SGD``: its buffers are lists of one tensor for each parameter."""

    momentum: float = 0.0

    def start(self, parameters: list[Tensor]) -> State:
        """No step was taken yet."""
        return {"momentum": [torch.zeros_like(p) for p in parameters] if self.momentum else []}

    def update(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, lr: Tensor
    ) -> tuple[list[Tensor], State]:
        """w ← w − lr · v, with v ← momentum · v + gradient."""
        weights, buffers = ([v.clone() for v in each] for each in (parameters, state["momentum"]))
        sgd(
            weights,
            gradients,
            buffers or [None] * len(weights),
            foreach=False,
            weight_decay=0.0,
            momentum=self.momentum,
            lr=lr,
            dampening=0.0,
            nesterov=False,
            maximize=False,
        )
        return weights, {"momentum": buffers}


@dataclass(frozen=True)
class Adam:
    """As ``torch.optim.Adam``."""

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def start(self, parameters: list[Tensor]) -> State:
        """No step was taken yet."""
        zeros = {name: [torch.zeros_like(p) for p in parameters] for name in ("mean", "square")}
        return zeros | {"steps": torch.zeros(())}

    def update(
        self, parameters: list[Tensor], gradients: list[Tensor], state: State, lr: Tensor
    ) -> tuple[list[Tensor], State]:
        """w ← w − lr · m̂ / (√v̂ + ε)."""
        moments = (parameters, state["mean"], state["square"])
        weights, means, squares = ([v.clone() for v in each] for each in moments)
        steps = [state["steps"].clone() for _ in weights]
        adam(
            weights,
            gradients,
            means,
            squares,
            [],
            steps,
            foreach=False,
            capturable=False,
            differentiable=False,
            fused=False,
            amsgrad=False,
            beta1=self.beta1,
            beta2=self.beta2,
            lr=lr,
            weight_decay=0.0,
            eps=self.eps,
            maximize=False,
        )
        return weights, {"mean": means, "square": squares, "steps": steps[0]}


def training_step(
    model: nn.Module, criterion: Criterion, optimizer: SGD | Adam
) -> Callable[..., Any]:
    """A function (x, y, lr, parameters, state) → loss and the two after one update (chapter 09).

    The parameters are a dictionary as of ``model.named_parameters()``.
    """

    def step(
        x: Tensor, y: Tensor, lr: Tensor, parameters: Mapping[str, Tensor], state: State
    ) -> tuple[Tensor, dict[str, Tensor], State]:
        def cost(weights: dict[str, Tensor]) -> Tensor:
            return criterion(functional_call(model, weights, (x,)), y)

        gradients, loss = grad_and_value(cost)(dict(parameters))
        updated, state = optimizer.update(
            list(parameters.values()), list(gradients.values()), state, lr
        )
        return loss, dict(zip(parameters, updated, strict=True)), state

    return step
