"""Pictures of cells and of memory: every cell is drawn, numbered, and read where torch reads it."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.colors import to_rgb
from torch import Tensor

from dlbook import plots
from dlbook.plots.cells import PALE
from dlbook.plots.memory import places

S = torch.arange(12).view(3, 4)
VIEWS = {
    "s": S,
    "s.T": S.T,
    "a row": S[1],
    "a column": S[:, 1],
    "a block": S[1:, 1:3],
    "steps": S[::2, ::3],
    "stretched": S[0].expand(2, 4),
    "windows": S.flatten().unfold(0, 3, 2),
}


@pytest.fixture(autouse=True)
def no_figures_left() -> Iterator[None]:
    """Close what a test has drawn."""
    yield
    plt.close("all")


def drawn() -> tuple[list[str], list[tuple[float, ...]]]:
    """The texts and the colors of the cells of the current axes."""
    ax = plt.gca()
    return [text.get_text() for text in ax.texts], [p.get_facecolor()[:3] for p in ax.patches]


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_places_are_those_that_torch_reads(view: Tensor) -> None:
    assert torch.equal(places(view), S.flatten()[places(view)])
    assert torch.equal(places(view).reshape(view.shape), view)


def test_cells_shows_every_number_and_marks_some() -> None:
    plots.cells(S, marked=S > 9, title="large")
    texts, colors = drawn()
    assert texts == [str(n) for n in range(12)]
    assert [color == to_rgb(PALE) for color in colors] == (S <= 9).flatten().tolist()
    assert plt.gca().get_title(loc="center") == "large"


def test_cells_takes_a_vector_and_floats() -> None:
    plots.cells(torch.tensor([0.5, -2.0]))
    assert drawn()[0] == ["0.5", "-2"]


def test_memory_draws_the_storage_and_every_view_in_its_colors() -> None:
    plots.memory(VIEWS)
    texts, colors = drawn()
    numbers = [text for text in texts if text.isdecimal()]
    assert [text for text in texts if not text.isdecimal()] == ["storage", *VIEWS]
    assert numbers[:12] == [str(n) for n in range(12)]
    assert numbers[12:] == [str(n) for view in VIEWS.values() for n in view.flatten().tolist()]
    assert len(set(colors[:12])) == 12
    assert colors == [colors[int(number)] for number in numbers]


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({}, "got 0 storages"),
        ({"a": S, "b": S.clone()}, "got 2 storages"),
        ({"a": torch.zeros(2, 2, 2)}, "order one or two"),
        ({"a": torch.tensor(1.0)}, "order one or two"),
    ],
)
def test_what_memory_cannot_draw(tensors: dict[str, Tensor], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plots.memory(tensors)
    assert plt.get_fignums() == [], "nothing is drawn"


def test_what_cells_cannot_draw() -> None:
    with pytest.raises(ValueError, match=r"rows, columns.*got \(2, 2, 2\)"):
        plots.cells(torch.zeros(2, 2, 2))
    with pytest.raises(ValueError, match=r"marked must have the shape of values, \(3, 4\)"):
        plots.cells(S, marked=torch.tensor([True]))
    assert plt.get_fignums() == [], "nothing is drawn"
