"""The batch lab on a published page: the same runs, as a tape for each batch size."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.data import Batches, Samples
from dlbook.explorers import charts
from dlbook.explorers.contours import contour_map
from dlbook.explorers.controls import Dial, Menu
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import HEIGHT, INK, WIDTH
from dlbook.explorers.walk import State, Walk
from dlbook.labs.cost_map import CostMap
from dlbook.labs.page_parts import RUNAWAY, costs, momentum_dial, near, path, rate_dial

MOST_ON_PAGE = 10  # passes over the data
MOST_DOTS = 50  # of an epoch; of more updates every second, third, … is drawn
CROSS = "M-1,-1L1,1M-1,1L1,-1"
COMPARE_BY = ("passes over the data", "updates")


class BatchRuns:
    """The runs of a page: a walk on the cost of a line, its batches in the order of `Batches`.

    Args:
        samples: n numbers x and n numbers y, in double precision.
        start: slope and intercept where every run begins.
        place: the map on which they are drawn.
    """

    def __init__(self, samples: Samples, start: tuple[float, float], place: CostMap) -> None:
        self._samples, self._begin = samples, start
        self._ends = [(axis[0].item(), axis[-1].item()) for axis in (place.w, place.b)]
        self._cost = _cost_of(samples)
        x = samples.x.flatten()
        self._x = torch.stack((x, torch.ones_like(x)), dim=1)
        order = Batches(Samples(torch.arange(len(samples)), samples.y), len(samples))
        self._orders = torch.stack([next(iter(order))[0] for _ in range(MOST_ON_PAGE)])

    def steps(self, batch: str, **_: Any) -> int:
        """All updates that a run can have."""
        return MOST_ON_PAGE * updates_an_epoch(len(self._samples), int(batch))

    def until(self, batch: str, epochs: Tensor, **_: Any) -> Tensor:
        """The updates of the chosen epochs."""
        return epochs * updates_an_epoch(len(self._samples), int(batch))

    def start(self, **_: Any) -> State:
        """Where the run begins."""
        line = torch.tensor(self._begin, dtype=torch.float64)
        return {"line": line, "speed": 0 * line, "step": torch.tensor(0)}

    def step(self, state: State, batch: str, lr: Tensor, momentum: Tensor, **_: Any) -> State:
        """One update, on the batch whose turn it is."""
        rows = self._batches(int(batch))[state["step"][None]][0]
        counts, rows = (rows >= 0).double(), rows.clamp(min=0)
        x, y = self._x[rows], self._samples.y[rows]
        error = counts * ((x * state["line"]).sum(dim=1) - y)
        slope = 2 * (error[:, None] * x).sum(dim=0) / counts.sum()
        speed = momentum * state["speed"] + slope
        return {"line": state["line"] - lr * speed, "speed": speed, "step": state["step"] + 1}

    def _batches(self, size: int) -> Tensor:
        """The samples of each update; −1 where the last batch of an epoch is smaller."""
        missing = -len(self._samples) % size
        return F.pad(self._orders, (0, missing), value=-1).view(-1, size)

    def figure(
        self, batch: str, epochs: Tensor, axis: Tensor, run: State, **_: Any
    ) -> dict[str, Any]:
        """The path, and the cost over all samples after each update."""
        n, size = len(self._samples), int(batch)
        updates = updates_an_epoch(n, size)
        last = self.until(batch, epochs).long()
        rows = torch.arange(0, MOST_ON_PAGE * updates + 1, math.ceil(updates / MOST_DOTS))
        step = torch.minimum(rows, last)
        w, b = run["line"][step].T
        cost = self._cost(w, b)
        passes = step // updates + (step % updates * size).clamp(max=n) / n
        seen = torch.where(axis > 0, step.double(), passes)
        drawn = near(cost)
        return {
            "verdict": (~(cost[-1].abs() < RUNAWAY)).long(),
            "gone": {"on": drawn.isnan().any().double()},
            "beyond": charts.beyond(*zip((w, b), self._ends, strict=True)),
            "path": {"w": near(w), "b": near(b)},
            "costs": {"seen": seen, "cost": drawn},
            "epochs": epochs,
            "updates": last,
            "cost": cost[-1].nan_to_num(math.inf, math.inf),
        }


def _cost_of(samples: Samples) -> Callable[[Tensor, Tensor], Tensor]:
    """The mean of (xw + b − y)² multiplied out, which needs no table of updates times samples."""
    x, y = samples.x.flatten(), samples.y.flatten()
    xx, xy, yy = (product.mean().item() for product in (x * x, x * y, y * y))
    x_mean, y_mean = x.mean().item(), y.mean().item()

    def cost(w: Tensor, b: Tensor) -> Tensor:
        return xx * w * w + b * b + yy + 2 * x_mean * w * b - 2 * xy * w - 2 * y_mean * b

    return cost


def batch_page(
    samples: Samples,
    batch_sizes: Sequence[int],
    *,
    start: tuple[float, float],
    lr: float,
    batch_size: int,
    epochs: int,
    place: CostMap,
    caption: str,
) -> Explorer:
    """The lab as a figure that runs again at each move.

    Args:
        samples: n numbers x and n numbers y, in double precision.
        batch_sizes: those on offer.
        start: slope and intercept where every run begins.
        lr: the first learning rate; the dial takes its step that is nearest.
        batch_size: the first batch size.
        epochs: the first number of passes, at most `MOST_ON_PAGE`.
        place: the cost in a window around the start and the minimum.
        caption: what there is to see.
    """
    runs = BatchRuns(samples, start, place)
    top = 1.5 * float(place.cost.max())
    span = (max(0.9 * place.lowest, 1e-6 * top), top)
    lowest = alt.Chart(alt.Data(values=[{"cost": place.lowest}])).mark_rule(strokeDash=[2, 3])
    best = alt.Chart(alt.Data(values=[dict(zip("wb", place.best.tolist(), strict=True))]))
    cross = best.mark_point(shape=CROSS, size=60, color=INK, strokeWidth=2)
    return Explorer(
        [
            rate_dial(lr),
            Menu("batch", "batch size", [str(size) for size in batch_sizes], str(batch_size)),
            momentum_dial(),
            Dial("epochs", "epochs", 1, MOST_ON_PAGE, epochs, MOST_ON_PAGE - 1, form=".0f"),
            Menu("axis", "compare by", [0, 1], 0, say=COMPARE_BY.__getitem__),
        ],
        runs.figure,
        [
            alt.LayerChart(
                layer=[
                    contour_map(place.w, place.b, place.cost),
                    path(x="w:Q", y="b:Q"),
                    cross.encode(x="w:Q", y="b:Q"),
                    charts.remark("beyond", "the path leaves this chart").mark,
                ],
                width=WIDTH,
                height=HEIGHT,
            ),
            costs(
                "seen",
                "passes, or updates",
                charts.Axis("cost over all samples", span, log=True, moves=True),
                lowest.encode(y="cost:Q"),
            ),
        ],
        walks={"run": Walk(runs.start, runs.step, runs.steps, runs.until)},
        caption=f"{caption} The cross is the best line, the dotted line its cost.",
        alt_text="First: lines of equal cost over slope and intercept, with the path of the run. "
        "Second: the cost over all samples after each update.",
        sentence="After epoch {epochs:.0f}, update {updates:,.0f}: cost {cost:.4g}.{verdict}",
        phrases={"verdict": ["", " The run runs off: try a smaller learning rate."]},
    )


def updates_an_epoch(n: int, batch_size: int) -> int:
    """How many batches a pass has."""
    return math.ceil(n / batch_size)
