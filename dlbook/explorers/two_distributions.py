"""Explorer: two distributions, their entropies, cross-entropies and divergences as areas."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import altair as alt
from torch import Tensor

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.explorer import Explorer
from dlbook.explorers.look import HEIGHT, WIDTH
from dlbook.explorers.tables import few_digits
from dlbook.information import cross_entropy, entropy, kl_divergence
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

TOP = 7.0  # the end of the axes, in bits
COLOR = {"p": COLORS[5], "q": COLORS[2]}
MORE, LESS = COLORS[1], COLORS[3]
SUMS = ("pp", "qq", "pq", "qp", "ruled_p", "ruled_q")
_Chart = TypeVar("_Chart", alt.Chart, alt.LayerChart)


@checked()
def two_distributions(
    p: Mapping[str, Tensor],
    q: Mapping[str, Tensor],
    *,
    start: tuple[str, int, str, int],
    caption: str,
) -> Explorer:
    """Move p and q; see H(p), H(q), H(p, q), H(q, p) and both divergences, in bits (chapter 10).

    Args:
        p: for each shape the distributions along its slider, shape (places, k).
        q: likewise.
        start: shape and place of p, shape and place of q shown first; places count from 1.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the distributions differ in their number of outcomes or of places, one of them
            is none, or start is not among the choices.
    """
    sizes = {tuple(table.shape) for table in (*p.values(), *q.values())}
    if len(sizes) != 1 or len(next(iter(sizes))) != 2:
        raise ValueError(f"p and q must be of one shape (places, k), got {sorted(sizes)}")
    places = list(range(1, next(iter(sizes))[0] + 1))
    controls = [
        Menu("p_shape", "shape of p", list(p), start[0]),
        Slider("p_place", "place of p", places, start[1], say=str),
        Menu("q_shape", "shape of q", list(q), start[2]),
        Slider("q_place", "place of q", places, start[3], say=str),
    ]
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    data = _table(p, q)
    charts = [_bars(data), _sums(data), _areas(data, "p", "q"), _areas(data, "q", "p")]
    return Explorer(
        [c.add_params(*parameters).properties(width=WIDTH, height=HEIGHT) for c in charts],
        controls,
        caption=caption,
        alt_text="Top left: the two distributions as bars. Top right: two stacked bars, entropy "
        "plus divergence equals cross-entropy, once with p true and once with q true. Below, each "
        "sum as an area: the outcomes' rectangles are as wide as the truth says and as high as the "
        "believed information; what lies above or below the true information is marked.",
        outcomes=_outcomes(p, q, places),
    )


def _outcomes(
    p: Mapping[str, Tensor], q: Mapping[str, Tensor], places: Sequence[int]
) -> dict[Any, str]:
    return {
        (p_shape, i, q_shape, j): _outcome(p[p_shape][i - 1], q[q_shape][j - 1])
        for p_shape in p
        for q_shape in q
        for i in places
        for j in places
    }


def _outcome(p: Tensor, q: Tensor) -> str:
    amounts = {
        "H(p)": entropy(p, unit="bits"),
        "H(q)": entropy(q, unit="bits"),
        "H(p, q)": cross_entropy(p, q, unit="bits"),
        "KL(p‖q)": kl_divergence(p, q, unit="bits"),
        "KL(q‖p)": kl_divergence(q, p, unit="bits"),
    }
    named = (f"{n} = {v:.2f}" if v.isfinite() else f"{n} = ∞" for n, v in amounts.items())
    return f"{', '.join(named)} bits."


def _table(p: Mapping[str, Tensor], q: Mapping[str, Tensor]) -> alt.Data:
    """One row per outcome with its probability for every shape and place."""
    k = next(iter(p.values())).shape[1]
    return alt.Data(
        values=[
            {"outcome": i + 1} | {n: _column(tables, i) for n, tables in (("P", p), ("Q", q))}
            for i in range(k)
        ]
    )


def _column(tables: Mapping[str, Tensor], i: int) -> dict[str, list[float]]:
    return {name: [few_digits(v, 6) for v in t[:, i].tolist()] for name, t in tables.items()}


def _chosen(chart: _Chart) -> _Chart:
    """Give every outcome p, q and the information of each, cut a bit above the axis."""
    return chart.transform_calculate(
        p="datum.P[p_shape][p_place - 1]",
        q="datum.Q[q_shape][q_place - 1]",
    ).transform_calculate(
        hp=f"min({TOP + 1}, -log(max(datum.p, 1e-9)) / LN2)",
        hq=f"min({TOP + 1}, -log(max(datum.q, 1e-9)) / LN2)",
    )


def _colors(kinds: Mapping[str, str]) -> dict[str, Any]:
    return {
        "scale": alt.Scale(domain=list(kinds), range=list(kinds.values())),
        "legend": alt.Legend(title=None, orient="top"),
    }


def _bars(data: alt.Data) -> alt.Chart:
    return (
        _chosen(alt.Chart(data))
        .transform_fold(["p", "q"], as_=["which", "probability"])
        .mark_bar()
        .encode(
            x=alt.X("outcome:O", axis=alt.Axis(labelAngle=0)),
            xOffset="which:N",
            y=alt.Y("probability:Q", scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("which:N", **_colors(COLOR)),
        )
    )


def _areas(data: alt.Data, true: str, believed: str) -> alt.LayerChart:
    """H(true, believed): widths from the truth, heights from the belief."""
    kinds = {f"H({true})": COLOR[true], "adds to KL": MORE, "takes from KL": LESS}
    spans = (
        ("0", "datum.true"),
        ("datum.true", "datum.believed"),
        ("datum.believed", "datum.true"),
    )
    x = alt.X(
        "left:Q",
        title=f"probability under {true}, outcome by outcome",
        scale=alt.Scale(domain=[0, 1], nice=False),
    )
    y = alt.Y("low:Q", title="information, bits", scale=alt.Scale(domain=[0, TOP]))
    blank = alt.Chart()
    boxes = [
        blank.transform_calculate(low=low, high=high, kind=f"'{kind}'")
        .transform_filter("datum.high > datum.low")
        .mark_rect(clip=True, stroke="white", strokeWidth=0.6, opacity=0.8)
        .encode(x=x, x2="right:Q", y=y, y2="high:Q", color=alt.Color("kind:N", **_colors(kinds)))
        for kind, (low, high) in zip(kinds, spans, strict=True)
    ]
    numbers = (
        blank.transform_filter("datum.right - datum.left > 0.055")
        .mark_text(baseline="bottom", dy=-3)
        .encode(x="middle:Q", y=alt.datum(0), text="outcome:O")
    )
    return (
        _chosen(alt.LayerChart(layer=[*boxes, numbers], data=data))
        .transform_filter(f"datum.{true} > 0")
        .transform_window(right=f"sum({true})", sort=[alt.SortField("outcome")], frame=[None, 0])
        .transform_calculate(
            left=f"datum.right - datum.{true}",
            middle=f"datum.right - datum.{true} / 2",
            true=f"datum.h{true}",
            believed=f"datum.h{believed}",
        )
    )


def _sum_of(name: str) -> alt.AggregatedFieldDef:
    field: dict[str, Any] = {"op": "sum", "field": name, "as": name}
    return alt.AggregatedFieldDef(**field)


def _sums(data: alt.Data) -> alt.LayerChart:
    """Entropy and divergence, stacked to the cross-entropy, once for each truth."""
    x = alt.X("zero:Q", title="bits", scale=alt.Scale(domain=[0, TOP]))
    y = alt.Y("truth:N", title=None, axis=alt.Axis(labelExpr="datum.value"))
    blank = alt.Chart()
    kinds = {f"{name} true": color for name, color in COLOR.items()}
    own = blank.mark_bar(height=36, opacity=0.8).encode(
        x=x, x2="own:Q", y=y, color=alt.Color("truth:N", **(_colors(kinds) | {"legend": None}))
    )
    more = blank.mark_bar(height=36, opacity=0.8, color=MORE, clip=True).encode(
        x="own:Q", x2="end:Q", y=y
    )
    above = blank.mark_text(align="left", dy=-27).encode(x=x, y=y, text="first:N")
    below = blank.mark_text(align="left", dy=27).encode(x=x, y=y, text="second:N")
    return (
        _chosen(alt.LayerChart(layer=[own, more, above, below], data=data))
        .transform_calculate(
            pp="datum.p * datum.hp",
            qq="datum.q * datum.hq",
            pq="datum.p * datum.hq",
            qp="datum.q * datum.hp",
            ruled_p="datum.q > 0 && datum.p == 0 ? 1 : 0",
            ruled_q="datum.p > 0 && datum.q == 0 ? 1 : 0",
        )
        .transform_aggregate([_sum_of(name) for name in SUMS])
        .transform_calculate(
            truth="['p true', 'q true']",
            own="[datum.pp, datum.qq]",
            end="[datum.ruled_q ? 100 : datum.pq, datum.ruled_p ? 100 : datum.qp]",
            one="['p', 'q']",
            other="['q', 'p']",
        )
        .transform_flatten(["truth", "own", "end", "one", "other"])
        .transform_calculate(
            zero="0",
            crossed="'H(' + datum.one + ', ' + datum.other + ') = '",
            first="'H(' + datum.one + ') = ' + format(datum.own, '.2f')",
            kl="'+ KL(' + datum.one + '‖' + datum.other + ') = '",
        )
        .transform_calculate(
            second="datum.end > 99 ? datum.kl + '∞,  ' + datum.crossed + '∞' : "
            "datum.kl + format(datum.end - datum.own, '.2f') + ',  ' + "
            "datum.crossed + format(datum.end, '.2f')"
        )
    )
