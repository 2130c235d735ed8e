"""The descent lab of a page walks as torch's optimizers do."""

from typing import Any

import pytest
import torch

from dlbook.descent import LANDSCAPES, optimize
from dlbook.explorers.walk import Walk
from dlbook.labs.descent_lab import OPTIMIZERS
from dlbook.labs.descent_page import _start, _step, descent_page

STEPS = 40


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("landscape", LANDSCAPES)
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_each_rule_walks_like_torchs_optimizer(rule: str, landscape: str, momentum: float) -> None:
    place = LANDSCAPES[landscape]
    lr = 0.03 / place.domain[0][1] if place.dimension == 1 else 1e-4  # the banana is steep
    given = {"across": 0.85, "up": 0.3, "lr": lr, "momentum": momentum}
    numbers: dict[str, Any] = {
        name: torch.tensor(x, dtype=torch.float64) for name, x in given.items()
    }
    walk = Walk(_start, _step, STEPS).columns(
        numbers | {"landscape": landscape, "rule": rule, "steps": torch.tensor(STEPS)}
    )
    ends = zip((0.85, 0.3), place.domain, strict=False)
    start = [low + share * (high - low) for share, (low, high) in ends]
    oracle = optimize(place.cost, start, lambda w: OPTIMIZERS[rule](w, lr, momentum), steps=STEPS)
    names = ["w"] if place.dimension == 1 else ["w0", "w1"]
    for i, name in enumerate(names):
        assert walk["w"][:, i].tolist() == pytest.approx(oracle[name].tolist(), rel=1e-6)
    assert walk["cost"].tolist() == pytest.approx(oracle["cost"].tolist(), rel=1e-6)
    assert walk["slope"].tolist() == pytest.approx(oracle["grad_norm"].tolist(), rel=1e-6)


@pytest.mark.slow
def test_the_page_offers_what_the_lab_does() -> None:
    html = descent_page("saddle", 0.03, 30, start=0.85, caption="Walks.")._repr_html_()
    for name in (*LANDSCAPES, *OPTIMIZERS):
        assert f">{name}</option>" in html
