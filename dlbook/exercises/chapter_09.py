"""Checks of chapter 09, the standard PyTorch loop."""

import math
from numbers import Real
from typing import Any

import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind, shown
from dlbook.training import EpochEnd

X = torch.tensor([[1.0], [2.0], [3.0]])
Y = 2 * X
EPOCHS_NEEDED, WHOLE_DISTANCE = 2403, 3160


@exercise("9.1")
def parameters_of_a_layer(answer: Any) -> None:
    """How many numbers `nn.Linear(5, 3)` trains."""
    value = expect.number(answer)
    hint = "A weight for each pair of an input and an output" + (
        ", and do not forget the biases." if value == 5 * 3 else ", and a bias for each output."
    )
    expect.close(value, 5 * 3 + 3, hint=hint, tolerance=1e-9)


@exercise("9.2")
def one_epoch(answer: Any) -> None:
    """Ask for `one_epoch`: the five steps, and the loss before the step as a number."""
    theirs, ours = _line_and_optimizer(), _line_and_optimizer()
    call = "one_epoch(model, criterion, optimizer, x, y)"
    criterion = nn.MSELoss()
    for epoch in range(1, 4):
        got = expect.result(answer, theirs[0], criterion, theirs[1], X, Y, call=call)
        if isinstance(got, Tensor):
            raise NotYet(f"{call} should return a Python number, got a tensor. Mind item().")
        want, what = _step(*ours), f"{call} in epoch {epoch}"
        hint = "Did you take the five steps in order?"
        if epoch == 1 and expect.alike(expect.number(got, what), _loss(theirs[0]), tolerance=1e-5):
            hint = "This is the loss after the step."
        expect.close(expect.number(got, what), want, call=what, hint=hint, tolerance=1e-5)
        after, weights = (
            f"the weight after epoch {epoch}",
            [model.weight.detach().flatten()[0] for model, _ in (theirs, ours)],
        )
        hint = "The loss is right, but the old gradient was not forgotten: zero_grad."
        if weights[0] == 0:
            hint = "It has not moved. Is step missing, or zero_grad between backward and step?"
        expect.close(*weights, call=after, hint=hint, tolerance=1e-5)


@exercise("9.3")
def parabola(answer: Any) -> None:
    """Ask for `Parabola`: a module with three parameters that start at zero."""
    module = expect.instance(answer, call="Parabola()")
    if not isinstance(module, nn.Module):
        raise NotYet(f"Parabola() should be an nn.Module, got {kind(module)}. Inherit from it.")
    x = torch.tensor([[-2.0, 0.5], [1.0, 3.0]])
    y_hat = expect.tensor(expect.result(module, x, call="model(x)"), (2, 2), call="model(x)")
    call = "model(torch.tensor(2.0))"
    expect.tensor(expect.result(module, torch.tensor(2.0), call=call), (), call=call)
    numbers = list(module.parameters())
    if sum(p.numel() for p in numbers) != 3:
        raise NotYet(
            f"parameters() finds {sum(p.numel() for p in numbers)} numbers, there should be 3. "
            "Wrap each tensor in nn.Parameter and assign it to self."
        )
    hint = "All parameters start at zero."
    expect.close(y_hat, torch.zeros(2, 2), call="model(x)", hint=hint, tolerance=1e-6)
    _require_a_fit(module, x)


@exercise("9.4")
def stop_below(answer: Any) -> None:
    """Ask for `stop_below`: a function that makes a callback which ends training below a target."""
    model, optimizer = _line_and_optimizer()
    callback = _callback(answer)
    for loss, expected in ((0.5, False), (0.1, False), (0.05, True)):
        end = EpochEnd(1, {"epoch": 1, "train_loss": loss}, model, optimizer)
        call = f"the callback of stop_below(0.1), with a training loss of {loss},"
        # A callback that returns nothing lets the training go on, too.
        got = expect.result(lambda end: callback(end) or False, end, call=call)
        if bool(got) != expected:
            hint = " A loss equal to the target is not below it." if loss == 0.1 else ""
            raise NotYet(f"{call} should return {expected}, got {shown(got)}.{hint}")


def _callback(answer: Any) -> Any:
    advice = "It should define a function of end and return it; only there `end` is known."
    try:
        callback = expect.result(answer, 0.1, call="stop_below(0.1)")
    except NotYet as wrong:
        raise NotYet(f"{wrong} {advice}") from wrong
    if not callable(callback):
        raise NotYet(f"stop_below(0.1) should return a function, got {kind(callback)}. {advice}")
    return callback


@exercise("9.5")
def snapshot(answer: Any) -> None:
    """Ask for `snapshot`: copies of both state dicts, from which a run continues unchanged."""
    model, optimizer = _line_and_optimizer()
    _step(model, optimizer)
    kept = expect.result(answer, model, optimizer, call="snapshot(model, optimizer)")
    if not isinstance(kept, dict) or set(kept) != {"model", "optimizer"}:
        raise NotYet(
            'snapshot(model, optimizer) should be a dictionary with the keys "model" and '
            f'"optimizer", got {shown(kept)}.'
        )
    for _ in range(3):
        _step(model, optimizer)
    fresh, fresh_optimizer = _line_and_optimizer()
    with expect.running("loading the snapshot"):
        fresh.load_state_dict(kept["model"])
        fresh_optimizer.load_state_dict(kept["optimizer"])
    for _ in range(3):
        _step(fresh, fresh_optimizer)
    weights = (one.weight.detach().flatten()[0] for one in (fresh, model))
    hint = "Are these copies, or do they still change with the model and the optimizer?"
    what = "the weight of a run that was resumed from the snapshot and goes on for three steps"
    expect.close(*weights, call=what, hint=hint, tolerance=1e-6)


@exercise("9.6")
def scalars(answer: Any) -> None:
    """Ask for `scalars`: the history as triples of tag, value and step."""
    table = pd.DataFrame(
        {
            "epoch": [1, 2],
            "train_loss": [0.5, 0.25],
            "seconds": [1.0, 1.0],
            "val_loss": [0.6, 0.3],
        }
    )
    both = [("train", 0.5, 1), ("val", 0.6, 1), ("train", 0.25, 2), ("val", 0.3, 2)]
    for name, epochs, parts in (
        ("scalars(epochs)", table, both),
        ("scalars, of a table without val_loss,", table.drop(columns="val_loss"), both[::2]),
    ):
        expected = [(f"loss/{part}", value, step) for part, value, step in parts]
        got = expect.result(answer, epochs, call=name)
        if not isinstance(got, list) or not all(map(_is_triple, got)):
            raise NotYet(
                f"{name} should return a list of triples (tag, value, step), got {shown(got)}."
            )
        if len(got) != len(expected):
            raise NotYet(f"{name} should return {len(expected)} triples here, got {len(got)}.")
        for triple, wanted in zip(got, expected, strict=True):
            if not _equal(tuple(triple), wanted):
                raise NotYet(
                    f"{name} has {shown(tuple(triple))} where {wanted} is expected. The epochs "
                    "come in order, in each the training loss before the validation loss."
                )


@exercise("9.7", OnPage(slips=(WHOLE_DISTANCE,)))
def epochs_needed(answer: Any) -> None:
    """After how many epochs w stays within 0.001 of 2, with the mean and learning rate 0.01."""
    value = expect.number(answer)
    if abs(value - WHOLE_DISTANCE) < 10:
        raise NotYet(f"{value:g} is for the whole distance 2. Only a part of it lies on the floor.")
    if abs(value - EPOCHS_NEEDED) > 3:
        raise NotYet(
            f"{value:g} is not right. Train for 3000 epochs, and look for the last row in which "
            "w is more than 0.001 away from 2."
        )


def _line_and_optimizer() -> tuple[nn.Linear, Optimizer]:
    """A line that starts at zero, and an optimizer with a memory."""
    model = nn.Linear(1, 1)
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    return model, Adam(model.parameters(), lr=0.1)


def _step(model: nn.Linear, optimizer: Optimizer) -> float:
    loss: Tensor = nn.functional.mse_loss(model(X), Y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


def _loss(model: nn.Linear) -> float:
    return nn.functional.mse_loss(model(X), Y).item()


def _require_a_fit(module: nn.Module, x: Tensor) -> None:
    """Pass when training finds 2x² − x + 1, as a parabola can and a line cannot."""
    y = 2 * x**2 - x + 1
    optimizer = torch.optim.LBFGS(module.parameters(), max_iter=100)

    def closure() -> float:
        optimizer.zero_grad()
        loss: Tensor = (module(x) - y).square().mean()
        loss.backward()
        return loss.item()

    with expect.running("training it"):
        optimizer.step(closure)
        left = closure()
    if not left < 1e-4:
        raise NotYet(
            f"trained on points of 2x² − x + 1 it keeps a loss of {left:.3g}. "
            "Is forward a·x² + b·x + c?"
        )


def _is_triple(got: Any) -> bool:
    return isinstance(got, tuple | list) and len(got) == 3


def _equal(got: tuple[Any, ...], expected: tuple[str, float, int]) -> bool:
    (tag, *numbers), (wanted, *values) = got, expected
    return (isinstance(tag, str) and tag == wanted) and all(
        not isinstance(a, bool) and isinstance(a, Real) and math.isclose(a, b, rel_tol=1e-6)
        for a, b in zip(numbers, values, strict=True)
    )
