"""The runs of a training lab: what was set, what came out, and how it is drawn."""

import math
import time
from dataclasses import dataclass, field
from html import escape
from statistics import fmean

import matplotlib as mpl
from matplotlib.figure import Figure
from torch import Tensor

from dlbook.labs.lab import png
from dlbook.plots.style import COLORS
from dlbook.plots.style import STYLE as PLOT_STYLE

WINDOW = 20  # steps whose mean loss is drawn
MOST_POINTS = 300
HIGHEST_LOSS = 100  # where the chart of the losses ends at most
MOST_DRAWN = len(COLORS)  # the newest runs, so that each has a color of its own
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

    @property
    def loss(self) -> float:
        """The mean over the batches of the last epoch."""
        return fmean(self.losses[-self.steps_per_epoch :])

    def drawn_losses(self) -> tuple[list[float], list[float]]:
        """Epochs (with fractions) and the mean of the last losses there, few enough to draw."""
        stride = math.ceil(len(self.losses) / MOST_POINTS) or 1
        steps = range(len(self.losses), 0, -stride)[::-1]
        means = [fmean(self.losses[max(0, step - WINDOW) : step]) for step in steps]
        return [step / self.steps_per_epoch for step in steps], means


def draw(runs: list[Run]) -> bytes:
    """Loss and accuracy of the newest runs as PNG; the last one stands out."""
    with mpl.rc_context(PLOT_STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(7.4, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        drawn: list[float] = []
        for run in runs[-MOST_DRAWN:]:
            newest = run is runs[-1]
            look = {
                "color": _color(run),
                "alpha": 1.0 if newest else 0.45,
                "linewidth": 1.8 if newest else 1.1,
                "linestyle": "-",
            }
            epochs, means = run.drawn_losses()
            drawn += filter(math.isfinite, means)
            left.plot(epochs, means, **look)
            scored = range(1, len(run.accuracies) + 1)
            right.plot(scored, run.accuracies, **look, marker="o", markersize=3)
        left.set(xlabel="epoch", ylabel=f"loss, mean of {WINDOW} steps")
        if drawn and max(drawn) > WIDE * min(drawn) > 0:
            left.set_yscale("log")  # a run that climbs does not flatten the others
        if drawn and max(drawn) > HIGHEST_LOSS:
            left.set_ylim(0.9 * min(1, *drawn), HIGHEST_LOSS)
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
    names = (
        "run",
        "settings",
        "epochs",
        "seconds",
        "loss, last epoch",
        "held-out accuracy",
        "status",
    )
    head = "".join(f"<th scope='col'>{name}</th>" for name in names)
    rows = "".join(_row(run, drawn=run in runs[-MOST_DRAWN:]) for run in runs)
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(run: Run, *, drawn: bool) -> str:
    cells = (
        str(run.number),
        str(run.settings),
        f"{len(run.losses) / run.steps_per_epoch:.1f} of {run.settings.epochs}",
        f"{run.seconds:.1f}",
        f"{run.loss:.3g}" if run.losses else "",
        f"{run.accuracies[-1]:.1%}" if run.accuracies else "",
        run.status,
    )
    mark = "■" if drawn else ""
    swatch = f'<td style="color:{_color(run)}" aria-hidden="true">{mark}</td>'
    return f"<tr>{swatch}{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
