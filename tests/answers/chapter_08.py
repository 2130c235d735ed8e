"""Answers to the exercises of chapter 08, full batch, mini-batch, one sample."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def adam(
    slope: Callable[[float], float], w: float, lr: float, steps: int, *, corrected: bool = True
) -> float:
    m = s = 0.0
    for t in range(1, steps + 1):
        g = slope(w)
        m += 0.1 * (g - m)
        s += 0.001 * (g * g - s)
        top, bottom = (m / (1 - 0.9**t), s / (1 - 0.999**t)) if corrected else (m, s)
        w -= lr * top / (bottom**0.5 + 1e-8)
    return w


def in_place(w: Tensor, v: Tensor, g: Tensor, lr: float, mu: float) -> tuple[Tensor, Tensor]:
    v.mul_(mu).add_(g)
    w.sub_(lr * v)
    return w, v


RIGHT: dict[str, Any] = {
    "8.1": -(-60_000 // 128) * 10,
    "8.2": lambda means, sizes: means @ (sizes / sizes.sum()),
    "8.3": lambda g, size: g.var() * (1 / size - 1 / len(g)),
    "8.4": lambda w, v, g, lr, mu: (w - lr * (mu * v + g), mu * v + g),
    "8.5": lambda hessian, mu: (2 + 2 * mu) / torch.linalg.matrix_norm(hessian, 2),
    "8.6": adam,
    "8.7": (0.0295, 0.7),
}

WRONG: list[tuple[str, Any, str]] = [
    ("8.1", 469, "one epoch"),
    ("8.1", 4680, "round up"),
    ("8.1", 4687.5, "rounded up"),
    ("8.2", lambda means, sizes: means.mean(), "Weight it by its size"),
    ("8.2", lambda means, sizes: (means * sizes).mean(), "Divide by the number of samples"),
    ("8.3", lambda g, size: g.var(correction=0) / size, "with replacement"),
    ("8.3", lambda g, size: g.var() / size * (len(g) - size) / (len(g) - 1), "correction=0"),
    ("8.4", lambda w, v, g, lr, mu: (w - lr * v, mu * v + g), "the knobs of"),
    ("8.4", lambda w, v, g, lr, mu: (w - lr * (mu * v + g), mu * v + lr * g), "the velocity"),
    ("8.4", lambda w, v, g, lr, mu: w - lr * (mu * v + g), "a pair"),
    ("8.4", in_place, "changed a tensor"),
    ("8.5", lambda hessian, mu: 2 / torch.linalg.eigvalsh(hessian)[-1], "without momentum"),
    (
        "8.5",
        lambda hessian, mu: 2 * (1 + mu) / torch.linalg.eigvalsh(hessian)[0],
        "the largest eigen",
    ),
    ("8.5", lambda hessian, mu: (1 + mu) / torch.linalg.eigvalsh(hessian)[-1], "half of it"),
    ("8.5", lambda hessian, mu: 2 * (1 + mu) / hessian.max(), "should be"),
    ("8.6", lambda slope, w, lr, steps: adam(slope, w, lr, steps, corrected=False), "bias"),
    ("8.6", lambda slope, w, lr, steps: w - lr * steps, "is not right"),
    ("8.7", (2 / 101, 0.0), "the cost after 60 steps"),
    ("8.7", (4 / 121, (9 / 11) ** 2), "the cost after 60 steps"),
    ("8.7", (0.7, 0.0295), "the cost after 60 steps"),
    ("8.7", (0.03, 67.0), "the momentum"),
    ("8.7", 0.03, "a pair"),
    ("8.7", (float("inf"), 0.5), "the learning rate, above 0"),
]
