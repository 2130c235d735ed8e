"""Working calls of plots."""

from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import torch
from fuzzing import Arguments, Good

from dlbook.training import History

LINE = torch.linspace(-1, 1, 5)
NODES = pd.DataFrame({"name": ["a", "b"], "label": ["A", "B"], "kind": ["leaf", "operation"]})
EDGES = pd.DataFrame({"source": ["a"], "target": ["b"]})
TRACE = pd.DataFrame(
    {"lr": [0.1, 0.1, 0.2], "step": [0, 1, 0], "w": [1.0, 0.5, 1.0], "b": 0.0, "cost": [1, 0.2, 1]}
)
RUN = History(pd.DataFrame({"epoch": [1, 2], "train_loss": [2.0, 1.0]}), pd.DataFrame())


def drawn(result: Any, arguments: Arguments) -> bool:
    """Whether there is one figure, which is closed then."""
    figures = len(plt.get_fignums())
    plt.close("all")
    return result is None and figures == 1


def plot(make: Callable[[], Arguments]) -> Good:
    def arguments() -> Arguments:
        left = plt.get_fignums()
        plt.close("all")
        assert not left, "a figure was left open after an error"
        return make()

    return Good(arguments, drawn)


def leaf() -> torch.Tensor:
    return torch.tensor(2.0, requires_grad=True)


COST = LINE**2 + (LINE**2)[:, None]
PLOTS = {
    "autograd_graph": Good(lambda: {"result": leaf()[None] ** 2, "names": {"w": leaf()}}),
    "cells": plot(lambda: {"values": torch.eye(2), "color": "red", "title": "Two"}),
    "confusion_matrix": plot(
        lambda: {
            "y": torch.tensor([0, 1]),
            "predicted": torch.tensor([1, 1]),
            "classes": ["a", "b"],
        }
    ),
    "contour": plot(
        lambda: {"w": LINE, "b": LINE, "cost": COST, "paths": TRACE, "minimum": (0.0, 0.0)}
    ),
    "surface": plot(lambda: {"w": LINE, "b": LINE, "cost": COST}),
    "cost_curve": plot(lambda: {"w": LINE, "cost": LINE**2, "mark_minimum": True}),
    "steps_on_curve": plot(
        lambda: {"cost": lambda w: w[..., 0] ** 2, "domain": (-1.0, 1.0), "trace": TRACE}
    ),
    "traces": plot(lambda: {"table": TRACE, "x": "step", "y": "cost", "by": "lr", "log": False}),
    "training_curves": plot(lambda: {"history": RUN, "title": "A run"}),
    "graph": plot(lambda: {"nodes": NODES, "edges": EDGES}),
    "layered": Good(lambda: {"nodes": NODES, "edges": EDGES}, words={"nodes": "node"}),
    "memory": plot(lambda: {"tensors": {"x": LINE.view(5, 1), "y": LINE}, "per_row": 2}),
    "image_grid": plot(
        lambda: {"images": torch.eye(3)[None], "titles": ["a"], "columns": 2, "limits": (0.0, 1.0)}
    ),
}
GOOD_CALLS: dict[str, Good] = {f"dlbook.plots:{name}": good for name, good in PLOTS.items()}
