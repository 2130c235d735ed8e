"""The explorer of the bottleneck: its outcome names the longest part and the pace."""

from itertools import product

import pandas as pd
import pytest

from dlbook import explorers
from dlbook.explorers import RunExplorer
from dlbook.explorers.bottleneck import KEYS, PARTS


def bottleneck(**seconds: float) -> RunExplorer:
    """All combinations have the same times, but for the batch size: it is 10 or 20."""
    choices = product(("none", "compiled"), (1, 2), (8, 16), (10, 20))
    rows = [dict(zip(KEYS, choice, strict=True)) | seconds for choice in choices]
    return explorers.bottleneck(pd.DataFrame(rows), start=("none", 1, 8, 20), caption="Pace.")


@pytest.mark.parametrize("longest", PARTS)
def test_the_outcome_names_the_longest_part_and_the_pace(longest: str) -> None:
    seconds = dict.fromkeys(PARTS, 0.001) | {longest: 0.004}
    name = longest[0].upper() + longest[1:]
    assert f">{name}: 4 ms a step, 5,000 samples a second.<" in bottleneck(**seconds)._repr_html_()


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match="arithmetic"):
        bottleneck(data=1.0, Python=1.0, memory=1.0)
