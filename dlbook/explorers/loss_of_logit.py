"""Explorer: cross-entropy and squared error of one logit, their slopes, and where they lead."""

from collections.abc import Sequence

import altair as alt
import torch
import torch.nn.functional as F
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import few_digits, rows
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

LOSSES = ("cross-entropy", "squared error")
CURVE_POINTS = 97
TANGENT = 1.5  # how far a tangent goes to either side
HERE = "datum.y == y && datum.at == z"
COLOR = alt.Color(
    "loss:N",
    scale=alt.Scale(domain=list(LOSSES), range=[COLORS[0], COLORS[1]]),
    legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
)
DASH = alt.StrokeDash(
    "loss:N",
    scale=alt.Scale(domain=list(LOSSES), range=[[1, 0], [5, 3]]),
    legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
)


@checked()
def loss_of_logit(
    logits: Sequence[float], *, start: tuple[float, int], steps: int, lr: float, caption: str
) -> RunExplorer:
    """Both losses over the logit with tangents, their slopes, and descent from there (chapter 11).

    Args:
        logits: the places on the slider, rising.
        start: the logit and the target, 1 or 0, shown first.
        steps: how many steps of gradient descent on the logit to show.
        lr: their learning rate, above 0.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: fewer than one step, lr is not positive, or start is not among the choices.
    """
    if steps < 1 or not lr > 0:
        raise ValueError(f"steps must be at least 1 and lr positive, got {steps} and {lr}")
    places = torch.tensor(logits, dtype=torch.float64)
    walks = {y: _walks(places, y, steps, lr) for y in (1, 0)}
    parameters = [alt.param(name="z", value=start[0]), alt.param(name="y", value=start[1])]
    charts = (_losses(places), _slopes(places), _paths(places, walks, lr))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        [
            Slider("z", "logit z", logits, start[0], say=_signed),
            Menu("y", "target y", (1, 0), start[1], say=str),
        ],
        caption=caption,
        alt_text="Left: cross-entropy and squared error over the logit, each with a dot and a "
        "tangent at the chosen place. Middle: the slopes of both over the logit. Right: the logit "
        "over the steps of gradient descent with each loss, starting at the chosen place.",
        outcomes={
            (z, y): _outcome(z, y, walks[y][:, i, -1].tolist(), steps)
            for i, z in enumerate(logits)
            for y in (1, 0)
        },
    )


def value_and_slope(z: Tensor, y: int) -> tuple[Tensor, Tensor]:
    """Cross-entropy and squared error of σ(z), and their derivatives by z, each (2, *z.shape)."""
    p = torch.sigmoid(z)
    value = torch.stack((F.softplus(z) - y * z, (p - y) ** 2))
    return value, torch.stack((p - y, 2 * (p - y) * p * (1 - p)))


def _walks(places: Tensor, y: int, steps: int, lr: float) -> Tensor:
    """Logits of gradient descent from every place, shape (losses, places, steps + 1)."""
    path = [places.expand(2, -1)]
    for _ in range(steps):
        here = path[-1]
        slopes = torch.stack([value_and_slope(here[i], y)[1][i] for i in range(2)])
        path.append(here - lr * slopes)
    return torch.stack(path, dim=-1)


def _outcome(z: float, y: int, ends: Sequence[float], steps: int) -> str:
    at = torch.tensor(z, dtype=torch.float64)
    slopes = value_and_slope(at, y)[1].tolist()
    text = (
        f"p = {torch.sigmoid(at):.3g}, y = {y}. Slope {slopes[0]:.3g} with cross entropy, "
        f"{slopes[1]:.3g} with squared error; after {steps} steps the logit is {ends[0]:.1f} "
        f"with cross entropy, {ends[1]:.1f} with squared error."
    )
    return text.replace("-", "−").replace("cross entropy", "cross-entropy")


def _at(places: str) -> alt.Chart:
    """One row for each loss and place: where it is, and the loss and its slope there."""
    error = "(datum.p - y)"
    return (
        alt.Chart(rows(loss=list(LOSSES)))
        .transform_calculate(at=places)
        .transform_flatten(["at"])
        .transform_calculate(p="1 / (1 + exp(-datum.at))", log=f"datum.loss == '{LOSSES[0]}'")
        .transform_calculate(
            value=f"datum.log ? log(1 + exp(datum.at)) - y * datum.at : pow({error}, 2)",
            slope=f"{error} * (datum.log ? 1 : 2 * datum.p * (1 - datum.p))",
        )
    )


def _curves(places: Tensor) -> tuple[alt.Chart, alt.Chart]:
    first, last = float(places.min()), float(places.max())
    step = (last - first) / (CURVE_POINTS - 1)
    return _at(f"sequence({first}, {last + step / 2}, {step})"), _at("[z]")


def _across(places: Tensor) -> alt.X:
    ends = [few_digits(float(places.min())), few_digits(float(places.max()))]
    return alt.X("at:Q", title="logit z", scale=alt.Scale(domain=ends, nice=False))


def _losses(places: Tensor) -> alt.LayerChart:
    curve, here = _curves(places)
    x = _across(places)
    top = few_digits(float(F.softplus(places.abs().max())) + 0.4, 2)
    y = alt.Y("value:Q", title="loss", scale=alt.Scale(domain=[-0.4, top], nice=False))
    tangent = (
        here.transform_calculate(aside=f"[-{TANGENT}, {TANGENT}]")
        .transform_flatten(["aside"])
        .transform_calculate(
            value="datum.value + datum.slope * datum.aside", at="datum.at + datum.aside"
        )
        .mark_line(strokeWidth=4, opacity=0.45, clip=True)
        .encode(x=x, y=y, color=COLOR)
    )
    line = curve.mark_line().encode(x=x, y=y, color=COLOR, strokeDash=DASH)
    dot = here.mark_point(filled=True, size=80).encode(x=x, y=y, color=COLOR)
    return line + tangent + dot


def _slopes(places: Tensor) -> alt.LayerChart:
    curve, here = _curves(places)
    x = _across(places)
    y = alt.Y("slope:Q", title="slope by z", scale=alt.Scale(domain=[-1.05, 1.05], nice=False))
    zero = alt.Chart(rows(slope=[0])).mark_rule(strokeWidth=1).encode(y="slope:Q")
    line = curve.mark_line().encode(x=x, y=y, color=COLOR, strokeDash=DASH)
    dot = here.mark_point(filled=True, size=80).encode(x=x, y=y, color=COLOR)
    return zero + line + dot


def _paths(places: Tensor, walks: dict[int, Tensor], lr: float) -> alt.Chart:
    values = [
        {
            "at": few_digits(at),
            "y": y,
            "loss": name,
            "logit": [round(v, 2) + 0.0 for v in walks[y][i, j].tolist()],
        }
        for y in walks
        for i, name in enumerate(LOSSES)
        for j, at in enumerate(places.tolist())
    ]
    largest = few_digits(1.05 * max(float(walk.abs().max()) for walk in walks.values()), 2)
    return (
        alt.Chart(alt.Data(values=values))
        .transform_filter(HERE)
        .transform_calculate(step="sequence(0, length(datum.logit))")
        .transform_flatten(["step", "logit"])
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("step:Q", title=f"step with learning rate {lr:g}"),
            y=alt.Y(
                "logit:Q",
                title="logit z",
                scale=alt.Scale(domain=[-largest, largest], nice=False),
            ),
            color=COLOR,
            strokeDash=DASH,
        )
    )


def _signed(number: float) -> str:
    return f"{number:g}".replace("-", "−")
