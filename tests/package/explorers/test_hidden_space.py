"""The explorer of hidden spaces: what it counts, what it carries, and what it refuses."""

import re
from dataclasses import replace

import pytest
import torch

from dlbook import explorers
from dlbook.data import Samples
from dlbook.explorers import NetView
from dlbook.models import count_parameters, mlp

AXIS = torch.linspace(-2, 2, 5)
MESH = torch.stack(torch.meshgrid(AXIS, AXIS, indexing="xy"), dim=-1)
SAMPLES = Samples(torch.tensor([[-1.0, 0.5], [0.5, -0.5], [0.25, 1.0]]), torch.tensor([0, 1, 0]))
NETS = [
    NetView(units, depth, activation, MESH[..., 0], SAMPLES.x, MESH)
    for units in (2, 4)
    for depth in (1, 3)
    for activation in ("none", "tanh")
]


def status(nets: list[NetView], start: tuple[int, int, str]) -> str:
    """What the explorer says first."""
    made = explorers.hidden_space(nets, SAMPLES, MESH, (AXIS, AXIS), start=start, caption="Spaces.")
    return re.search(r'role="status">([^<]*)<', made._repr_html_())[1]


@pytest.mark.parametrize("net", NETS, ids=lambda net: str(net.key))
def test_parameters_and_points_on_the_right_side_are_counted(net: NetView) -> None:
    said = status(NETS, net.key)
    count = count_parameters(mlp([2, *[net.units] * net.depth, 1]))
    assert f" {count} parameters: 67% of the points are on the right side." in said


def test_hidden_points_are_carried_in_hundredths_of_the_largest() -> None:
    html = explorers.hidden_space(
        NETS, SAMPLES, MESH, (AXIS, AXIS), start=(2, 1, "tanh"), caption="Spaces."
    )._repr_html_()
    assert "[-100,50,25," in html
    assert "[50,-50,100," in html


def test_a_combination_that_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="a run for each combination of units, depth, activation"):
        status(NETS[:7], NETS[0].key)


def test_points_of_other_samples_are_refused() -> None:
    with pytest.raises(RuntimeError, match="must match the size"):
        status([replace(net, points=SAMPLES.x[:2]) for net in NETS], NETS[0].key)
