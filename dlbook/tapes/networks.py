"""Networks as functions that can be recorded, and how their weights are drawn."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value

Parameters = dict[str, Tensor]
Criterion = Callable[[Tensor, Tensor], Tensor]


def loss_and_gradients(
    model: nn.Module, criterion: Criterion
) -> Callable[[Tensor, Tensor, Parameters], tuple[Tensor, Parameters]]:
    """A function (x, y, parameters) → loss and its gradients (chapter 09)."""

    def of_batch(x: Tensor, y: Tensor, parameters: Parameters) -> tuple[Tensor, Parameters]:
        def cost(weights: Parameters) -> Tensor:
            return criterion(functional_call(model, weights, (x,)), y)

        gradients, loss = grad_and_value(cost)(parameters)
        return loss, gradients

    return of_batch


def probabilities(model: nn.Module) -> Callable[[Tensor, Parameters], Tensor]:
    """A function (x, parameters) → softmax of the logits, (N, classes)."""

    def of_samples(x: Tensor, parameters: Parameters) -> Tensor:
        logits: Tensor = functional_call(model, parameters, (x,))
        return logits.softmax(dim=1)

    return of_samples


@dataclass(frozen=True)
class Drawn:
    """A parameter that torch draws evenly between −bound and bound.

    Attributes:
        name: in ``model.named_parameters()``.
        shape: of the parameter.
        bound: 1/√(numbers that each output of the layer sums up).
    """

    name: str
    shape: list[int]
    bound: float


def drawn_parameters(model: nn.Module, *, seed: int) -> list[Drawn]:
    """How a network's weights were drawn, in order (chapter 13).

    Raises:
        ValueError: layers that draw otherwise, or a network of another seed.
    """
    found = []
    for layer_name, layer in model.named_modules():
        own = list(layer.named_parameters(recurse=False))
        if not own:
            continue
        bound = 1 / math.sqrt(own[0][1][0].numel())
        prefix = f"{layer_name}." if layer_name else ""
        found += [Drawn(f"{prefix}{name}", list(w.shape), bound) for name, w in own]
    _require_drawn(found, model, seed)
    return found


def _require_drawn(found: list[Drawn], model: nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    weights = dict(model.named_parameters())
    for part in found:
        again = torch.empty(part.shape).uniform_(-part.bound, part.bound, generator=generator)
        if not torch.allclose(again, weights[part.name].detach().cpu(), atol=1e-6):
            raise ValueError(
                f"{part.name} is not what torch draws for a linear layer or a convolution from the "
                f"seed {seed}"
            )
