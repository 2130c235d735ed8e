"""Explorer: the likelihood of θ given the counts of two colors, and the chances of the counts."""

import math
from collections.abc import Sequence

import altair as alt
import torch

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.information import bernoulli_log_likelihood, binomial_log_likelihood
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

READINGS = {"in this order": bernoulli_log_likelihood, "in any order": binomial_log_likelihood}
STEPS = 100  # of the curves from 0 to 1
N = "(white + black)"


@checked()
def likelihood(
    white: Sequence[int],
    black: Sequence[int],
    theta: Sequence[float],
    *,
    start: tuple[int, int, str, float],
    caption: str,
) -> RunExplorer:
    """Likelihood and log-likelihood over θ with their maximum; the counts over a fixed θ.

    The dot on the likelihood and the marked bar have the same height: one formula, read along θ
    on the left and along the data on the right (chapter 10).

    Args:
        white: the numbers of white draws on the slider, rising.
        black: the numbers of black draws on the slider, rising.
        theta: the shares of white on the slider, rising, above 0 and below 1.
        start: white, black, ``"in this order"`` or ``"in any order"``, and theta shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: a negative count, a theta that is not between 0 and 1, or start is not among
            the choices.
    """
    if min(*white, *black) < 0:
        raise ValueError(f"white and black must not be negative, got {list(white)}, {list(black)}")
    if not all(0 < value < 1 for value in theta):
        raise ValueError(f"theta must hold numbers between 0 and 1, got {list(theta)}")
    controls = [
        Slider("white", "white", white, start[0], say=str),
        Slider("black", "black", black, start[1], say=str),
        Menu("reading", "draws", list(READINGS), start[2]),
        Slider("theta", "θ", theta, start[3], say=lambda v: f"{v:g}"),
    ]
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    most = max(white) + max(black)
    charts = (_over_theta("likelihood", most), _over_theta("log", most), _over_counts(most))
    return RunExplorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        controls,
        caption=caption,
        alt_text="Left: the likelihood over theta, a hump with a dashed line at its maximum and a "
        "dot at the chosen theta. Middle: its logarithm, with the maximum at the same place. "
        "Right: a bar for every possible number of white draws at the chosen theta, the observed "
        "number in another color.",
        outcomes={
            (w, b, reading): _outcome(w, b, reading)
            for w in white
            for b in black
            for reading in READINGS
        },
    )


def _outcome(white: int, black: int, reading: str) -> str:
    if white + black == 0:
        return "No draws: the likelihood is 1 for every θ, and nothing is learned."
    best = white / (white + black)
    top = READINGS[reading](torch.tensor(best, dtype=torch.float64), white, black).item()
    return (
        f"{white} white and {black} black, {reading}: largest at θ = {best:.3g}, "
        f"where the likelihood is {math.exp(top):.3g} and its logarithm {top:.3g}."
    ).replace("-", "−")


def _log_probability(k: str, theta: str) -> str:
    """The log of the probability of k white draws; ``datum.f`` holds the logs of factorials."""
    return f"{k} * log({theta}) + ({N} - {k}) * log(1 - {theta}) + {_log_orders(k)}"


def _probability(k: str, theta: str) -> str:
    """The same without a logarithm, also right at θ = 0 and θ = 1."""
    return f"pow({theta}, {k}) * pow(1 - {theta}, {N} - {k}) * exp({_log_orders(k)})"


def _log_orders(k: str) -> str:
    orders = f"datum.f[{N}] - datum.f[{k}] - datum.f[{N} - {k}]"
    return f"(reading == 'in any order' ? {orders} : 0)"


def _log_factorials(most: int) -> alt.Data:
    logs = [round(math.lgamma(k + 1), 6) for k in range(most + 1)]
    return alt.Data(values=[{"f": logs}])


def _over_theta(which: str, most: int) -> alt.LayerChart:
    log = which == "log"
    value = _log_probability("white", "datum.at")
    # At 0 and at 1 the logarithm may be −∞, so its curve stops a step before.
    first, last = (1, STEPS - 1) if log else (0, STEPS)
    x = alt.X("at:Q", title="θ, the share of white", scale=alt.Scale(domain=[0, 1]))
    y = _y("log-likelihood" if log else "likelihood")
    base = alt.Chart(_log_factorials(most))
    curve = (
        base.transform_calculate(at=f"sequence({first}, {last + 1})")
        .transform_flatten(["at"])
        .transform_calculate(at=f"datum.at / {STEPS}")
        .transform_calculate(value=value if log else _probability("white", "datum.at"))
        .mark_line(color=COLORS[0])
        .encode(x=x, y=y)
    )
    here = base.transform_calculate(at="theta").transform_calculate(
        value=value if log else f"exp({value})"
    )
    dot = here.mark_point(filled=True, size=90, color=COLORS[1]).encode(x=x, y=y)
    maximum = (
        base.transform_filter(f"{N} > 0")
        .transform_calculate(at=f"white / {N}")
        .mark_rule(strokeDash=[5, 3])
        .encode(x=x)
    )
    return curve + maximum + dot + _number(here)


def _y(title: str) -> alt.Y:
    # Room for the longest labels, so that the title stays in the picture.
    return alt.Y("value:Q", title=title, axis=alt.Axis(format=".3~g", minExtent=50))


def _number(here: alt.Chart) -> alt.Chart:
    """The value at the chosen θ, in words, in the corner."""
    return (
        here.transform_calculate(words="'at this θ: ' + format(datum.value, '.3~g')")
        .mark_text(align="left", color=COLORS[1], fontWeight="bold")
        .encode(x=alt.value(0), y=alt.value(-8), text="words:N")
    )


def _over_counts(most: int) -> alt.LayerChart:
    base = (
        alt.Chart(_log_factorials(most))
        .transform_calculate(k=f"sequence(0, {N} + 1)")
        .transform_flatten(["k"])
        .transform_calculate(
            value=f"exp({_log_probability('datum.k', 'theta')})",
            low="datum.k - 0.4",
            high="datum.k + 0.4",
            here="datum.k == white",
        )
    )
    ends = alt.Scale(domainMin=-0.5, domainMax=alt.ExprRef(f"{N} + 0.5"), nice=False)
    bars = base.mark_rect().encode(
        x=alt.X(
            "low:Q",
            title="number of white draws",
            scale=ends,
            axis=alt.Axis(tickMinStep=1, format="d", labelFlush=6),
        ),
        x2="high:Q",
        y=_y("probability at this θ"),
        y2=alt.datum(0),
        color=alt.condition("datum.here", alt.value(COLORS[1]), alt.value(COLORS[5])),
    )
    return bars + _number(base.transform_filter("datum.here"))
