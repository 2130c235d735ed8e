"""Checks of chapter 12, many inputs, many layers."""

import copy
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise
from dlbook.exercises.words import kind, numbers, shown
from dlbook.models import mlp
from dlbook.models.seeding import seeded


@exercise("12.1")
def parameters(answer: Any) -> None:
    """How many parameters the multilayer perceptron 30→16→8→1 has."""
    sizes = (30, 16, 8, 1)
    value = expect.number(answer)
    if value == sum(m * n for m, n in pairwise(sizes)):
        raise NotYet(f"{value:g} counts the weights. Every unit has a bias as well.")
    if value == 640:
        raise NotYet("640 leaves out one bias: the output has one as well.")
    hint = "From m units to n units lead (m + 1) n parameters; there are three such steps."
    expect.close(value, sum((m + 1) * n for m, n in pairwise(sizes)), hint=hint, tolerance=1e-9)


@exercise("12.2")
def weight_sizes(answer: Any) -> None:
    """Ask for `weight_sizes`: from the names of a model's weights to how many numbers they hold."""
    cases = {"a Sequential": mlp([8, 6, 4, 1], seed=0), "a nested model": _nested()}
    for name, model in cases.items():
        call = f"weight_sizes of {name}"
        got = expect.result(answer, model, call=call)
        if not isinstance(got, dict):
            raise NotYet(f"{call} should be a dictionary, got {kind(got)}.")
        want = {n: p.numel() for n, p in model.named_parameters() if n.endswith("weight")}
        if extra := [key for key in got if key not in want]:
            raise NotYet(f"{call} should not have the key {shown(extra[0])}.")
        if missing := sorted(set(want) - set(got)):
            raise NotYet(f"{call} lacks the key {missing[0]!r}; loop over named_parameters().")
        for key, size in want.items():
            what, hint = f"{key!r} of {name}", "numel() counts all entries."
            value = expect.number(got[key], what)
            expect.close(value, size, call=what, hint=hint, tolerance=1e-9)


@exercise("12.3")
def collapse(answer: Any) -> None:
    """Ask for `collapse`: one linear layer that does what a Sequential of linear layers does."""
    for sizes in ((3, 5, 2), (4, 1, 6, 3)):
        with seeded(0):
            layers = nn.Sequential(*(nn.Linear(m, n) for m, n in pairwise(sizes)))
        call = f"collapse of {'→'.join(map(str, sizes))}"
        single = expect.result(answer, copy.deepcopy(layers), call=call)
        if not isinstance(single, nn.Linear):
            raise NotYet(f"{call} should be an nn.Linear, got {kind(single)}.")
        if single.weight.shape != (sizes[-1], sizes[0]):
            raise NotYet(
                f"{call} should have a weight of shape {(sizes[-1], sizes[0])}, got "
                f"{tuple(single.weight.shape)}. Rows belong to outputs."
            )
        zero, x = torch.zeros(1, sizes[0]), torch.linspace(-2, 2, 5 * sizes[0]).view(5, -1)
        hint = "The bias of a layer passes through the next."
        _require_alike(single, layers, zero, f"the output of {call} for the input zero", hint)
        hint = "Which matrix stands on the left in the product?"
        _require_alike(single, layers, x, f"the output of {call} for five inputs", hint)


def _require_alike(single: nn.Linear, layers: nn.Module, x: Tensor, what: str, hint: str) -> None:
    want = layers(x)
    y_hat = expect.tensor(expect.result(single, x, call=what), tuple(want.shape), call=what)
    expect.close(y_hat, want, call=what, hint=hint, tolerance=1e-4)


@exercise("12.4")
def gated(answer: Any) -> None:
    """Ask for `Gated`: a module with two branches, value times sigmoid of gate."""
    module = expect.instance(answer, 3, 2, call="Gated(3, 2)")
    if not isinstance(module, nn.Module):
        raise NotYet(f"Gated(3, 2) should be an nn.Module, got {kind(module)}. Inherit from it.")
    x = torch.linspace(-1, 1, 12).view(4, 3)
    y_hat = expect.tensor(expect.result(module, x, call="module(x)"), (4, 2), call="module(x)")
    value, gate = (
        expect.tensor(expect.result(_linear(module, name), x, call=call), (4, 2), call=call)
        for name, call in (("value", "module.value(x)"), ("gate", "module.gate(x)"))
    )
    if expect.alike(y_hat, value + torch.sigmoid(gate), tolerance=1e-5):
        raise NotYet("module(x) adds the value and the sigmoid of the gate; multiply them.")
    if expect.alike(y_hat, value * gate, tolerance=1e-5):
        raise NotYet("module(x) multiplies the value by the gate itself; its sigmoid is missing.")
    if expect.alike(y_hat, torch.sigmoid(value) * gate, tolerance=1e-5):
        raise NotYet("module(x) takes the sigmoid of the value; the gate is what it belongs to.")
    want, hint = value * torch.sigmoid(gate), "Both branches are right. How are they joined?"
    expect.close(y_hat, want, call="module(x)", hint=hint, tolerance=1e-5)


@exercise("12.5")
def decayed_step(answer: Any) -> None:
    """Ask for `decayed_step`: a step of gradient descent with weight decay."""

    def step(w: Tensor, g: Tensor, lr: float, decay: float) -> Tensor:
        return (1 - lr * decay) * w - lr * g

    w, g = torch.tensor([3.0, -2.0]), torch.tensor([-2.0, 3.0])
    cases = [(w, g, 0.1, 0.5), (w, torch.zeros(2), 0.1, 0.5), (w, g, 0.2, 0.0)]
    call = f"decayed_step({numbers(w)}, {numbers(g)}, 0.1, 0.5)"
    got = expect.tensor(expect.leaves_alone(answer, w, g, 0.1, 0.5, call=call), (2,), call=call)
    want = step(w, g, 0.1, 0.5)
    mistakes = {
        "the decay is missing": w - 0.1 * g,
        "the decay, too, is multiplied by the learning rate": (1 - 0.5) * w - 0.1 * g,
        "a step goes against the gradient": (1 - 0.1 * 0.5) * w + 0.1 * g,
        "the gradient of λ/2 · w² is λw, without a factor 2": (1 - 2 * 0.1 * 0.5) * w - 0.1 * g,
    }
    for why, wrong in mistakes.items():
        if expect.alike(got, wrong, tolerance=1e-5):
            raise NotYet(f"{call} should be {numbers(want)}, got {numbers(got)}: {why}.")
    expect.same_for_all(answer, step, cases, name="decayed_step")


@exercise("12.6")
def stopped_loss(answer: Any) -> None:
    """Ask for `stopped_loss`: the mean test loss where each network's validation loss is lowest."""
    val = torch.tensor([[0.5, 0.9, 0.4], [0.3, 0.5, 0.6], [0.6, 0.2, 0.7], [0.7, 0.3, 0.5]])
    test = torch.tensor([[0.6, 0.8, 0.5], [0.4, 0.7, 0.35], [0.2, 0.48, 0.9], [0.3, 0.7, 0.8]])
    call = "stopped_loss(val_losses, test_losses)"
    value = expect.number(expect.result(answer, val, test, call=call), call)
    if abs(value - test.amin(dim=0).mean().item()) < 1e-6:
        raise NotYet(f"{value:g} takes the lowest test losses, which nobody may look for.")
    if abs(value - val.amin(dim=0).mean().item()) < 1e-6:
        raise NotYet(f"{call} should be 0.46, got {value:g}: those are validation losses.")
    hint = (
        f"That was for {numbers(val)} and {numbers(test)}. Find each network's record of the "
        "lowest validation loss with argmin(dim=0)."
    )
    expect.close(value, (0.4 + 0.48 + 0.5) / 3, call=call, hint=hint, tolerance=1e-5)


def _nested() -> nn.Module:
    return nn.ModuleDict({"left": nn.Linear(3, 2), "right": mlp([3, 4, 2], seed=0)})


def _linear(module: nn.Module, name: str) -> nn.Linear:
    """The module's linear layer of this name."""
    layer = getattr(module, name, None)
    if not isinstance(layer, nn.Linear):
        raise NotYet(f"Gated(3, 2).{name} should be an nn.Linear, got {kind(layer)}.")
    return layer
