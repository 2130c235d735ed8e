"""The explorer of the bottleneck: its outcome names the longest part and the pace."""

import pytest

from dlbook import explorers

PARTS = ("data", "Python", "memory", "arithmetic")


@pytest.mark.parametrize("longest", PARTS)
def test_the_outcome_names_the_longest_part_and_the_pace(longest: str) -> None:
    seconds = dict.fromkeys(PARTS, 0.001) | {longest: 0.004}
    figure = explorers.bottleneck(
        lambda *_: seconds,
        remedies=["none", "compiled"],
        workers=[1, 2],
        units=[8, 16],
        batch_sizes=[10, 20],
        start=("none", 1, 8, 20),
        caption="Pace.",
    )
    name = longest[0].upper() + longest[1:]
    assert f">{name}: 4 ms a step, 5,000 samples a second.<" in figure._repr_html_()
