"""Answers to the exercises of chapter 16, looking at neighborhoods."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor


def windows_summed(x: Tensor, w: Tensor, stride: int, padding: int) -> Tensor:
    k = len(w)
    padded = F.pad(x, (padding,) * 4)
    return (padded.unfold(0, k, stride).unfold(1, k, stride) * w).sum(dim=(-2, -1))


def field(layers: list[tuple[int, int]]) -> int:
    side = 1
    for k, s in reversed(layers):
        side = (side - 1) * s + k
    return side


def sums_of_shifts(first: Tensor, second: Tensor) -> Tensor:
    k, m = len(first), len(second)
    kernel = torch.zeros(k + m - 1, k + m - 1)
    for a in range(m):
        for b in range(m):
            kernel[a : a + k, b : b + k] += second[a, b] * first
    return kernel


RIGHT: dict[str, Any] = {
    "16.1": torch.tensor(13),
    "16.2": lambda channels, width, k: width * channels * k**2 + width,
    "16.3": lambda x: x.unfold(2, 2, 2).unfold(3, 2, 2).amax(dim=(-2, -1)),
    "16.4": windows_summed,
    "16.5": field,
    "16.6": sums_of_shifts,
}

WRONG: list[tuple[str, Any, str]] = [
    ("16.1", 13.5, "round down"),
    ("16.1", 12, "first window"),
    ("16.1", 14, "is not right"),
    ("16.2", lambda channels, width, k: width * k**2 + width, "is not right"),
    ("16.2", lambda channels, width, k: width * (channels * k**2 + channels), "is not right"),
    ("16.3", lambda x: x[..., ::2, ::2], "is not right"),
    ("16.3", lambda x: F.avg_pool2d(x, 2), "is not right"),
    ("16.3", lambda x: F.max_pool2d(x, 2, stride=1), "should have the shape"),
    ("16.4", lambda x, w, stride, padding: windows_summed(x, w.flip(0, 1), stride, padding), "is"),
    ("16.4", lambda x, w, stride, padding: windows_summed(x, w, 1, padding), "should have the sh"),
    ("16.4", lambda x, w, stride, padding: windows_summed(x, w, stride, 0), "should have the sh"),
    ("16.5", lambda layers: 1 + sum(k - 1 for k, _ in layers), "step of the layers"),
    ("16.5", lambda layers: sum(k for k, _ in layers), "is not right"),
    ("16.6", lambda first, second: first @ second, "should have the shape (3, 3)"),
    (
        "16.6",
        lambda first, second: sums_of_shifts(first, second).flip(0, 1),
        "comes out flipped",
    ),
]
