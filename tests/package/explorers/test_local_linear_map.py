"""A map of the plane and its Jacobian: what is said of a place."""

import pytest
import torch

from dlbook.explorers import local_linear_map

MAPS = {
    "fold": lambda p: torch.stack((p[0], p[1] ** 2)),
    "turn": lambda p: torch.stack((-p[1], p[0])),
}


@pytest.mark.parametrize(
    ("which", "v", "said"),
    [
        ("fold", 0.6, "(1.00, 0.00) and (0.00, 1.20): areas × 1.20."),
        ("fold", -0.6, "(1.00, 0.00) and (0.00, −1.20): areas × 1.20, turned over."),
        ("fold", 0.0, "(1.00, 0.00) and (0.00, 0.00): areas × 0.00: the net collapses."),
        ("turn", 0.3, "(0.00, −1.00) and (1.00, 0.00): areas × 1.00."),
    ],
)
def test_what_is_said_of_the_jacobian(which: str, v: float, said: str) -> None:
    figure = local_linear_map(MAPS, start=(which, 0.3, v, 0.32), caption="Maps.")
    assert f"The Jacobian has the rows {said}" in figure._repr_html_()
