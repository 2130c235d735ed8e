"""The cost of a line over slope and intercept."""

import torch
from torch import Tensor

from dlbook.data import Samples
from dlbook.descent import line_cost

GRID = 81


class CostMap:
    """The cost over slope and intercept, in a window that holds the start and the minimum."""

    def __init__(self, w: Tensor, b: Tensor, cost: Tensor, best: Tensor, lowest: float) -> None:
        self.w, self.b, self.cost, self.best, self.lowest = w, b, cost, best, lowest

    @classmethod
    def around(cls, samples: Samples, start: tuple[float, float]) -> "CostMap":
        """The window around the best line and the start, and the cost in it."""
        x, y = samples.x.flatten(), samples.y.flatten()
        columns = torch.stack((x, torch.ones_like(x)), dim=1)
        best = torch.linalg.lstsq(columns, y[:, None]).solution.flatten()
        reach = 1.25 * (best - torch.tensor(start, dtype=torch.float64)).abs().max().item()
        w, b = (
            torch.linspace(v - reach, v + reach, GRID, dtype=torch.float64) for v in best.tolist()
        )
        cost = line_cost(samples, w, b[:, None])
        return cls(w, b, cost, best, line_cost(samples, *best).item())
