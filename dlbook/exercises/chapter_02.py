"""Checks of chapter 02, tensors."""

from typing import Any

import torch
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import exercise


@exercise("2.1")
def quarters(answer: Any) -> None:
    """The five numbers from 0 to 1 in steps of 0.25, as float32."""
    value = expect.tensor(answer, (5,), torch.float32)
    hint = "linspace includes both ends; with arange the end must lie beyond 1."
    expect.close(value, torch.arange(5) / 4, hint=hint, tolerance=1e-6)


@exercise("2.2")
def shape_of_means(answer: Any) -> None:
    """The shape of the mean per picture and channel that broadcasts against (100, 3, 32, 32)."""
    shape = expect.sizes(answer, "a tuple such as (100, 3)")
    if shape == (100, 3):
        raise NotYet(
            "(100, 3) has the right numbers, but aligned from the right 3 meets 32. Keep the axes."
        )
    if shape != (100, 3, 1, 1):
        raise NotYet(
            f"{shape} is not right. One number for each picture and each channel: which "
            "axes are averaged, and what is left of them with keepdim=True?"
        )


@exercise("2.3")
def standardize(answer: Any) -> None:
    """Ask for `standardize`: each column with mean 0 and standard deviation 1."""
    table = torch.tensor([[1.0, 10.0], [2.0, 30.0], [6.0, 80.0]])
    cases = [(table,), (torch.linspace(-2, 9, 24).square().view(6, 4),), (torch.eye(3),)]

    def columns(X: Tensor) -> Tensor:
        return (X - X.mean(dim=0)) / X.std(dim=0)

    expect.leaves_alone(answer, table, call="standardize(table)")
    expect.same_for_all(answer, columns, cases, name="standardize")


@exercise("2.4")
def accuracy(answer: Any) -> None:
    """Ask for `accuracy`: the share of rows whose highest score stands at the label."""
    scores = torch.tensor([[0.1, 0.7, 0.2], [2.0, -1.0, 0.5], [0.3, 0.2, 0.9], [0.0, 0.4, 0.3]])

    def share(scores: Tensor, labels: Tensor) -> Tensor:
        return (scores.argmax(dim=1) == labels).float().mean()

    cases = [
        (scores, torch.tensor(labels)) for labels in ([1, 0, 2, 1], [1, 0, 0, 2], [0, 1, 1, 0])
    ]
    expect.same_for_all(answer, share, cases, name="accuracy")


@exercise("2.5")
def distances(answer: Any) -> None:
    """Ask for `distances`: from each of N points to each of M others, shape (N, M)."""
    points = torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, -1.0]])
    others = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    cases = [(points, others), (others, points), (points, points[:1])]
    cases.append((torch.arange(12.0).view(4, 3), torch.eye(3)))
    expect.same_for_all(answer, torch.cdist, cases, name="distances")


@exercise("2.6")
def windows(answer: Any) -> None:
    """Ask for `windows`: all windows of k entries as a view, shape (n − k + 1, k)."""
    numbers = torch.arange(10.0)
    for v, k in ((numbers, 3), (numbers[2:7], 2), (numbers[::3], 2), (numbers, 1)):
        call = f"windows({v.tolist()}, {k})"
        made = expect.result(answer, v, k, call=call, copies=False)
        got = expect.tensor(made, (len(v) - k + 1, k), call=call)
        hint = "Mind the vector's own stride and offset."
        expect.close(got, v.unfold(0, k, 1), call=call, hint=hint, tolerance=1e-6)
        if got.untyped_storage().data_ptr() != v.untyped_storage().data_ptr():
            raise NotYet(f"{call} has the right numbers, but they were copied. Make a view.")


@exercise("2.7")
def first_gap(answer: Any) -> None:
    """The smallest positive whole number that float16 cannot hold."""
    numbers = torch.arange(1, 4096)
    missed = numbers[numbers.to(torch.float16).to(torch.int64) != numbers]
    value = expect.number(answer)
    if value == missed[0] - 1:
        raise NotYet(f"{value:g} can be held, it is a power of two. Which number comes next?")
    hint = "Convert to float16 and back: the first whole number that does not come back."
    expect.close(value, missed[0].item(), hint=hint, tolerance=1e-6)
