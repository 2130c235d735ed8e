"""Explorer: a map of the plane near a point, and its Jacobian."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import torch
from torch import Tensor
from torch.func import jacrev, vmap

from dlbook.explorers.controls import Menu, Slider
from dlbook.explorers.run_explorer import RunExplorer
from dlbook.explorers.tables import few_digits
from dlbook.plots.arguments import checked
from dlbook.plots.style import COLORS

SIDE = 270
LINES, POINTS = 5, 13  # of the small net: lines in each direction, points on a line
STRAIGHT = 2  # points on a line that stays one
GRID_POINTS = 21
FUNCTIONS = {name: getattr(math, name) for name in ("cos", "exp", "log", "sin", "sqrt")}
QUIET: dict[str, Any] = {"color": "gray", "strokeWidth": 0.8, "opacity": 0.6}
SOLID: dict[str, Any] = {"color": COLORS[0], "strokeWidth": 1.6}
DASHED: dict[str, Any] = {"color": COLORS[1], "strokeWidth": 1.6, "strokeDash": [5, 3]}
VARIABLE = re.compile(r"\b[uv]\b")


@dataclass(frozen=True)
class PlaneMap:
    """A function of the plane into itself, once for torch and once for the page.

    Attributes:
        name: what the menu calls it.
        f: takes (u, v) as a tensor of shape (2,) and returns one of shape (2,).
        formulas: both outputs in ``u`` and ``v`` with + − * / and the functions cos, exp, log, sin
            and sqrt, as Vega and Python alike read them.
    """

    name: str
    f: Callable[[Tensor], Tensor]
    formulas: tuple[str, str]


@checked()
def local_linear_map(
    maps: Sequence[PlaneMap],
    stops: Sequence[float],
    reaches: Sequence[float],
    *,
    start: tuple[str, float, float, float],
    caption: str,
) -> RunExplorer:
    """A small net around a point, its image under a map, and the image under the Jacobian there.

    Args:
        maps: the functions of the menu.
        stops: the values that each coordinate of the point can take, rising; the grid that is
            deformed reaches from the first to the last.
        reaches: how far the net reaches from the point in each direction, falling.
        start: map, u, v and reach shown first.
        caption: below the figure.

    Raises:
        TypeError: an argument of another type.
        ValueError: the formulas of a map differ from its function at one of the stops, or start is
            not among the choices.
    """
    places = torch.cartesian_prod(*2 * [torch.tensor(stops, dtype=torch.float64)])
    values = torch.stack([vmap(m.f)(places) for m in maps])
    jacobians = torch.stack([vmap(jacrev(m.f))(places) for m in maps])
    for plane_map, value in zip(maps, values, strict=True):
        _require_same(plane_map, places, value)
    controls = [
        Menu("which", "map", [m.name for m in maps], start[0]),
        Slider("at_u", "u", stops, start[1], say=_signed),
        Slider("at_v", "v", stops, start[2], say=_signed),
        Slider("reach", "reach of the net", reaches, start[3]),
    ]
    parameters = [alt.param(name=c.name, value=c.start) for c in controls]
    outer = max(stops) + max(reaches)
    local = few_digits(1.05 * jacobians.abs().sum(dim=-1).max().item(), 2)
    charts = [
        _inputs(stops, outer),
        _outputs(maps, stops, jacobians, outer),
        _enlarged(maps, stops, jacobians, local),
    ]
    keys = [(m.name, u, v) for m in maps for u in stops for v in stops]
    return RunExplorer(
        [c.add_params(*parameters).properties(width=SIDE, height=SIDE) for c in charts],
        controls,
        caption=caption,
        alt_text="Left: a square grid with a small square net around the chosen point. Middle: the "
        "grid and the net as the map deforms them, and the parallelogram that the Jacobian makes "
        "of the net. Right: the same two images of the net, enlarged so that the net has always "
        "the same size; the smaller the net, the closer the two agree.",
        outcomes=dict(zip(keys, map(_sentence, jacobians.flatten(0, 1)), strict=True)),
    )


def _require_same(plane_map: PlaneMap, places: Tensor, values: Tensor) -> None:
    for (u, v), value in zip(places.tolist(), values.tolist(), strict=True):
        names = FUNCTIONS | {"__builtins__": {}, "u": u, "v": v}
        got = [eval(formula, dict(names)) for formula in plane_map.formulas]  # noqa: S307
        if not all(math.isclose(a, b, abs_tol=1e-9) for a, b in zip(got, value, strict=True)):
            raise ValueError(
                f"formulas of {plane_map.name!r} give {got} at ({u:g}, {v:g}), "
                f"but its function gives {value}"
            )


def _signed(number: float, digits: str = ".3g") -> str:
    """The number with a true minus sign, and none before a zero."""
    return format(number, "z" + digits).replace("-", "−")


def _sentence(jacobian: Tensor) -> str:
    (a, b), (c, d) = [[_signed(v, ".2f") for v in row] for row in jacobian.tolist()]
    factor = torch.linalg.det(jacobian).item()
    if abs(factor) < 1e-9:
        end = "the net collapses"
    else:
        end = f"areas × {abs(factor):.2f}{', turned over' if factor < 0 else ''}"
    return f"The Jacobian has the rows ({a}, {b}) and ({c}, {d}): {end}."


def _net(points: int, jacobians: Tensor | None = None) -> alt.Data:
    """One row: points of the net in units of its reach, and the Jacobians at all the places."""
    row = _two_families([2 * k / (LINES - 1) - 1 for k in range(LINES)], points, "p", "q")
    if jacobians is not None:
        entries = jacobians.flatten(2).permute(2, 0, 1).flatten(1).tolist()
        row |= {
            name: [few_digits(v, 3) for v in entry]
            for name, entry in zip(("Ja", "Jb", "Jc", "Jd"), entries, strict=True)
        }
    return alt.Data(values=[row])


def _grid(stops: Sequence[float], points: int) -> alt.Data:
    """One row: points on the lines of the grid that is deformed."""
    return alt.Data(values=[_two_families(stops, points, "u", "v")])


def _two_families(
    across: Sequence[float], points: int, first: str, second: str
) -> dict[str, list[float]]:
    """Points on level and on upright lines: two coordinates, and ``k``, the line's number."""
    low, high, count = across[0], across[-1], len(across)
    along = [few_digits(low + (high - low) * k / (points - 1), 3) for k in range(points)]
    level = [(t, s, j) for j, s in enumerate(across) for t in along]
    columns = zip(*level, *((s, t, count + j) for t, s, j in level), strict=True)
    return dict(zip((first, second, "k"), map(list, columns), strict=True))


def _image(maps: Sequence[PlaneMap], output: int, u: str, v: str) -> str:
    """One output of the chosen map as a Vega expression."""
    place = {"u": u, "v": v}
    text = "NaN"
    for plane_map in reversed(maps):
        formula = VARIABLE.sub(lambda found: place[found[0]], plane_map.formulas[output])
        text = f"which == '{plane_map.name}' ? {formula} : {text}"
    return f"({text})"


def _points(data: alt.Data, *names: str) -> alt.Chart:
    return alt.Chart(data).transform_flatten(list(names))


def _lines(
    chart: alt.Chart, look: dict[str, Any], edge: float, titles: tuple[str, str]
) -> alt.Chart:
    """The points joined to lines, in a square window around the origin."""
    scale = alt.Scale(domain=[-edge, edge], nice=False)
    axis = alt.Axis(tickCount=5, grid=False)
    return (
        chart.transform_window(order="row_number()")
        .mark_line(clip=True, **look)
        .encode(
            x=alt.X("x:Q", title=titles[0], scale=scale, axis=axis),
            y=alt.Y("y:Q", title=titles[1], scale=scale, axis=axis),
            detail="k:N",
            order="order:Q",
        )
    )


def _inputs(stops: Sequence[float], edge: float) -> alt.LayerChart:
    titles = ("u", "v")
    grid = _points(_grid(stops, STRAIGHT), "u", "v", "k").transform_calculate(
        x="datum.u", y="datum.v"
    )
    net = _points(_net(STRAIGHT), "p", "q", "k").transform_calculate(
        x="at_u + reach * datum.p", y="at_v + reach * datum.q"
    )
    return alt.LayerChart(
        layer=[_lines(grid, QUIET, edge, titles), _lines(net, SOLID, edge, titles)],
        title="inputs",
    )


def _outputs(
    maps: Sequence[PlaneMap], stops: Sequence[float], jacobians: Tensor, edge: float
) -> alt.LayerChart:
    titles = ("first output", "second output")
    x, y = (_image(maps, output, "datum.u", "datum.v") for output in (0, 1))
    grid = _points(_grid(stops, GRID_POINTS), "u", "v", "k").transform_calculate(x=x, y=y)
    exact, linear = (
        chart.transform_calculate(x="datum.fx + reach * datum.dx", y="datum.fy + reach * datum.dy")
        for chart in (_net_under_map(maps), _net_under_jacobian(maps, stops, jacobians))
    )
    return alt.LayerChart(
        layer=[
            _lines(grid, QUIET, edge, titles),
            _lines(exact, SOLID, edge, titles),
            _lines(linear, DASHED, edge, titles),
        ],
        title="outputs",
    )


def _enlarged(
    maps: Sequence[PlaneMap], stops: Sequence[float], jacobians: Tensor, edge: float
) -> alt.LayerChart:
    titles = ("first output, enlarged", "second output, enlarged")
    exact, linear = (
        chart.transform_calculate(x="datum.dx", y="datum.dy")
        for chart in (_net_under_map(maps), _net_under_jacobian(maps, stops, jacobians))
    )
    return alt.LayerChart(
        layer=[_lines(exact, SOLID, edge, titles), _lines(linear, DASHED, edge, titles)],
        title="the net's image: map (solid), Jacobian (dashed)",
    )


def _net_under_map(maps: Sequence[PlaneMap]) -> alt.Chart:
    """The point's image ``fx, fy``, and the way ``dx, dy`` to the net's, in units of its reach."""
    place = {"u": "at_u + reach * datum.p", "v": "at_v + reach * datum.q"}
    x, y = (_image(maps, output, "datum.u", "datum.v") for output in (0, 1))
    return (
        _from_image_of_point(maps, _net(POINTS))
        .transform_calculate(**place)
        .transform_calculate(dx=f"({x} - datum.fx) / reach", dy=f"({y} - datum.fy) / reach")
    )


def _net_under_jacobian(
    maps: Sequence[PlaneMap], stops: Sequence[float], jacobians: Tensor
) -> alt.Chart:
    """The same columns for the linear map."""
    names, places = [m.name for m in maps], list(stops)
    here = (
        f"(indexof({names}, which) * {len(places)} + indexof({places}, at_u)) * {len(places)} "
        f"+ indexof({places}, at_v)"
    )
    return (
        _from_image_of_point(maps, _net(STRAIGHT, jacobians))
        .transform_calculate(here=here)
        .transform_calculate(
            dx="datum.Ja[datum.here] * datum.p + datum.Jb[datum.here] * datum.q",
            dy="datum.Jc[datum.here] * datum.p + datum.Jd[datum.here] * datum.q",
        )
    )


def _from_image_of_point(maps: Sequence[PlaneMap], net: alt.Data) -> alt.Chart:
    x, y = (_image(maps, output, "at_u", "at_v") for output in (0, 1))
    return _points(net, "p", "q", "k").transform_calculate(fx=x, fy=y)
