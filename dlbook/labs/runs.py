"""The runs of a training lab: what was set, what came out, and how it is drawn."""

import math
import time
from dataclasses import dataclass, field
from html import escape

import matplotlib as mpl
from matplotlib.figure import Figure
from torch import Tensor

from dlbook.labs.lab import png
from dlbook.plots.style import COLORS
from dlbook.plots.style import STYLE as PLOT_STYLE

SMOOTHING = 0.9  # share of the past in the drawn curve of the mini-batch losses
MOST_POINTS = 400
TOP_LOSS = 1e3
WIDE = 10  # between the largest and the least loss that an even axis shows


@dataclass(frozen=True)
class Settings:
    """What a run trains: names of data, model and optimizer, and the numbers."""

    data: str
    model: str
    optimizer: str
    lr: float
    batch_size: int
    epochs: int

    def __str__(self) -> str:
        return (
            f"{self.data}, {self.model}, {self.optimizer}, lr {self.lr:.3g}, "
            f"batch {self.batch_size}"
        )


@dataclass(eq=False)
class Run:
    """One run of the lab, growing while it trains."""

    number: int
    settings: Settings
    steps_per_epoch: int
    losses: list[float] = field(default_factory=list)
    accuracies: list[float] = field(default_factory=list)
    status: str = "running"
    started: float = field(default_factory=time.perf_counter)
    seconds: float = 0.0

    @property
    def total_steps(self) -> int:
        """How many updates the run will make."""
        return self.steps_per_epoch * self.settings.epochs

    def seconds_left(self) -> float:
        """An estimate from the pace so far; 0 before the first step."""
        done = len(self.losses)
        spent = time.perf_counter() - self.started
        return spent / done * (self.total_steps - done) if done else 0.0

    def smooth_losses(self) -> tuple[list[float], list[float]]:
        """Epochs (with fractions) and the running average of the losses, few enough to draw."""
        epochs, values, weight, average = [], [], 0.0, 0.0
        for step, loss in enumerate(self.losses, start=1):
            weight = SMOOTHING * weight + 1 - SMOOTHING
            average = SMOOTHING * average + (1 - SMOOTHING) * min(loss, TOP_LOSS)
            epochs.append(step / self.steps_per_epoch)
            values.append(average / weight)
        stride = max(1, len(values) // MOST_POINTS)
        return epochs[::stride], values[::stride]


def draw(runs: list[Run]) -> bytes:
    """Loss and accuracy of all runs as PNG; the newest stands out."""
    with mpl.rc_context(PLOT_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.4, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        curves = [run.smooth_losses() for run in runs]
        for run, curve in zip(runs, curves, strict=True):
            newest = run is runs[-1]
            look = {
                "color": _color(run),
                "alpha": 1.0 if newest else 0.45,
                "linewidth": 1.8 if newest else 1.1,
                "linestyle": "-",
            }
            left.plot(*curve, **look)
            epochs = range(1, len(run.accuracies) + 1)
            right.plot(epochs, run.accuracies, **look, marker="o", markersize=3)
        left.set(xlabel="epoch", ylabel="training loss")
        drawn = [loss for _, losses in curves for loss in losses]
        if drawn and max(drawn) > WIDE * min(drawn) > 0:
            left.set_yscale("log")  # a run that climbs does not flatten the others
        right.set(xlabel="epoch", ylabel="held-out accuracy", ylim=(0, 1.02))
        return png(figure)


def only_guesses(run: Run, labels: Tensor) -> bool:
    """Whether to name the commonest class each time would reach the held-out accuracy of a run.

    A run must be better by two standard deviations of that guess, ``√(p(1 − p) / N)``.

    Args:
        run: one that has ended.
        labels: of the held-out samples, shape (N,).
    """
    share = labels.unique(return_counts=True)[1].max().item() / len(labels)
    guessed = min(1.0, share + 2 * math.sqrt(share * (1 - share) / len(labels)))
    return bool(run.accuracies) and run.accuracies[-1] < guessed


def _color(run: Run) -> str:
    return COLORS[(run.number - 1) % len(COLORS)]


def table(runs: list[Run]) -> str:
    """All runs as an HTML table."""
    names = ("run", "settings", "epochs", "seconds", "loss", "held-out accuracy", "status")
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    rows = "".join(map(_row, runs))
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(run: Run) -> str:
    loss = run.smooth_losses()[1][-1:]
    cells = (
        str(run.number),
        str(run.settings),
        f"{len(run.losses) / run.steps_per_epoch:.1f} of {run.settings.epochs}",
        f"{run.seconds:.1f}",
        f"{loss[0]:.3f}" if loss else "",
        f"{run.accuracies[-1]:.1%}" if run.accuracies else "",
        run.status,
    )
    swatch = f'<td style="color:{_color(run)}" aria-hidden="true">■</td>'
    return f"<tr>{swatch}{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
