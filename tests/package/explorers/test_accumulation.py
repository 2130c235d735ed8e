"""When gradients are zeroed: what is said about a walk on a parabola."""

import pytest

from dlbook.explorers import accumulation


@pytest.mark.parametrize(
    ("rate", "moment", "said"),
    [
        (0.1, "always", "at most 0.0001 away from 2: it settles."),
        (0.1, "never", "away from 2: it has not settled."),
        (0.5, "always", "away from 2: it diverges."),
    ],
)
def test_what_is_said_of_a_walk(rate: float, moment: str, said: str) -> None:
    figure = accumulation(
        lambda w: 6 * (w - 2),
        {"always": 1, "never": 100},
        answer=2.0,
        first=1.0,
        rates=(0.1, 0.5, 4),
        start=(rate, moment),
        caption="A parabola.",
    )
    assert said in figure._repr_html_()
