"""The explorer of hidden spaces: what it counts, what it carries, and what it refuses."""

import json
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


def explorer(nets: list[NetView]) -> explorers.RunExplorer:
    return explorers.hidden_space(
        nets, SAMPLES, MESH, (AXIS, AXIS), start=(2, 1, "tanh"), caption="Spaces."
    )


@pytest.mark.parametrize("net", NETS, ids=lambda net: str(net.key))
def test_parameters_are_counted_as_in_a_network(net: NetView) -> None:
    network = mlp([2, *[net.units] * net.depth, 1])
    assert net.parameters() == count_parameters(network)


def page(nets: list[NetView]) -> dict[str, object]:
    html = explorer(nets)._repr_html_()
    found = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    data: dict[str, object] = json.loads(found[-1].replace("<\\/", "</"))
    return data


def test_the_share_of_points_on_the_right_side_is_said() -> None:
    data = page(NETS)
    outcomes = data["outcomes"]
    assert isinstance(outcomes, dict)
    assert len(outcomes) == 8
    assert all("67% of the points" in text for text in outcomes.values())


def test_hidden_points_are_carried_in_hundredths_of_the_largest() -> None:
    text = json.dumps(page(NETS))
    assert '"u": "-100,50,25", "v": "50,-50,100"' in text


def test_a_combination_that_is_missing_or_there_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="every combination"):
        explorer(NETS[:7])
    with pytest.raises(ValueError, match="every combination"):
        explorer([*NETS[:7], NETS[0]])


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="must have the shapes"):
        explorer([replace(NETS[0], points=SAMPLES.x[:2]), *NETS[1:]])
