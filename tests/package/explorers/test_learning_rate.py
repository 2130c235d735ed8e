"""The learning rate on a parabola: what is said about a walk."""

import pytest

from dlbook.explorers import learning_rate


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.1, "0.80: approaches from one side. After 20 steps w = 1.9769."),
        (0.5, "0.00: one step lands on the minimum. After 20 steps w = 2.0000."),
        (0.9, "−0.80: jumps across the minimum and comes closer. After 20 steps w = 1.9769."),
        (1.0, "−1.00: on the border, jumps across and comes no closer. After 20 steps w = 0.0000."),
        (1.1, "−1.20: above the border, jumps across and moves away. After 20 steps w = −74.6752."),
    ],
)
def test_what_is_said_of_a_walk(share: float, said: str) -> None:
    figure = learning_rate(
        lambda w: 2 * (w[..., 0] - 2).square(),  # of curvature 4
        lambda w: 4 * (w - 2),
        window=(-1.0, 5.0),
        border=0.5,
        share=share,
        caption="A parabola.",
    )
    assert f"Each step multiplies the distance by {said}" in figure._repr_html_()
