"""Contour lines with fewer points: the same ends, and nowhere far from the line they came from."""

import re

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dlbook.explorers.contours import TOLERANCE, contour_map, simplified
from dlbook.explorers.look import WIDTH
from dlbook.explorers.still import still

Points = NDArray[np.float64]


def distances(points: Points, line: Points) -> Points:
    """How far each point is from the nearest stretch of a line."""
    start, way = line[:-1], np.diff(line, axis=0)
    squared = (way**2).sum(axis=1)
    along = ((points[:, None] - start) * way).sum(axis=2) / np.where(squared == 0, 1, squared)
    nearest = start + along.clip(0, 1)[..., None] * way
    return np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1)


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(2, 150),
    roughness=st.sampled_from([0.0, 0.1, 1.0]),
    closed=st.booleans(),
)
def test_the_line_stays_where_it_was(seed: int, count: int, roughness: float, closed: bool) -> None:
    random = np.random.default_rng(seed)
    angle = np.sort(random.uniform(0, 2 * np.pi, count))
    radius = 100 + random.normal(0, roughness, count).cumsum()
    line = radius[:, None] * np.stack((np.cos(angle), np.sin(angle)), axis=1)
    if closed:
        line = np.concatenate((line, line[:1]))
    fewer = simplified(line)
    assert len(fewer) <= len(line) + 1
    np.testing.assert_allclose(fewer[[0, -1]], line[[0, -1]])
    assert distances(line, fewer).max() < 3 * TOLERANCE


def test_a_straight_line_needs_few_points() -> None:
    line = np.linspace((0, 0), (200, 100), 500)
    assert len(simplified(line)) <= 4


NUMBER = re.compile(r"-?[\d.]+")


def places(path: str) -> Points:
    """The points of an SVG path that is made of straight lines."""
    return np.array(NUMBER.findall(path), dtype=float).reshape(-1, 2)


@given(center=st.tuples(st.floats(-1, 2), st.floats(-5, -2)), height=st.integers(100, 400))
def test_each_line_keeps_its_height(center: tuple[float, float], height: int) -> None:
    w = torch.linspace(-2, 3, 121, dtype=torch.float64)
    b = torch.linspace(-6, -1, 101, dtype=torch.float64)
    bowl = (w - center[0]) ** 2 + (b[:, None] - center[1]) ** 2
    marks = contour_map(w, b, bowl, height=height).data.values
    radii = []
    for mark in marks:
        pixels = places(mark["lines"])
        right, up = pixels[:, 0] / WIDTH * 5 + 0.5, -pixels[:, 1] / height * 5 - 3.5
        radius = np.hypot(right - center[0], up - center[1])
        assert np.ptp(radius) < 5 * (3 * TOLERANCE + 0.1) / min(WIDTH, height)
        radii.append(radius.mean())
    assert radii == sorted(radii)
    assert [mark["level"] for mark in marks] == sorted({mark["level"] for mark in marks})


def test_vega_draws_a_line_where_it_belongs() -> None:
    w, b = torch.linspace(0, 10, 50), torch.linspace(-4, 4, 40)
    chart = contour_map(w, b, (w - 3) ** 2 + b[:, None] ** 2 + 1, height=200)
    middle = rf"translate\({WIDTH / 2:g},100\)"
    drawn = re.findall(rf'transform="{middle}" d="([^"]+)"', still(chart.to_dict()))
    assert len(drawn) == len(chart.data.values) > 5
    for path, mark in zip(drawn, chart.data.values, strict=True):
        np.testing.assert_allclose(places(path), places(mark["lines"]), atol=0.11)
