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

EXAMPLES, IMAGES = 8, 32
FEWEST, MOST = 10_000, 60_000  # parameters of the network of 17.6
COUNTS = {  # answers to 17.1
    784 * 100 + 100 * 10: "counts the weights; each layer has biases as well.",
    784 * 100 + 100 * 10 + 2: "counts one bias per layer; each output of a layer has its own.",
    784 + 100 + 10: "adds the units up. In a layer each input has a weight for each output.",
    784 * 100 + 100: "is the first layer alone. The second leads from 100 to 10.",
    784 * 100 + 100 * 10 + 784 + 100 + 10: "gives the inputs biases, too. Only outputs have one.",
}


@exercise("17.1", OnPage(slips=tuple(COUNTS)))
def parameters(answer: Any) -> None:
    """The number of weights and biases of 784→100→10."""
    value = expect.number(answer)
    if value in COUNTS:
        raise NotYet(f"{value:g} {COUNTS[int(value)]}")
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
    shares = (images.float() / 255).unsqueeze(1)
    slips = {
        "Divide the bytes by 255 first; the mean and the deviation belong to 0 to 1.": (
            (255 * shares - 0.13) / 0.31
        ),
        "The mean is subtracted; now divide by std.": shares - 0.13,
        "Subtract the mean first, in parentheses: / comes before −.": shares - 0.13 / 0.31,
        "The mean is added here; it has to be subtracted.": (shares + 0.13) / 0.31,
        "std is the standard deviation already: divide by it, not by its square.": (
            (shares - 0.13) / 0.31**2
        ),
        "Use the mean and the std that are given, not those of these images.": (
            (shares - shares.mean()) / shares.std()
        ),
    }
    hint = "Divide the bytes by 255 first; then subtract the mean and divide by the deviation."
    told = _told(got, slips, hint)
    expect.close(got, (shares - 0.13) / 0.31, call=call, hint=told, tolerance=1e-4)


def _told(got: Tensor, slips: dict[str, Tensor], otherwise: str) -> str:
    """The words on the slip that came, or others."""
    alike = (words for words, slip in slips.items() if expect.alike(got, slip, tolerance=1e-4))
    return next(alike, otherwise)


@exercise("17.3")
def accuracy(answer: Any) -> None:
    """Ask for `share_right`: the share of rows whose largest entry is at the label."""

    def share(logits: Tensor, y: Tensor) -> Tensor:
        return (logits.argmax(dim=1) == y).float().mean()

    def by_column(logits: Tensor, y: Tensor) -> Tensor:
        square = len(logits) == logits.shape[1]
        return share(logits.T, y) if square else torch.tensor(torch.nan)

    slips: expect.Slips = {
        "This is the number of rows that are right; divide by the number of rows.": (
            lambda logits, y: len(y) * share(logits, y)
        ),
        "This is the share that is wrong.": lambda logits, y: 1 - share(logits, y),
        "A row holds the logits of one sample: take its largest entry with argmax(dim=1).": (
            by_column
        ),
        "This is in percent; the share lies between 0 and 1.": lambda logits, y: (
            100 * share(logits, y)
        ),
        "Divide by the number of rows, not by that of classes.": lambda logits, y: (
            len(y) * share(logits, y) / logits.shape[1]
        ),
    }
    square = [[2.0, 1.0, 0.0], [3.0, 0.0, 1.0], [1.0, 4.0, 5.0]]
    high = [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 5.0], [4.0, 1.0, 2.0]]
    generator = torch.Generator().manual_seed(0)
    wide = torch.randn(50, 10, generator=generator)
    cases = [
        (torch.tensor(square), torch.tensor([0, 1, 1])),
        (torch.tensor(high), torch.tensor([0, 1, 2, 0])),
        (torch.tensor(high), torch.tensor([0, 2, 2, 1])),
        (wide, torch.randint(0, 10, (50,), generator=generator)),
    ]
    expect.same_for_all(answer, share, cases, name="share_right", slips=slips)


@exercise("17.4")
def recall(answer: Any) -> None:
    """Ask for `per_class`: for each true class (row) the share that was recognized."""

    def diagonal_share(confusion: Tensor) -> Tensor:
        return confusion.diagonal() / confusion.sum(dim=1)

    slips: expect.Slips = {
        "Divide by the sums of the rows: a column holds all that were taken for a class.": (
            lambda confusion: confusion.diagonal() / confusion.sum(dim=0)
        ),
        "These are numbers of images. Divide each by the images of its class.": torch.diagonal,
        "Divide by the images of the class, not by all images.": lambda confusion: (
            confusion.diagonal() / confusion.sum()
        ),
        "This is the share that was missed.": lambda confusion: 1 - diagonal_share(confusion),
    }
    cases = [
        (torch.tensor([[8.0, 2.0], [1.0, 4.0]]),),
        (torch.tensor([[5.0, 0.0, 5.0], [1.0, 9.0, 0.0], [0.0, 3.0, 1.0]]),),
    ]
    expect.same_for_all(answer, diagonal_share, cases, name="per_class", lists=True, slips=slips)


@exercise("17.5")
def shift_right(answer: Any) -> None:
    """Ask for `shift_right`: every image one pixel to the right, zeros entering on the left."""
    batch = load_images("digits").train.x[:EXAMPLES] + torch.arange(1.0, 29.0)  # no zeros
    call = "shift_right(batch)"
    got = expect.result(answer, batch, call=call)
    if isinstance(got, Tensor) and got.shape == (EXAMPLES, 1, 28, 29):
        raise NotYet(
            f"{call} should have the shape {(EXAMPLES, 1, 28, 28)}, got {tuple(got.shape)}. "
            "The images have become wider: cut the last column off."
        )
    got = expect.tensor(got, (EXAMPLES, 1, 28, 28), call=call)
    slips = {
        "What leaves on the right comes in on the left; there should be zeros.": batch.roll(1, -1),
        "This is a shift to the left.": F.pad(batch, (0, 1))[..., 1:],
        "This is a shift down: the last axis holds the columns.": (
            F.pad(batch, (0, 0, 1, 0))[..., :-1, :]
        ),
        "On the left zeros should enter; here the first column stays.": (
            torch.cat((batch[..., :1], batch[..., :-1]), dim=-1)
        ),
    }
    hint = "Pad the width by one column of zeros on the left, and cut the last column off."
    wanted = F.pad(batch, (1, 0))[..., :-1]
    expect.close(got, wanted, call=call, hint=_told(got, slips, hint), tolerance=1e-6)


@exercise("17.6")
def network(answer: Any) -> None:
    """An untrained network for 28×28 images: logits (N, 10), at most 60,000 parameters."""
    model = expect.tried(answer)
    if not isinstance(model, nn.Module):
        raise NotYet(f"a network (an nn.Module) is expected, got {kind(model)}.")
    with borrowed(model):
        _check_network(model)


def _check_network(model: nn.Module) -> None:
    _require_size(expect.result(count_parameters, model, call="counting the parameters"))
    train, _ = load_images("digits").standardized()
    x, y = (t[:IMAGES].to(next(model.parameters()).device) for t in (train.x, train.y))
    _refuse_probabilities(_logits(model, x))
    right = expect.result(_fifty_steps, model, x, y, call="training the network")
    if right < 30:
        raise NotYet(
            f"after fifty steps on one batch it knows {right} of {IMAGES} images by heart. Is "
            "there an activation between the linear layers, and none behind the last?"
        )


def _require_size(size: int) -> None:
    if not FEWEST <= size <= MOST:
        hint = (
            "Is there a hidden layer?"
            if size < FEWEST
            else "A linear layer from the 784 pixels has 784 weights per output: make it narrower."
        )
        raise NotYet(
            f"the network has {size:,} parameters; {FEWEST:,} to {MOST:,} are asked for. {hint}"
        )


def _logits(model: nn.Module, x: Tensor) -> Tensor:
    """What the network says of a batch; a hint where the images were not made flat."""
    call = "small_network(batch)"
    try:
        return expect.tensor(expect.result(model, x, call=call), (IMAGES, 10), call=call)
    except NotYet as wrong:
        if "cannot be multiplied" not in str(wrong):
            raise
        hint = f"A batch has the shape {tuple(x.shape)}; nn.Flatten() makes a row of each image."
        raise NotYet(f"{wrong}. {hint}") from None


def _refuse_probabilities(outputs: Tensor) -> None:
    """Refuse outputs that are probabilities, or their logarithms."""
    one = torch.ones(len(outputs))
    if any(expect.alike(p.sum(dim=1), one, tolerance=1e-4) and bool((p >= 0).all())
           for p in (outputs, outputs.exp())):  # fmt: skip
        raise NotYet("the network should end in logits; the loss takes care of the softmax.")


def _fifty_steps(model: nn.Module, x: Tensor, y: Tensor) -> int:
    """Learn one batch by heart; how many of its images are then right."""
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(50):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    return int((model(x).argmax(dim=1) == y).sum())
