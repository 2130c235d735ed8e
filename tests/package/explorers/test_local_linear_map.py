"""The explorer of a map and its Jacobian: the page's formulas are those of the torch function."""

import json

import pytest
import torch

from dlbook.explorers import PlaneMap, RunExplorer, local_linear_map


def make(*formulas: str) -> RunExplorer:
    plane_map = PlaneMap("fold", lambda p: torch.stack((p[0], p[1] ** 2)), formulas)
    other = PlaneMap("same", lambda p: p, ("u", "v"))
    return local_linear_map(
        [plane_map, other], [-1.0, 0.0, 1.0], [0.5, 0.1], start=("fold", 1.0, 0.0, 0.5), caption="c"
    )


def test_it_says_the_jacobian_and_what_it_does_to_areas() -> None:
    sentences = json.loads(make("u", "v * v")._body.split('json">')[1].split("</script>")[0])[
        "outcomes"
    ]
    assert sentences["0,2,2"].endswith("(1.00, 0.00) and (0.00, 2.00): areas × 2.00.")
    assert sentences["0,2,0"].endswith("(1.00, 0.00) and (0.00, −2.00): areas × 2.00, turned over.")
    assert sentences["0,1,1"].endswith("the net collapses.")


def test_formulas_must_agree_with_the_function() -> None:
    with pytest.raises(ValueError, match="formulas of 'fold' give"):
        make("u", "2 * v")
