"""The filters explorer: the boxes of its windows, its cells, and its sentence."""

import pytest
import torch
import torch.nn.functional as F
from made_explorers import made
from torch import Tensor

from dlbook.explorers import Explorer, filters

IMAGE = torch.arange(36.0, dtype=torch.float64).view(6, 6) / 35
EDGE = torch.tensor([[-1.0, 0, 1]] * 3, dtype=torch.float64)
KERNELS = {"edge": EDGE, "blur": torch.full((3, 3), 1 / 9, dtype=torch.float64)}


def answers(kernel: str, padding: str, stride: Tensor) -> tuple[Tensor, Tensor]:
    w = KERNELS[kernel][None, None]
    y = F.conv2d(IMAGE[None, None], w, padding=int(padding))[0, 0]
    place = torch.arange(len(y))
    kept = place % stride == 0
    return y * kept[:, None] * kept, place // stride


def explorer() -> Explorer:
    start = ("edge", "1", 2)
    return filters(
        answers, IMAGE, KERNELS, strides=[1, 2], paddings=["0", "1"], start=start, caption="F."
    )


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_cells_are_the_output(kernel: str, padding: int, stride: int) -> None:
    drawn = made(explorer)["function"](kernel, str(padding), torch.tensor(stride))
    want = F.conv2d(IMAGE[None, None], KERNELS[kernel][None, None], stride=stride, padding=padding)[
        0, 0
    ]
    assert drawn["size"] == len(want)
    got = torch.zeros_like(want)
    cells = drawn["output"]
    for row, column, value in zip(cells["top"], cells["left"], cells["value"], strict=True):
        got[row, column] += value
    assert torch.allclose(got * want.abs().max() / got.abs().max(), want)
    last = (len(want) - 1) * stride - padding
    assert drawn["last"]["left"] == drawn["last"]["top"] == last
    assert drawn["next"]["left"] == stride - padding
    assert drawn["unread"] == max(0, 6 - last - 3)


def test_the_sentence_says_size_and_what_is_not_read() -> None:
    html = made(explorer)["html"]
    assert "⌊5 / 2⌋ + 1 = 3 rows" in html
    assert "never read: 0." in html
