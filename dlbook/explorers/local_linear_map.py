"""Explorer: a map of the plane near a point, and its Jacobian."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import torch
from torch import Tensor
from torch.func import jacrev, vjp, vmap

from dlbook.explorers import charts
from dlbook.explorers.controls import Dial, Menu
from dlbook.explorers.digits import few_digits
from dlbook.explorers.explorer import Explorer
from dlbook.plots.style import COLORS

SIDE = 270
EDGE, CLOSEST, FARTHEST = 1.2, 0.02, 0.64  # of the grid; reaches of the net
GRID_LINES, NET_LINES, POINTS = 9, 5, 13  # lines in each direction, points on a line
KINDS = ("", ", turned over", ": the net collapses")
QUIET: dict[str, Any] = {"color": "gray", "width": 0.8, "opacity": 0.6}
MAP: dict[str, Any] = {"color": COLORS[0]}
LINEAR: dict[str, Any] = {"color": COLORS[1], "dash": (5, 4)}

PlaneMap = Callable[[Tensor], Tensor]


def local_linear_map(
    maps: Mapping[str, PlaneMap],
    *,
    start: tuple[str, float, float, float],
    caption: str,
) -> Explorer:
    """A small net around a point, its image under a map, and the image under the Jacobian there.

    Args:
        maps: functions of the plane into itself. They take (u, v) as a tensor of shape (2,) or
            (2, n), and return one of the same shape.
        start: map, u, v and reach of the net shown first.
        caption: below the figure.
    """
    grid, net = _lines(GRID_LINES, EDGE), _lines(NET_LINES, 1.0)
    places = EDGE * torch.cartesian_prod(*2 * [torch.linspace(-1, 1, 5, dtype=torch.float64)])
    jacobians = torch.cat([vmap(jacrev(f))(places) for f in maps.values()])
    largest = few_digits(1.05 * jacobians.abs().sum(dim=-1).max().item(), 2)

    units = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)

    def figure(which: str, at_u: Tensor, at_v: Tensor, reach: Tensor) -> dict[str, Any]:
        f, place = maps[which], torch.stack((at_u, at_v))
        value, pull_back = vjp(f, place)[:2]
        here, jacobian = value[:, None], torch.stack([pull_back(e)[0] for e in units])
        inside = place[:, None] + reach * net
        exact, linear = f(inside) - here, jacobian @ (reach * net)
        area = jacobian[0, 0] * jacobian[1, 1] - jacobian[0, 1] * jacobian[1, 0]
        a, b, c, d = torch.where(jacobian.abs() < 0.005, 0, jacobian).flatten()
        return {
            "grid": _table(grid),
            "net": _table(inside),
            "grid_image": _table(f(grid)),
            "exact": _table(here + exact),
            "linear": _table(here + linear),
            "exact_near": _table(exact / reach),
            "linear_near": _table(linear / reach),
            "a": a, "b": b, "c": c, "d": d,
            "area": area.abs(),
            "kind": torch.where(area.abs() < 1e-9, 2, (area < 0).long()),
        }  # fmt: skip

    outer = EDGE + FARTHEST
    return Explorer(
        [
            Menu("which", "map", list(maps), start[0]),
            Dial("at_u", "u", -EDGE, EDGE, start[1], steps=80),
            Dial("at_v", "v", -EDGE, EDGE, start[2], steps=80),
            Dial("reach", "reach of the net", CLOSEST, FARTHEST, start[3], steps=50, log=True),
        ],
        figure,
        [
            _square(outer, ("u", "v"), grid=QUIET, net=MAP),
            _square(
                outer, ("first output", "second output"), grid_image=QUIET, exact=MAP, linear=LINEAR
            ),
            _square(
                largest,
                ("first output, enlarged", "second output, enlarged"),
                exact_near=MAP | {"name": "map"},
                linear_near=LINEAR | {"name": "Jacobian"},
            ),
        ],
        caption=caption,
        alt_text="First: a square grid with a small square net around the chosen point. Second: "
        "the grid and the net as the map deforms them, and the parallelogram that the Jacobian "
        "makes of the net. Third: the same two images of the net, enlarged so that the net always "
        "has the same size; the smaller the net, the closer the two agree.",
        sentence="The Jacobian has the rows ({a:.2f}, {b:.2f}) and ({c:.2f}, {d:.2f}): areas × "
        "{area:.2f}{kind}.",
        phrases={"kind": KINDS},
    )


def _lines(count: int, edge: float) -> Tensor:
    """Points on level and then on upright lines of a square grid, shape (2, 2 · count · POINTS)."""
    across, along = (torch.linspace(-edge, edge, n, dtype=torch.float64) for n in (count, POINTS))
    level = torch.stack((along.repeat(count), across.repeat_interleave(POINTS)))
    return torch.cat((level, level.flip(0)), dim=1)


def _table(points: Tensor) -> dict[str, Tensor]:
    return {axis: charts.joined(p.view(-1, POINTS)) for axis, p in zip("xy", points, strict=True)}


def _square(edge: float, titles: tuple[str, str], **looks: dict[str, Any]) -> alt.LayerChart:
    """Lines from the tables named, on square axes."""
    x, y = (charts.Axis(title, (-edge, edge)) for title in titles)
    lines = [charts.line(table, "x", "y", **look) for table, look in looks.items()]
    return charts.panel(*lines, x=x, y=y, height=SIDE).properties(width=SIDE)
