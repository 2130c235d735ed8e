"""Checks of chapter 17, reading handwriting."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.data import load_images
from dlbook.exercises import expect
from dlbook.exercises.borrowed import borrowed
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import kind
from dlbook.models import count_parameters, mlp

EXAMPLES, PICTURES = 8, 32


@exercise("17.1", OnPage(slips=(79_400,)))
def parameters(answer: Any) -> None:
    """The number of weights and biases of 784→100→10."""
    value = expect.number(answer)
    weights = 784 * 100 + 100 * 10
    if value == weights:
        raise NotYet(f"{value:g} counts the weights; each layer has biases as well.")
    expected = count_parameters(mlp([784, 100, 10]))
    hint = "A linear layer has inputs × outputs weights and one bias per output."
    expect.close(value, expected, hint=hint, tolerance=1e-9)


@exercise("17.2")
def standardize(answer: Any) -> None:
    """Ask for `standardize`: bytes (N, 28, 28) → floats (N, 1, 28, 28)."""
    images = load_images("digits").train.x[:EXAMPLES, 0]
    call = "standardize(images, 0.13, 0.31)"
    got = expect.result(answer, images, 0.13, 0.31, call=call)
    got = expect.tensor(got, (EXAMPLES, 1, 28, 28), torch.float32, call=call)
    hint = "Divide the bytes by 255 first; then subtract the mean and divide by the deviation."
    expected = ((images.float() / 255 - 0.13) / 0.31).unsqueeze(1)
    expect.close(got, expected, call=call, hint=hint, tolerance=1e-4)


@exercise("17.3")
def accuracy(answer: Any) -> None:
    """Ask for `share_right`: the share of rows whose largest entry is at the label."""

    def share(logits: Tensor, y: Tensor) -> Tensor:
        return (logits.argmax(dim=1) == y).float().mean()

    logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 5.0], [4.0, 1.0, 2.0]])
    cases = [(logits, torch.tensor([0, 1, 2, 0])), (logits, torch.tensor([0, 2, 2, 1]))]
    generator = torch.Generator().manual_seed(0)
    wide = torch.randn(50, 10, generator=generator)
    cases.append((wide, torch.randint(0, 10, (50,), generator=generator)))
    expect.same_for_all(answer, share, cases, name="share_right")


@exercise("17.4")
def recall(answer: Any) -> None:
    """Ask for `per_class`: for each true class (row) the share that was recognized."""

    def diagonal_share(confusion: Tensor) -> Tensor:
        return confusion.diagonal() / confusion.sum(dim=1)

    cases = [
        (torch.tensor([[8.0, 2.0], [1.0, 4.0]]),),
        (torch.tensor([[5.0, 0.0, 5.0], [1.0, 9.0, 0.0], [0.0, 3.0, 1.0]]),),
    ]
    expect.same_for_all(answer, diagonal_share, cases, name="per_class", lists=True)


@exercise("17.5")
def shift_right(answer: Any) -> None:
    """Ask for `shift_right`: every picture one pixel to the right, zeros entering on the left."""
    batch = load_images("digits").train.x[:EXAMPLES].float() + 1
    call = "shift_right(batch)"
    got = expect.tensor(expect.result(answer, batch, call=call), (EXAMPLES, 1, 28, 28), call=call)
    if expect.alike(got, batch.roll(1, dims=-1), tolerance=1e-6):
        raise NotYet("what leaves on the right comes in on the left; there should be zeros.")
    hint = "Pad the width by one column of zeros on the left, and cut the last column off."
    expect.close(got, F.pad(batch, (1, 0))[..., :-1], call=call, hint=hint, tolerance=1e-6)


@exercise("17.6")
def network(answer: Any) -> None:
    """An untrained network for 28×28 pictures: logits (N, 10), at most 60,000 parameters."""
    model = expect.tried(answer)
    if not isinstance(model, nn.Module):
        raise NotYet(f"a network (an nn.Module) is expected, got {kind(model)}.")
    with borrowed(model):
        _check_network(model)


def _check_network(model: nn.Module) -> None:
    size = expect.result(count_parameters, model, call="counting the parameters")
    if not 10_000 <= size <= 60_000:
        raise NotYet(f"the network has {size:,} parameters; 10,000 to 60,000 are asked for.")
    train, _ = load_images("digits").standardized()
    x, y = (t[:PICTURES].to(next(model.parameters()).device) for t in (train.x, train.y))
    logits = expect.result(model, x, call="model(batch)")
    _refuse_probabilities(expect.tensor(logits, (PICTURES, 10), call="model(batch)"))
    right = expect.result(_fifty_steps, model, x, y, call="training the network")
    if right < 30:
        raise NotYet(
            f"after fifty steps on one batch it knows {right} of {PICTURES} pictures by heart. Is "
            "there an activation between the linear layers, and none behind the last?"
        )


def _refuse_probabilities(outputs: Tensor) -> None:
    """Refuse outputs that are probabilities, or their logarithms."""
    one = torch.ones(len(outputs))
    if any(expect.alike(p.sum(dim=1), one, tolerance=1e-4) and bool((p >= 0).all())
           for p in (outputs, outputs.exp())):  # fmt: skip
        raise NotYet("the network should end in logits; the loss takes care of the softmax.")


def _fifty_steps(model: nn.Module, x: Tensor, y: Tensor) -> int:
    """Learn one batch by heart; how many of its pictures are then right."""
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(50):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    return int((model(x).argmax(dim=1) == y).sum())
