"""Explorer: training and validation curves, the fit at every epoch, and early stopping."""

from typing import Any

import altair as alt
import pandas as pd

from dlbook.data import Samples
from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import chosen, few_digits, rows, runs
from dlbook.plots.style import COLORS

PARTS = ("train_loss", "val_loss")
NAMES = "datum.label == 'train_loss' ? 'training' : 'validation'"


def training_curves(
    losses: pd.DataFrame,
    fits: pd.DataFrame,
    stops: pd.DataFrame,
    samples: Samples,
    *,
    start: tuple[int, int, int],
    caption: str,
) -> RunExplorer:
    """Losses over the epochs with the stopping point, and the fitted curve at one epoch.

    Args:
        losses: columns ``units``, ``epoch``, ``train_loss``, ``val_loss``.
        fits: columns ``units``, ``epoch``, ``x``, ``y_hat``: the model at some of the epochs, the
            same for all.
        stops: columns ``units``, ``patience``, ``best``, ``stop``, ``val_loss``: the best epoch
            that early stopping with this patience has seen, the epoch after which it stops (the
            last one if it never does), and the validation loss at the best.
        samples: the training samples, one number x and one number y each.
        start: hidden units, patience and epoch shown first.
        caption: below the figure.

    Raises:
        ValueError: stops and losses differ in their units, or start is not in them.
    """
    if set(stops["units"]) != set(losses["units"]):
        raise ValueError("stops and losses must have the same units")
    values = {
        "units": sorted(losses["units"].unique().tolist()),
        "patience": sorted(stops["patience"].unique().tolist()),
        "epoch": sorted(fits["epoch"].unique().tolist()),
    }
    first = dict(zip(values, start, strict=True))
    parameter = {name: alt.param(name=name, value=value) for name, value in first.items()}
    curves = _losses(losses, stops).add_params(*parameter.values())
    fitted = _fit(fits, samples).add_params(parameter["units"], parameter["epoch"])
    return RunExplorer(
        [chart.properties(width=WIDTH, height=HEIGHT) for chart in (curves, fitted)],
        [
            Menu("units", "hidden units", values["units"], first["units"]),
            Slider("patience", "patience", values["patience"], first["patience"]),
            Slider("epoch", "epoch", values["epoch"], first["epoch"], play=True),
        ],
        caption=caption,
        alt_text="Left: training and validation loss over the epochs on a logarithmic axis, with "
        "a diamond at the epoch that early stopping keeps, a dashed line where it stops and a "
        "dotted line at the epoch chosen. Right: the training points and the model's curve at "
        "that epoch.",
        outcomes=_outcomes(losses, stops),
    )


def _outcomes(losses: pd.DataFrame, stops: pd.DataFrame) -> dict[Any, str]:
    epochs = int(losses["epoch"].max())
    last = dict(zip(losses["units"], losses["val_loss"], strict=True))
    sentences: dict[Any, str] = {}
    for row in stops.itertuples():
        end = "never stops" if row.stop == epochs else f"stops after epoch {row.stop}"
        sentences[row.units, row.patience] = (
            f"{row.units} hidden units, patience {row.patience}: {end} and keeps epoch {row.best}. "
            f"Validation loss there {row.val_loss:.3f}, after epoch {epochs} "
            f"{last[row.units]:.3f}."
        )
    return sentences


def _losses(losses: pd.DataFrame, stops: pd.DataFrame) -> alt.LayerChart:
    seen = losses[list(PARTS)].to_numpy()
    domain = [few_digits(0.9 * float(seen.min()), 2), few_digits(1.1 * float(seen.max()), 2)]
    scale = alt.Scale(type="log", domain=domain)
    here = (
        alt.Chart(rows(place=[0]))
        .transform_calculate(epoch="epoch")
        .mark_rule(strokeDash=[2, 2], color=COLORS[3], size=2)
        .encode(x="epoch:Q")
    )
    return _curves(losses, scale) + here + _stop(stops, scale)


def _curves(losses: pd.DataFrame, scale: alt.Scale) -> alt.Chart:
    return (
        alt.Chart(runs(losses, ["units"], ["epoch", *PARTS]))
        .transform_filter(chosen("units"))
        .transform_flatten(["epoch", *PARTS])
        .transform_fold(list(PARTS), as_=["part", "loss"])
        .mark_line(clip=True)
        .encode(
            x=alt.X("epoch:Q"),
            y=alt.Y("loss:Q", scale=scale),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=list(PARTS), range=[COLORS[0], COLORS[1]]),
                legend=alt.Legend(title=None, orient="top", labelExpr=NAMES),
            ),
            strokeDash=alt.StrokeDash("part:N", legend=None),
        )
    )


def _stop(stops: pd.DataFrame, scale: alt.Scale) -> alt.LayerChart:
    """The epoch that is kept, and the epoch at which training ends."""
    names = ("units", "patience", "best", "stop", "val_loss")
    data = rows(**{name: stops[name].tolist() for name in names})
    base = alt.Chart(data).transform_filter(chosen("units", "patience"))
    end = base.mark_rule(strokeDash=[6, 4]).encode(x=alt.X("stop:Q", title="epoch"))
    best = base.mark_point(shape="diamond", filled=True, size=130, color=COLORS[2])
    return end + best.encode(
        x=alt.X("best:Q", title="epoch"), y=alt.Y("val_loss:Q", title="loss", scale=scale)
    )


def _fit(fits: pd.DataFrame, samples: Samples) -> alt.LayerChart:
    x, y = samples.x.flatten(), samples.y.flatten()
    margin = 0.3 * (y.max() - y.min()).item()
    domain = [few_digits(y.min().item() - margin, 2), few_digits(y.max().item() + margin, 2)]
    height = alt.Y("y:Q", title="y", scale=alt.Scale(domain=domain))
    points = (
        alt.Chart(rows(x=x.tolist(), y=y.tolist()))
        .mark_circle(size=60, color=COLORS[0], opacity=1)
        .encode(x=alt.X("x:Q"), y=height)
    )
    curve = (
        alt.Chart(runs(fits.rename(columns={"y_hat": "y"}), ["units", "epoch"], ["x", "y"]))
        .transform_filter(chosen("units", "epoch"))
        .transform_flatten(["x", "y"])
        .mark_line(color=COLORS[1], clip=True)
        .encode(x=alt.X("x:Q"), y=height)
    )
    return points + curve
