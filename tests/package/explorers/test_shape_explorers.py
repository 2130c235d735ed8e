"""The explorers of chapter 02 say of every choice what torch says."""

import math
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import torch
from made_explorers import made
from torch import Tensor

from dlbook import explorers
from dlbook.explorers import Explorer

Shape = tuple[int, ...]
SHAPES = [
    *((), (3,), (4,), (1, 3), (1, 4), (3, 1), (3, 4), (4, 1)),
    *((1, 1, 1), (2, 1, 1), (1, 3, 4), (2, 1, 4), (2, 3, 1), (2, 3, 4)),
]
REPEATED = {
    (False, False): "nothing is",
    (True, False): "a is",
    (False, True): "b is",
    (True, True): "both are",
}
S = torch.arange(12).view(3, 4)
VIEWS = {"s": S, "s.T": S.T, "s[1]": S[1], "s[0].expand(3, 4)": S[0].expand(3, 4)}


def padded(shape: Shape) -> Shape:
    return (1,) * (3 - len(shape)) + tuple(shape)


def drawn(cells: dict[str, Tensor], shape: Shape, gap: float = 0.7) -> Tensor:
    """The numbers as a tensor, read from where the figure places them."""
    found = torch.full(padded(shape), -1)
    there = cells["left"] >= 0
    for left, top, number in zip(cells["left"], cells["top"], cells["number"], strict=True):
        if left >= 0:
            matrix, column = divmod(left.item() + 1e-5, found.shape[2] + gap)
            found[int(matrix), int(top), round(column)] = number
    assert int(there.sum()) == found.numel()
    return found.reshape(shape)


def broadcasting() -> Explorer:
    return explorers.broadcasting(SHAPES, start=(SHAPES[0], SHAPES[1]), caption="Shapes.")


def strides() -> Explorer:
    return explorers.strides(cell_of, VIEWS, start=(3, 4, 4, 1, 0), caption="Strides.")


def asked() -> Iterator[tuple[Shape, Shape, dict[str, Any], str]]:
    """All pairs of shapes, with what is drawn and said of them."""
    given = made(broadcasting)
    for (i, a), (j, b) in product(enumerate(SHAPES), repeat=2):
        figure = given["function"](torch.tensor(i), torch.tensor(j))
        yield a, b, figure, given["phrases"]["verdict"][figure["verdict"]]


def numbers(shape: Shape, factor: int) -> Tensor:
    return factor * (1 + torch.arange(math.prod(shape)).view(shape))


def fitting(a: Shape, b: Shape) -> Shape | None:
    try:
        return tuple((torch.zeros(a) + torch.zeros(b)).shape)
    except RuntimeError:
        return None


def row(cells: dict[str, Tensor]) -> list[int | None]:
    """The sizes that are shown, axis by axis."""
    told = zip(cells["left"].tolist(), cells["size"].tolist(), strict=True)
    return [size if left >= 0 else None for left, size in told]


def test_pairs_of_shapes_that_fit_are_stretched_and_added_as_in_torch() -> None:
    fit = 0
    for a, b, figure, verdict in asked():
        shape = fitting(a, b)
        if shape is None:
            continue
        fit += 1
        wholes = torch.broadcast_tensors(numbers(a, 1), numbers(b, 100))
        for name, own, whole in zip("ab", (a, b), wholes, strict=True):
            assert torch.equal(drawn(figure[name], shape), whole)
            repeated = math.prod(shape) - math.prod(own)
            assert (figure[f"{name}_repeated"]["left"] >= 0).sum() == repeated
            assert row(figure[f"size_{name}"]) == [None] * (3 - len(own)) + list(own)
        assert torch.equal(drawn(figure["sum"], shape), wholes[0] + wholes[1])
        assert row(figure["size_sum"]) == [None] * (3 - len(shape)) + list(shape)
        assert not any(row(figure["misfit"]))
        changed = padded(a) != padded(shape), padded(b) != padded(shape)
        assert verdict == f"fit, and {REPEATED[changed]} repeated"
    assert len(SHAPES) < fit < len(SHAPES) ** 2


def test_of_pairs_that_do_not_fit_the_axis_is_named_that_torch_names() -> None:
    for a, b, figure, verdict in asked():
        if fitting(a, b) is not None:
            continue
        place = int(re.match(r"do not fit: along axis −(\d)", verdict)[1])
        with pytest.raises(RuntimeError, match=f"dimension {max(len(a), len(b)) - place}"):
            torch.zeros(a) + torch.zeros(b)
        assert figure["misfit"]["left"][-place] >= 0
        assert torch.equal(drawn(figure["a"], a), numbers(a, 1))
        assert torch.equal(drawn(figure["b"], b), numbers(b, 100))
        assert not (figure["sum"]["left"] >= 0).any()


def cell_of(i: Tensor, j: Tensor, stride_0: Tensor, stride_1: Tensor, offset: Tensor) -> Tensor:
    return offset + i * stride_0 + j * stride_1


@pytest.mark.parametrize(
    ("numbers", "verdict"),
    [
        ((3, 4, 4, 1, 0), "This is s."),
        ((4, 3, 1, 4, 0), "This is s.T."),
        ((1, 4, 6, 1, 4), "These are the cells of s[1], whose shape is (4,)."),
        ((4, 1, 1, 6, 4), "These are the cells of s[1], whose shape is (4,)."),
        ((3, 4, 0, 1, 0), "This is s[0].expand(3, 4)."),
        ((3, 2, 4, 1, 0), ""),
        ((3, 4, 4, 1, 1), "torch refuses this: cell 11 is the last."),
    ],
)
def test_what_five_numbers_read(numbers: tuple[int, ...], verdict: str) -> None:
    given = made(strides)
    figure = given["function"](*map(torch.tensor, numbers))
    assert given["phrases"]["verdict"][figure["verdict"]] == verdict
    shape, stride, offset = numbers[:2], numbers[2:4], numbers[4]
    cells = figure["elements"]
    if figure["last"] < 12:
        view = torch.arange(12).as_strided(shape, stride, offset)
        assert torch.equal(cells["cell"][cells["left"] >= 0], view.flatten())
        assert view.max() == figure["last"]
        assert torch.equal(figure["read"]["left"], cells["cell"])
        assert (cells["inside"][cells["left"] >= 0] > 0).all()
    else:
        with pytest.raises(RuntimeError, match="out of bounds"):
            S.as_strided(shape, stride, offset)
        assert (cells["inside"] < 0).any()
