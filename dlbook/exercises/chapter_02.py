"""Checks of chapter 02, tensors."""

import math
from typing import Any

import torch
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import numbers

QUARTERS = {  # answers to 2.1
    "The 1 is missing. arange stops before its end, so let that lie beyond 1.": torch.arange(4) / 4,
    "Five numbers are asked: linspace(0, 1, 4) makes four.": torch.linspace(0, 1, 4),
    "These are steps of 1. How large should they be?": torch.arange(5.0),
    "Five numbers have four steps between them: each is 1/4.": torch.arange(5) / 5,
    "The 0 is missing.": torch.arange(1, 5) / 4,
}
OWN_COLOR = "averages over the images as well. Each image has its own mean color."
ONE_COLOR = "averages over the channels as well. Each channel keeps its own number."
MEANS = {  # answers to 2.2
    (100, 3): ("has the right numbers, but aligned from the right 3 meets 32. Keep the axes."),
    (100, 3, 1): "has the right numbers, but aligned from the right 3 meets 32. Keep both axes.",
    (
        100,
        3,
        32,
        32,
    ): "is the shape of the images. One number for each channel of each image is left.",
    (
        100,
        1,
        32,
        32,
    ): "is one number for each pixel. Average over the pixels, not over the channels.",
    (3,): OWN_COLOR,
    (1, 3): OWN_COLOR,
    (3, 1, 1): OWN_COLOR,
    (1, 3, 1, 1): OWN_COLOR,
    (1, 3, 32, 32): "averages over the images. Average over the pixels of each image.",
    (3, 32, 32): "averages over the images. Average over the pixels of each image.",
    (100,): ONE_COLOR,
    (100, 1): ONE_COLOR,
    (100, 1, 1, 1): ONE_COLOR,
}
GAPS = {  # answers to 2.7
    16_777_217.0: "is the first that float32 misses. float16 has fewer bits.",
    65_504.0: "is the largest number that float16 holds. It has gaps long before.",
    65_505.0: "is beyond the largest number that float16 holds. It has gaps long before.",
    65_520.0: "is where float16 becomes infinite. It has gaps long before.",
}


@exercise("2.1")
def quarters(answer: Any) -> None:
    """The five numbers from 0 to 1 in steps of 0.25, as float32."""
    if isinstance(answer, Tensor) and not answer.is_nested:
        came = expect.tensor(answer, tuple(answer.shape))
        for words, slip in QUARTERS.items():
            if expect.alike(came, slip, tolerance=1e-6):
                raise NotYet(f"{numbers(came)} is not right. {words}")
    value = expect.tensor(answer, (5,), torch.float32)
    hint = "linspace includes both ends; with arange the end must lie beyond 1."
    expect.close(value, torch.arange(5) / 4, hint=hint, tolerance=1e-6)


@exercise("2.2", OnPage(shapes=tuple(MEANS)))
def shape_of_means(answer: Any) -> None:
    """The shape of the mean per image and channel that broadcasts against (100, 3, 32, 32)."""
    shape = expect.sizes(answer, "a tuple such as (100, 3)")
    if shape in MEANS:
        raise NotYet(f"{shape} {MEANS[shape]}")
    if shape != (100, 3, 1, 1):
        raise NotYet(
            f"{shape} is not right. One number for each image and each channel: which "
            "axes are averaged, and what is left of them with keepdim=True?"
        )


@exercise("2.3")
def standardize(answer: Any) -> None:
    """Ask for `standardize`: each column with mean 0 and standard deviation 1."""
    table = torch.tensor([[1.0, 10.0, 0.0], [2.0, 30.0, 4.0], [6.0, 80.0, 5.0]])
    cases = [(table,), (torch.linspace(-2, 9, 24).square().view(6, 4),), (torch.eye(3),)]

    def columns(X: Tensor) -> Tensor:
        return (X - X.mean(dim=0)) / X.std(dim=0)

    slips: expect.Slips = {
        "Each column has a mean and a deviation of its own: take them along dim=0.": lambda X: (
            (X - X.mean()) / X.std()
        ),
        "These are rows that are standardized. For columns take dim=0.": lambda X: columns(X.T).T,
        "With dim=1 the means are those of rows. Those of columns come with dim=0.": lambda X: (
            (X - X.mean(dim=1)) / X.std(dim=1) if X.shape[0] == X.shape[1] else math.nan
        ),
        "Here std had correction=0, which divides by N. Leave it at N − 1.": lambda X: (
            (X - X.mean(dim=0)) / X.std(dim=0, correction=0)
        ),
        "This divides by the variance. Divide by its root.": lambda X: (
            (X - X.mean(dim=0)) / X.var(dim=0)
        ),
        "The means are right. The division by the standard deviation is missing.": lambda X: (
            X - X.mean(dim=0)
        ),
        "Divide the whole difference: put it in parentheses.": lambda X: (
            X - X.mean(dim=0) / X.std(dim=0)
        ),
    }
    expect.leaves_alone(answer, table, call="standardize(table)")
    expect.same_for_all(answer, columns, cases, name="standardize", slips=slips)


@exercise("2.4")
def accuracy(answer: Any) -> None:
    """Ask for `accuracy`: the share of rows whose highest score stands at the label."""
    scores = torch.tensor([[0.1, 0.7, 0.2], [2.0, -1.0, 0.5], [0.3, 0.2, 0.9], [0.0, 0.4, 0.3]])
    square = torch.tensor([[2.0, -1.0, 0.3], [0.1, 0.7, 0.5], [0.2, 0.3, 0.4]])

    def hits(scores: Tensor, labels: Tensor) -> Tensor:
        return (scores.argmax(dim=1) == labels).float()

    slips: expect.Slips = {
        "That is how many rows are right. Which share of all is it?": (
            lambda scores, labels: hits(scores, labels).sum()
        ),
        "With dim=0 argmax finds the best row for each class. Take dim=1.": (
            lambda scores, labels: (
                hits(scores.T, labels).mean() if scores.shape[0] == scores.shape[1] else math.nan
            )
        ),
        "Without dim=1 argmax finds one place in the whole table, not one in each row.": (
            lambda scores, labels: (scores.argmax() == labels).float().mean()
        ),
        "A label is a column, not a score: find where the highest score stands, with argmax.": (
            lambda scores, labels: (scores.max(dim=1).values == labels).float().mean()
        ),
        "Divide by the number of rows.": lambda scores, labels: (
            hits(scores, labels).sum() / scores.shape[1]
        ),
    }
    cases = [(square, torch.tensor([0, 1, 1]))]
    cases += [(scores, torch.tensor(row)) for row in ([1, 0, 2, 1], [1, 0, 0, 2], [0, 1, 1, 0])]
    expect.same_for_all(
        answer, lambda *case: hits(*case).mean(), cases, name="accuracy", slips=slips
    )


@exercise("2.5")
def distances(answer: Any) -> None:
    """Ask for `distances`: from each of N points to each of M others, shape (N, M)."""
    points = torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, -1.0]])
    others = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    cases = [(points, others), (others, points), (points, points[:1])]
    cases.append((torch.arange(12.0).view(4, 3), torch.eye(3)))

    def gaps(points: Tensor, others: Tensor) -> Tensor:
        return points[:, None] - others

    slips: expect.Slips = {
        "These are the squares of the distances: the root is missing.": (
            lambda points, others: gaps(points, others).square().sum(dim=-1)
        ),
        "These are sums of absolute differences. Square, add, and take the root.": (
            lambda points, others: gaps(points, others).abs().sum(dim=-1)
        ),
        "The squares are added up, not averaged.": (
            lambda points, others: gaps(points, others).square().mean(dim=-1).sqrt()
        ),
        "The differences must be squared before they are added up.": (
            lambda points, others: gaps(points, others).sum(dim=-1)
        ),
        "Square each difference before you add them up.": (
            lambda points, others: gaps(points, others).sum(dim=-1).abs()
        ),
    }
    expect.same_for_all(answer, torch.cdist, cases, name="distances", slips=slips)


@exercise("2.6")
def windows(answer: Any) -> None:
    """Ask for `windows`: all windows of k entries as a view, shape (n − k + 1, k)."""
    line = torch.arange(10.0)
    cases = [
        (line, 3, "From row to row and from column to column it is one entry farther."),
        (line[2:7], 2, "This vector begins at the third entry of a longer one: mind its offset."),
        (line[::3], 2, "This vector is every third entry of a longer one: use v.stride(0)."),
        (line, 1, "With k = 1 each row holds one entry."),
    ]
    for v, k, hint in cases:
        call = f"windows({v.tolist()}, {k})"
        made = expect.result(answer, v, k, call=call, copies=False)
        got = expect.tensor(made, (len(v) - k + 1, k), call=call)
        expect.close(got, v.unfold(0, k, 1), call=call, hint=hint, tolerance=1e-6)
        if got.untyped_storage().data_ptr() != v.untyped_storage().data_ptr():
            raise NotYet(f"{call} has the right numbers, but they were copied. Make a view.")


@exercise("2.7", OnPage(slips=tuple(GAPS)))
def first_gap(answer: Any) -> None:
    """The smallest positive whole number that float16 cannot hold."""
    whole = torch.arange(1, 4096)
    missed = whole[whole.to(torch.float16).to(torch.int64) != whole][0].item()
    value = expect.number(answer)
    if value == missed - 1:
        raise NotYet(f"{value:g} can be held, it is a power of two. Which number comes next?")
    if 0 < value < missed - 1:
        raise NotYet(f"{value:g} is too small: up to there float16 holds every whole number.")
    if value in GAPS:
        raise NotYet(f"{value:.10g} {GAPS[value]}")
    hint = "Convert to float16 and back: the first whole number that does not come back."
    expect.close(value, missed, hint=hint, tolerance=1e-6)
