"""Checks of chapter 13, where training starts, and what keeps it going."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind

KAIMING = (2 / 200) ** 0.5
GELU_GAIN, FIRST_GELU_GAIN = 1.468, 1.5335


@exercise("13.1", OnPage(slips=((2 / 250) ** 0.5,)))
def kaiming_std(answer: Any) -> None:
    """The standard deviation of Kaiming weights of a layer with 200 inputs and 50 outputs."""
    value = expect.number(answer)
    if abs(value - KAIMING**2) < 1e-6:
        raise NotYet(f"{value:g} is the variance. The standard deviation is its square root.")
    if abs(value - (2 / 50) ** 0.5) < 1e-4:
        raise NotYet(f"{value:g} belongs to the fan-out. Kaiming counts the inputs.")
    if abs(value - (2 / 250) ** 0.5) < 1e-4:
        raise NotYet(f"{value:g} is Xavier's, with inputs and outputs. Kaiming counts the inputs.")
    hint = "The variance is 2 divided by the number of inputs."
    expect.close(value, KAIMING, hint=hint, tolerance=1e-4)


@exercise("13.2")
def set_weight(answer: Any) -> None:
    """Ask for `set_weight`: a NumPy array written into the weight that is already there."""
    layer = nn.Linear(3, 2)
    weight, array = layer.weight, np.arange(6.0).reshape(2, 3) - 2.5
    got = expect.result(answer, layer, array, call="set_weight(layer, array)")
    if got is not layer:
        raise NotYet(f"set_weight should return the layer that it was given, got {kind(got)}.")
    if getattr(layer, "weight", None) is not weight:
        raise NotYet("the layer has a new weight now, and an optimizer would hold the old one.")
    if weight.dtype != torch.float32 or not weight.requires_grad:
        raise NotYet("the weight should still be float32 and require a gradient.")
    what, hint = "the weight", "It should hold the array's numbers. Write in place, under no_grad."
    written = expect.tensor(weight, (2, 3), call=what)
    expect.close(written, torch.from_numpy(array), call=what, hint=hint, tolerance=1e-6)


@exercise("13.3")
def kaiming(answer: Any) -> None:
    """Ask for `kaiming`: He weights and zero biases for every linear layer, at any depth."""
    norm = nn.BatchNorm1d(300)
    inner = nn.Sequential(nn.Linear(400, 300, bias=False), norm)
    model = nn.Sequential(nn.Linear(100, 400), nn.ReLU(), inner, nn.Linear(300, 50))
    for p in model.parameters():
        nn.init.constant_(p, 7.0)
    got = expect.result(answer, model, call="kaiming(model)")
    if got is not model:
        raise NotYet(f"kaiming should return the model that it was given, got {kind(got)}.")
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            _require_kaiming(name, layer)
    if not bool((norm.weight == 7).all() and (norm.bias == 7).all()):
        raise NotYet("the batch normalization has changed; leave other layers alone.")


def _require_kaiming(name: str, layer: nn.Linear) -> None:
    ratio = layer.weight.std().item() / (2 / layer.in_features) ** 0.5
    if layer.weight.min() == layer.weight.max():
        raise NotYet(f"all weights of layer {name} are alike. Does your loop reach inner layers?")
    if not abs(ratio - 1) <= 0.05:
        raise NotYet(
            f"the weights of layer {name} have {ratio:.2f} times the right standard deviation. "
            "Use kaiming_normal_ with nonlinearity='relu'."
        )
    if layer.weight.abs().max() < 3 * layer.weight.std():
        raise NotYet(f"the weights of layer {name} are uniform, not normal.")
    if layer.bias is not None and bool((layer.bias != 0).any()):
        raise NotYet(f"the bias of layer {name} should be zero.")


@exercise("13.4")
def uniform_bound(answer: Any) -> None:
    """Ask for `bound_of`: the end of a uniform distribution with the variance gain²/n."""

    def bound(n: int, gain: float) -> float:
        return float(gain * (3 / n) ** 0.5)

    hint = "A uniform distribution from -a to a has the variance a²/3. Set it equal to gain²/n."
    for n, gain in ((3, 1.0), (100, 2**0.5), (64, 1 / 3**0.5)):
        call = f"bound_of({n}, {gain:.4g})"
        value = expect.number(expect.result(answer, n, gain, call=call), call)
        expect.close(value, bound(n, gain), call=call, hint=hint, tolerance=1e-4)


@exercise("13.5", OnPage(slips=(22,)))
def batches_to_settle(answer: Any) -> None:
    """The batches after which a running mean has come within 0.01 of the batches' mean."""
    value = expect.number(answer)
    batches = next(k for k in range(100) if 0.9**k < 0.01)
    if value == 22:
        raise NotYet("after 22 batches 0.0985 is missing: that is within 0.1, not 0.01.")
    if value == batches - 1:
        raise NotYet(f"after {value:g} batches {0.9 ** (batches - 1):.4f} is missing; one more.")
    hint = "After k batches, 0.9 to the power k is missing. Find the first k with less than 0.01."
    expect.close(value, batches, hint=hint, tolerance=1e-6)


@exercise("13.6")
def normalize_eval(answer: Any) -> None:
    """Ask for `normalize_eval`: batch normalization with stored statistics."""

    def stored(z: Tensor, mean: Tensor, var: Tensor, gamma: Tensor, beta: Tensor) -> Tensor:
        return nn.functional.batch_norm(z, mean, var, gamma, beta, eps=1e-5)

    generator = torch.Generator().manual_seed(0)
    mean, gamma, beta = torch.randn(3, 4, generator=generator)
    var = torch.rand(4, generator=generator) * 1e-3
    cases = [(torch.randn(n, 4, generator=generator), mean, var, gamma, beta) for n in (1, 5)]
    expect.same_for_all(answer, stored, cases, name="normalize_eval")


@exercise("13.7")
def gelu_gain(answer: Any) -> None:
    """The gain that keeps the second moment at 1 through layers with GELU."""
    value = expect.number(answer)
    if abs(value - FIRST_GELU_GAIN) < 0.01:
        raise NotYet(
            f"{value:g} is right for z of variance 1. But with this gain z has the variance "
            f"{value**2:.2f}: measure again, with that."
        )
    hint = "Draw z with standard deviation g, and find the g for which the mean of gelu(z)² is 1."
    expect.close(value, GELU_GAIN, hint=hint, tolerance=1.5e-3)
