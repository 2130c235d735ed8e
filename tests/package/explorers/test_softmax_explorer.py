"""The explorer of softmax: what Vega computes on the page is what torch computes."""

import json
import re

import pytest
import torch
import torch.nn.functional as F

from dlbook import explorers
from dlbook.explorers import RunExplorer
from dlbook.explorers.softmax import FORMULAS, SCORES

# The sliders of chapter 15.
CLASSES = ("sun", "cloud", "rain")
VALUES = [-2.0, -1.0, 0.0, 1.0, 2.0]
TEMPERATURES = [0.5, 1.0, 2.0, 4.0]
TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")


def make(*start: float | str) -> RunExplorer:
    return explorers.softmax(CLASSES, VALUES, TEMPERATURES, start=start, caption="c")


def by_formula(quantity: str, place: int, y: int, z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """A formula of the page, read as Python: it means the same there."""
    names = dict(zip(SCORES, z.unbind(dim=-1), strict=True)) | {"temperature": t}
    names |= {"exp": torch.exp, "log": torch.log, "max": lambda *s: torch.stack(s).amax(dim=0)}
    value: torch.Tensor = eval(FORMULAS[quantity].format(z=SCORES[place], y=y), names)
    return value


@pytest.mark.parametrize("target", range(3))
@pytest.mark.parametrize("place", range(3))
def test_the_formulas_are_torchs_on_the_whole_grid(place: int, target: int) -> None:
    axes = [torch.tensor(v, dtype=torch.float64) for v in (VALUES, VALUES, VALUES, TEMPERATURES)]
    grid = torch.cartesian_prod(*axes)
    t, z = grid[:, 3], grid[:, :3].clone().requires_grad_()
    labels = torch.full((len(z),), target)
    F.cross_entropy(z / t[:, None], labels, reduction="sum").backward()
    expected = {
        "score": z / t[:, None],
        "probability": torch.softmax(z / t[:, None], dim=-1),
        "loss": -torch.log_softmax(z / t[:, None], dim=-1),
        "gradient": z.grad,
    }
    for quantity, value in expected.items():
        got = by_formula(quantity, place, int(place == target), z, t)
        torch.testing.assert_close(got, value[:, place], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "start", [(2, 1, -1, 1, "sun"), (-2, -2, 2, 0.5, "cloud"), (0, 1, 1, 4, "rain")]
)
def test_vega_draws_what_torch_computes(start: tuple[float, float, float, float, str]) -> None:
    pytest.importorskip("vl_convert")
    z, t, target = torch.tensor(start[:3], dtype=torch.float64), start[3], CLASSES.index(start[4])
    p = torch.softmax(z / t, dim=0)
    gradient = (p - F.one_hot(torch.tensor(target), 3)) / t
    drawn = TEXT.findall(make(*start)._body)
    for numbers in (p, -p.log(), gradient):
        for number in numbers.tolist():
            assert f"{number:.4f}".replace("-", "−") in drawn


def test_every_setting_has_its_sentence() -> None:
    data = re.search(r'json">(.*?)</script>', make(2, 1, -1, 1, "sun")._body)[1]
    sentences = json.loads(data)["outcomes"]
    assert len(sentences) == 5**3 * 4 * 3
    assert sentences["4,3,1,1,0"] == "sun: probability 0.7054, loss 0.3490."
    assert sentences["0,0,4,0,1"] == "cloud: probability 0.0003, loss 8.0007."


@pytest.mark.parametrize(
    ("classes", "temperatures", "word"),
    [(("a", "b"), [1.0, 2.0], "classes"), (("a", "a", "b"), [1.0, 2.0], "classes"),
     (("a", "b", "c"), [0.0, 1.0], "temperatures"), (("a", "b", "c"), [1.0, 2.0], "start")],
)  # fmt: skip
def test_bad_arguments_are_named(classes: tuple, temperatures: list[float], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        explorers.softmax(
            classes, [0.0, 1.0], temperatures, start=(0.0, 0.0, 0.0, 3.0, "a"), caption="c"
        )
