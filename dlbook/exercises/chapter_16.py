"""Checks of chapter 16, looking at neighborhoods."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.exercises import expect
from dlbook.exercises.expect import NotYet
from dlbook.exercises.registry import OnPage, exercise
from dlbook.exercises.words import numbers


def _picture(rows: int, columns: int, seed: int) -> Tensor:
    return torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed))


@exercise("16.1", OnPage(slips=(13.5,)))
def one_size(answer: Any) -> None:
    """Rows of the output of a 5×5 kernel with stride 2 and padding 1 on 28 rows."""
    value = expect.number(answer)
    if abs(value - 13.5) < 1e-9:
        raise NotYet("13.5 rows cannot be. A window that does not fit is left out: round down.")
    if abs(value - 12) < 1e-9:
        raise NotYet("12 is not right. That is the number of steps; the first window counts too.")
    hint = "28 pixels and a zero on either side; how often can the window step on by 2?"
    expect.close(value, 13, hint=hint, tolerance=1e-9)


@exercise("16.2")
def conv_parameters(answer: Any) -> None:
    """Ask for `conv_parameters`: the knobs of a convolution layer with biases."""

    def count(channels: int, width: int, k: int) -> int:
        return sum(p.numel() for p in torch.nn.Conv2d(channels, width, k).parameters())

    expect.same_for_all(answer, count, [(1, 16, 5), (16, 32, 3), (3, 7, 1)], name="conv_parameters")


@exercise("16.3")
def shrink(answer: Any) -> None:
    """Ask for `max_pool`: 2×2 max pooling of (N, C, H, W) with even H and W."""

    def oracle(x: Tensor) -> Tensor:
        return F.max_pool2d(x, 2)

    cases = [
        (torch.arange(16.0).view(1, 1, 4, 4),),
        (_picture(6, 24, seed=1).view(2, 3, 4, 6),),
        (-_picture(8, 4, seed=2).abs().view(2, 1, 8, 2),),
    ]
    expect.same_for_all(answer, oracle, cases, name="max_pool")


@exercise("16.4")
def slide_with_stride(answer: Any) -> None:
    """Ask for `slide_in_steps`: a square kernel over one padded picture with a stride."""

    def oracle(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
        return F.conv2d(x[None, None], w[None, None], stride=stride, padding=padding)[0, 0]

    w = torch.arange(9.0).view(3, 3) - 2
    cases = [
        (torch.arange(20.0).view(4, 5), w, 1, 0),
        (torch.arange(20.0).view(4, 5), w, 1, 1),
        (_picture(8, 7, seed=1), w, 2, 0),
        (_picture(9, 6, seed=2), _picture(4, 4, seed=3), 3, 2),
    ]
    expect.same_for_all(answer, oracle, cases, name="slide_in_steps")


@exercise("16.5")
def receptive_field(answer: Any) -> None:
    """Ask for `receptive_field`: how many pixels a number sees, from (kernel, stride) pairs."""
    cases = [[(3, 1)], [(3, 1), (3, 1), (3, 1)], [(5, 1), (2, 2), (3, 1), (2, 2)], [(3, 2), (3, 2)]]
    for layers in cases:
        side, step = 1, 1
        for k, s in layers:
            side, step = side + (k - 1) * step, step * s
        call = f"receptive_field({layers})"
        got = expect.number(expect.result(answer, layers, call=call), call)
        hint = "Each layer adds (k − 1) times the step of the layers before it."
        expect.close(got, side, call=call, hint=hint, tolerance=1e-9)


@exercise("16.6")
def compose(answer: Any) -> None:
    """Ask for `compose`: the one kernel that does what two kernels do one after the other."""
    cases = [
        (torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[0.0, 1.0], [0.0, 0.0]])),
        (torch.ones(3, 3) / 9, torch.ones(3, 3) / 9),
        (_picture(3, 3, seed=1), _picture(2, 2, seed=2)),
    ]
    for first, second in cases:
        call = f"compose({numbers(first)}, {numbers(second)})"
        want = F.conv_transpose2d(first[None, None], second[None, None])[0, 0]
        got = expect.tensor(
            expect.result(answer, first, second, call=call), tuple(want.shape), call=call
        )
        hint = (
            "Send a single 1 in a field of zeros through both, and mind that the answer comes out "
            "flipped."
        )
        expect.close(got, want, call=call, hint=hint, tolerance=1e-5)
