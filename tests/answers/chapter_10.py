"""Answers to the exercises of chapter 10, entropy, KL, cross-entropy and likelihood."""

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor


def kl_by_loop(p: Tensor, q: Tensor) -> float:
    total = 0.0
    for a, b in zip(p.tolist(), q.tolist(), strict=True):
        if a > 0:
            total += a * math.log(a / b) if b > 0 else math.inf
    return total


def plain_entropy(shares: list[float]) -> float:
    return -sum(p * math.log2(p) for p in shares if p > 0)


def gain_by_sums(counts: Tensor) -> float:
    table = (counts / counts.sum()).tolist()
    flat = [p for row in table for p in row]
    rows, columns = [sum(row) for row in table], [sum(c) for c in zip(*table, strict=True)]
    return plain_entropy(rows) + plain_entropy(columns) - plain_entropy(flat)


def left_by_sums(counts: Tensor) -> float:
    """What is left of the entropy of the columns."""
    return plain_entropy((counts.sum(dim=0) / counts.sum()).tolist()) - gain_by_sums(counts)


def gain_by_rows(counts: Tensor) -> Tensor:
    """The entropy of each row divided by its sum, which may be zero."""
    table = counts.double() / counts.sum()
    rows, columns = table.sum(dim=1), table.sum(dim=0)
    inside = torch.special.entr(table / rows[:, None]).sum(dim=1)
    return (torch.special.entr(columns).sum() - (rows * inside).sum()) / math.log(2)


def letters_by_chain_rule(text: str) -> tuple[float, float]:
    pairs, n = Counter(pairwise(text)), len(text) - 1
    both = plain_entropy([count / n for count in pairs.values()])
    first = plain_entropy([count / n for count in Counter(text[:-1]).values()])
    second = plain_entropy([count / n for count in Counter(text[1:]).values()])
    return second, both - first


def in_any_order(theta: Tensor, white: int, black: int) -> Tensor:
    orders = math.lgamma(white + black + 1) - math.lgamma(white + 1) - math.lgamma(black + 1)
    return orders + white * theta.log() + black * (1 - theta).log()


RIGHT: dict[str, Any] = {
    "10.1": math.log2(52),
    "10.2": lambda p: torch.special.entr(p).sum(dim=-1) / math.log(2),
    "10.3": kl_by_loop,
    "10.4": gain_by_sums,
    "10.5": lambda theta, white, black: white * theta.log() + black * torch.log1p(-theta),
    "10.6": letters_by_chain_rule,
}

RIGHT_TOO: list[tuple[str, Any]] = [
    ("10.2", lambda p: -(p * p.log2()).nansum(dim=-1)),
]

WRONG: list[tuple[str, Any, str]] = [
    ("10.1", math.log(52), "nats"),
    ("10.1", 1 / 52, "is the probability"),
    ("10.1", -math.log2(52), "minus"),
    ("10.1", 52, "is not right"),
    ("10.2", lambda p: -(p * p.log2()).sum(dim=-1), "nan"),
    ("10.2", lambda p: -(p * (p + 1e-12).log2()).sum(dim=-1), "added inside the logarithm"),
    ("10.2", lambda p: torch.special.entr(p).sum(dim=-1), "should be 1.485, got 1.03: that is"),
    ("10.2", lambda p: torch.xlogy(p, p).sum(dim=-1) / math.log(2), "minus is missing"),
    ("10.2", lambda p: torch.special.entr(p).mean(dim=-1) / math.log(2), "weight by p"),
    ("10.2", lambda p: torch.special.entr(p).sum() / math.log(2), "shape"),
    ("10.3", lambda p, q: (p * (p / q).log()).sum(), "nan"),
    ("10.3", lambda p, q: kl_by_loop(q, p), "weights by q"),
    ("10.3", lambda p, q: kl_by_loop(p, q) / math.log(2), "in bits"),
    ("10.3", lambda p, q: -torch.xlogy(p, q).sum(), "cross-entropy"),
    ("10.3", lambda p, q: 0.5 * (kl_by_loop(p, q) + kl_by_loop(q, p)), "is not right"),
    ("10.4", lambda counts: gain_by_sums(counts) * math.log(2), "in nats"),
    ("10.4", lambda counts: -gain_by_sums(counts), "sign is turned"),
    ("10.4", left_by_sums, "what is gained"),
    ("10.5", lambda theta, w, b: (theta**w * (1 - theta) ** b).log(), "infinite"),
    ("10.5", lambda theta, w, b: w * theta.log() - b * (1 - theta).log(), "is not right"),
    ("10.6", lambda text: plain_entropy([c / len(text) for c in Counter(text).values()]), "a pair"),
    ("10.5", in_any_order, "should not count the orders"),
    ("10.6", lambda text: letters_by_chain_rule(text)[::-1], "second sign first"),
    (
        "10.6",
        lambda text: tuple(h * math.log(2) for h in letters_by_chain_rule(text)),
        "should be",
    ),
    ("10.4", gain_by_rows, "nan"),
    ("10.5", lambda theta, w, b: theta * float("nan"), "nan"),
]
