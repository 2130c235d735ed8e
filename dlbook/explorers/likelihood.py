"""Explorer: the likelihood of θ given the counts of two colors, and the chances of the counts."""

from collections.abc import Callable
from typing import Any

import altair as alt
import torch
from torch import Tensor

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial, Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.plots.style import COLORS

MOST = 100  # draws


def likelihood(
    log_chance: Callable[[Tensor, Tensor, Tensor, str], Tensor],
    readings: tuple[str, str],
    *,
    caption: str,
) -> Explorer:
    """Likelihood and log-likelihood over θ with their maximum; the counts over a fixed θ.

    The dot on the likelihood and the marked bar have the same height: one formula, read along θ
    on the left and along the data on the right (chapter 10).

    Args:
        log_chance: the logarithm of the probability of so many white and black draws at θ, which
            broadcast; last comes one of the readings.
        readings: the two names for draws in their order and in any order.
        caption: below the figure.
    """

    def two_readings(white: Tensor, black: Tensor, reading: str, theta: Tensor) -> dict[str, Any]:
        def value(at: Tensor) -> Tensor:
            return log_chance(white, black, at, reading)

        at, n = torch.linspace(0, 1, 201, dtype=torch.float64), white + black
        inner, best, here = at[1:-1], white / n, value(theta)
        draws = torch.arange(MOST + 1)
        count = torch.minimum(draws, n)  # n again, at height 0, where it is passed
        chance = log_chance(count, n - count, theta, reading).exp() * (draws <= n)
        return {
            "likelihood": {"at": at, "value": value(at).exp()},
            "log": {"at": inner, "value": value(inner)},
            "best": {"at": best},
            "here": {"at": theta, "likelihood": here.exp(), "log": here},
            "bars": {"low": count - 0.4, "high": count + 0.4, "zero": 0 * chance, "value": chance},
            "bar": {"low": white - 0.4, "high": white + 0.4, "zero": 0 * here, "value": here.exp()},
            "best_theta": best,
            "top": value(best).exp(),
            "here_likelihood": here.exp(),
        }

    return Explorer(
        [
            Slider("white", "white", [*range(1, 11), 14, 21, 35, 70], 7, say=str),
            Slider("black", "black", [*range(11), 15, 30], 3, say=str),
            Menu("reading", "draws", readings, readings[0]),
            Dial("theta", "θ", 0.01, 0.99, 0.7, 98),
        ],
        two_readings,
        [_over_theta("likelihood", "likelihood"), _over_theta("log", "log-likelihood"), _counts()],
        caption=caption,
        alt_text="First: the likelihood over theta, a hump with a dashed line at its maximum and a "
        "dot at the chosen theta. Second: its logarithm, with the maximum at the same place. "
        "Third: a bar for every possible number of white draws at the chosen theta, the observed "
        "number in another color.",
        sentence="The likelihood is largest at θ = {best_theta:.3g}, where it is {top:.3g}; at the "
        "chosen θ it is {here_likelihood:.3g}.",
    )


def _over_theta(table: str, title: str) -> alt.LayerChart:
    return charts.panel(
        charts.line(table, "at", "value", color=COLORS[0]),
        charts.rules("best", x="at"),
        charts.dots("here", "at", table, color=COLORS[1]),
        x=charts.Axis("θ, the share of white", (0, 1)),
        y=charts.Axis(title, moves=True),
    )


def _counts() -> alt.LayerChart:
    return charts.panel(
        *(
            charts.boxes(table, ("low", "high"), ("zero", "value"), color=color)
            for table, color in (("bars", COLORS[5]), ("bar", COLORS[1]))
        ),
        x=charts.Axis("number of white draws"),
        y=charts.Axis("probability at this θ", moves=True),
    )
