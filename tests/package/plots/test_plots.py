"""Figures: each can be drawn without a warning, is labelled, and refuses what does not fit."""

from collections.abc import Callable, Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from torch import Tensor

from dlbook import plots
from dlbook.data import line
from dlbook.descent import LANDSCAPES, descend, descend_line, line_cost
from dlbook.training import History

GRID = torch.linspace(-2, 2, 21)
BOWL = GRID[:, None] ** 2 + GRID**2
PARABOLA = LANDSCAPES["parabola"].cost
TRACES = descend(PARABOLA, 1.5, [0.1, 0.4, 1.01], steps=10)
PATHS = descend_line(line(20), [0.1, 0.2], epochs=5)
LABELS = torch.tensor([0, 1, 2, 2, 1, 0])
ABC = ["a", "b", "c"]


def history(*, val: bool, classes: bool) -> History:
    columns = {"epoch": [1, 2, 3], "train_loss": [1.0, 0.5, 0.4], "seconds": [0.1] * 3}
    columns |= {"val_loss": [1.1, 0.7, 0.6]} if val else {}
    columns |= {"val_accuracy": [0.5, 0.7, 0.8]} if classes else {}
    return History(pd.DataFrame(columns), pd.DataFrame())


Draw = Callable[[], None]
FIGURES: dict[str, tuple[Draw, list[tuple[str, str]]]] = {
    "cost curve": (
        lambda: plots.cost_curve(GRID, GRID**2, xlabel="slope w", ylabel="mean cost"),
        [("slope w", "mean cost")],
    ),
    "steps": (
        lambda: plots.steps_on_curve(PARABOLA, (-2.0, 2.0), TRACES[:11], title="six steps"),
        [("w", "cost")],
    ),
    "steps to infinity": (
        lambda: plots.steps_on_curve(PARABOLA, (-2.0, 2.0), descend(PARABOLA, 1, 9, steps=300)),
        [("w", "cost")],
    ),
    "training, loss": (
        lambda: plots.training_curves(history(val=False, classes=False)),
        [("epoch", "loss")],
    ),
    "training, two losses": (
        lambda: plots.training_curves(history(val=True, classes=False)),
        [("epoch", "loss")],
    ),
    "training, accuracy": (
        lambda: plots.training_curves(history(val=True, classes=True)),
        [("epoch", "loss"), ("epoch", "accuracy")],
    ),
    "contour": (lambda: plots.contour(GRID, GRID, BOWL), [("w", "b")]),
    "contour, paths": (
        lambda: plots.contour(
            GRID, GRID, line_cost(line(20), GRID, GRID[:, None]), paths=PATHS, minimum=(2, -1)
        ),
        [("w", "b")],
    ),
    "surface": (lambda: plots.surface(GRID, GRID, BOWL), [("w", "b")]),
    "confusion": (
        lambda: plots.confusion_matrix(LABELS, LABELS.flip(0).roll(1), ["a", "b", "long name"]),
        [("predicted", "true")],
    ),
}
by_figure = pytest.mark.parametrize(("draw", "labels"), FIGURES.values(), ids=FIGURES)


@pytest.fixture(autouse=True, params=["matplotlib's look", "the book's look"])
def look(request: pytest.FixtureRequest) -> Iterator[None]:
    """Draw in both styles, and put everything away afterwards."""
    with mpl.rc_context():
        if request.param == "the book's look":
            plots.use_style()
        yield
    plt.close("all")


def drawn_axes() -> list[Axes]:
    """The axes of the one figure there is, after it was drawn."""
    assert len(plt.get_fignums()) == 1
    plt.gcf().canvas.draw()
    return plt.gcf().axes


@by_figure
def test_a_figure_is_drawn_and_labelled(draw: Draw, labels: list[tuple[str, str]]) -> None:
    assert draw() is None
    assert [(ax.get_xlabel(), ax.get_ylabel()) for ax in drawn_axes()] == labels


@pytest.mark.parametrize(
    "draw",
    [
        lambda ax: plots.cost_curve(GRID, GRID**2, ax=ax),
        lambda ax: plots.steps_on_curve(PARABOLA, (-2, 2), TRACES[:11], ax=ax),
        lambda ax: plots.contour(GRID, GRID, BOWL, ax=ax),
    ],
    ids=["cost_curve", "steps_on_curve", "contour"],
)
def test_given_axes_are_drawn_on(draw: Callable[[Axes], None]) -> None:
    _, (left, right) = plt.subplots(1, 2)
    draw(right)
    assert right.get_xlabel()
    assert not left.get_xlabel()
    assert drawn_axes() == [left, right]


def test_the_smallest_cost_is_marked() -> None:
    plots.cost_curve(GRID, (GRID - 1) ** 2)
    _, mark = drawn_axes()[0].lines
    assert mark.get_xdata()[0] == pytest.approx(1)
    assert mark.get_label() == "smallest at 1"


def test_paths_are_told_apart_without_color() -> None:
    plots.contour(GRID, GRID, BOWL, paths=PATHS, minimum=(0.0, 0.0))
    minimum, *paths = drawn_axes()[0].lines
    assert len({path.get_marker() for path in paths}) == len(paths) == 2
    assert minimum.get_label() == "minimum"


@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 1, 8, 8), (1, 28, 28)])
@pytest.mark.parametrize("titles", [True, False])
def test_pictures_stand_in_a_grid(shape: tuple[int, ...], titles: bool) -> None:
    images, n = torch.rand(shape), shape[0]
    names = [f"number {i}" for i in range(n)] if titles else None
    assert plots.image_grid(images, titles=names, columns=3) is None
    axes = drawn_axes()
    assert len(axes) == (6 if n == 5 else 1)
    assert sum(len(ax.images) for ax in axes) == n
    assert [ax.get_title() for ax in axes[:n]] == (names or [""] * n)


def test_pictures_share_limits_when_given() -> None:
    plots.image_grid(torch.tensor([[[0.0, 1.0]], [[2.0, 3.0]]]), limits=(-1.0, 4.0))
    assert {ax.images[0].get_clim() for ax in drawn_axes()} == {(-1.0, 4.0)}


def luminance(color: tuple[float, ...]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def confusion_of(counts: Tensor) -> tuple[Tensor, Tensor]:
    """Labels and predictions with these counts."""
    rows, columns = counts.nonzero(as_tuple=True)
    repeats = counts[rows, columns]
    return rows.repeat_interleave(repeats), columns.repeat_interleave(repeats)


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_every_count_of_a_confusion_matrix_can_be_read(most: int) -> None:
    counts = torch.logspace(0, np.log10(most), 36).round().long().view(6, 6)
    counts[2, 3] = 0
    plots.confusion_matrix(*confusion_of(counts), list("abcdef"))
    (ax,) = drawn_axes()
    shown = {(int(t.get_position()[1]), int(t.get_position()[0])): t for t in ax.texts}
    assert {place: int(text.get_text()) for place, text in shown.items()} == {
        (i, j): int(counts[i, j]) for i in range(6) for j in range(6) if counts[i, j]
    }
    shades = ax.images[0].to_rgba(ax.images[0].get_array())
    for place, text in shown.items():
        assert contrast(to_rgb(text.get_color()), shades[place]) >= 4.5


def test_colors_stand_out_from_white() -> None:
    assert len(set(plots.COLORS)) == len(plots.COLORS)
    assert min(contrast(to_rgb(color), (1, 1, 1)) for color in plots.COLORS[:2]) >= 3


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.confusion_matrix(LABELS, LABELS[:1], ABC), r"got \(6,\) and \(1,\)"),
        (lambda: plots.confusion_matrix(LABELS % 2, LABELS, ABC[:2]), "2 names, .* from 0 to 2"),
        (lambda: plots.confusion_matrix(LABELS, LABELS - 1, ABC), "3 names, .* from -1 to 2"),
    ],
)
def test_shapes_that_do_not_fit(draw: Draw, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw()
    assert plt.get_fignums() == [], "nothing is drawn"
