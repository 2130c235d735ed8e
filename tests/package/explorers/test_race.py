"""The race of optimizers: its paths are those of torch's optimizers, and what its outcome says."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor

from dlbook.descent import optimize
from dlbook.explorers import Explorer, race

SPAN = torch.linspace(-2, 2, 11, dtype=torch.float64)
FIRST = torch.tensor([1.0, 2.0], dtype=torch.float64)
STEPS = 8


def bowl(w: Tensor) -> Tensor:
    return w.square().sum(dim=-1)


def plain(g: Tensor, m: Tensor, s: Tensor, t: Any) -> tuple[Tensor, Tensor, Tensor]:
    return g, m, s


def adam(g: Tensor, m: Tensor, s: Tensor, t: Any) -> tuple[Tensor, Tensor, Tensor]:
    m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
    return (m / (1 - 0.9**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8), m, s


def html(lr: float, **rules: Any) -> str:
    figure: Explorer = race(
        {"bowl": (bowl, FIRST), "steep bowl": (lambda w: 2 * bowl(w), FIRST)},
        rules,
        SPAN,
        surface="bowl",
        rates=[0.1, 1.0, 5.0, 1e4],
        lr=lr,
        steps=STEPS,
        caption="Race.",
    )
    return figure._repr_html_()


def outcome(lr: float, **rules: Any) -> str:
    return re.search(r'class="dlx-outcome"[^>]*>([^<]*)<', html(lr, **rules))[1]


@pytest.mark.parametrize(
    ("rule", "make"),
    [
        (plain, lambda w: torch.optim.SGD(w, lr=0.1)),
        (adam, lambda w: torch.optim.Adam(w, lr=0.1)),
    ],
)
def test_a_run_ends_where_torchs_optimizer_ends(rule: Any, make: Any) -> None:
    last = optimize(bowl, FIRST.tolist(), make, steps=STEPS)["cost"].iloc[-1]
    assert outcome(0.1, it=rule) == f"After step 8 the lowest cost is {last:.2g}, that of it."


def test_runs_above_the_axis_are_named() -> None:
    said = outcome(5.0, plain=plain, Adam=adam)
    assert said.endswith(", that of Adam. Above 1,000: plain.")
    said = outcome(1e4, plain=plain)
    assert re.match(
        r"After step 8 the lowest cost is [\d.]+e\+\d+, that of plain. Above 1,000", said
    )
    said = outcome(1e4, lost=lambda g, m, s, t: (g * 1e300, m, s))
    assert said == ("After step 8 the lowest cost is ∞, for all have diverged. Above 1,000: lost.")


def test_a_cost_below_the_axis_is_told() -> None:
    def in_one_step(g: Tensor, m: Tensor, s: Tensor, t: Any) -> tuple[Tensor, Tensor, Tensor]:
        return g / 2, m, s  # at a rate of 1 it leads into the bowl's minimum

    words = ">a cost falls below this chart<"
    assert words in html(1.0, it=in_one_step)
    assert words not in html(0.1, it=plain)
