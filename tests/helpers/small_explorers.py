"""One small explorer of every kind, for the tests that all of them must pass."""

import pandas as pd
import torch
from torch import Tensor

from dlbook import explorers
from dlbook.data import Samples
from dlbook.explorers import Explorer

POINTS = Samples(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 6.0]))


def backprop_stepper() -> Explorer:
    edges = pd.DataFrame({"source": ["x", "x"], "target": ["y", "y"]})
    graphs = {}
    for sign, value, slope in (("·", 9.0, 3.0), ("+", 6.0, 1.0)):
        nodes = pd.DataFrame(
            [("x", "x", 3.0, 2 * slope), ("y", f"y = x {sign} x", value, 1.0)],
            columns=["name", "formula", "value", "grad"],
        )
        graphs[f"x {sign} x"] = (nodes, edges.assign(slope=slope))
    return explorers.backprop_stepper(graphs, caption="Stepper.")


def batch_journey() -> Explorer:
    def batch_of(step: Tensor, batch_size: Tensor, drop_last: str) -> dict[str, Tensor]:
        batches = 3 // batch_size if drop_last == "yes" else -(-3 // batch_size)
        used = (batches * batch_size).clamp(max=3)
        at = {"epoch": (step - 1) // batches, "batch": (step - 1) % batches}
        return at | {"batches": batches, "used": used}

    order = torch.tensor([[0, 1, 2], [2, 0, 1], [1, 2, 0]])
    pictures = torch.arange(3 * 64, dtype=torch.uint8).view(3, 1, 8, 8)
    return explorers.batch_journey(
        batch_of,
        {"no": order.sort().values, "yes": order},
        Samples(pictures, torch.arange(3)),
        sizes=[1, 2],
        start=(2, "yes", "no", 1),
        caption="Journey.",
    )


def capacity() -> Explorer:
    keys = [
        {"n": n, "noise": noise, "draw": draw}
        for n in (3, 5)
        for noise in (0.1, 0.2)
        for draw in (1, 2)
    ]
    curve = [1.0, 0.0, 1.0]
    fits = [
        key
        | {
            "degree": d,
            "train": 0.01 * key["n"],
            "val": 100.0 * key["n"] ** 3 * d + 0.02 * key["n"],
        }
        | {"y_hat": [float(d), 0.0, float(key["draw"])]}
        for key in keys
        for d in (0, 1)
    ]
    samples = [key | {"x": [-1.0, 0.0, 1.0], "y": [1.0, 0.0, key["draw"]]} for key in keys]
    truth = Samples(torch.linspace(-1, 1, 3), torch.tensor(curve))
    return explorers.capacity(
        pd.DataFrame(fits),
        pd.DataFrame(samples),
        truth,
        start=(1, 3, 0.1, 1),
        caption="Capacity.",
    )


def depth_signal() -> Explorer:
    table = pd.DataFrame(
        [
            {"activation": name, "depth": depth, "scale": scale, "layer": layer,
             "activations": scale**layer,
             "gradients": scale ** (depth - layer) * (0.01 if name == "tanh" else 1)}
            for name in ("none", "tanh")
            for depth in (2, 3)
            for scale in (0.5, 1.0)
            for layer in range(depth + 1)
        ]
    )  # fmt: skip
    return explorers.depth_signal(table, start=("none", 3, 0.5), caption="Depth.")


def hidden_space() -> Explorer:
    x = torch.tensor([[-1.0, 0.5], [1.0, -0.5], [0.5, 1.0]])
    axis, samples = torch.linspace(-2, 2, 5), Samples(x, torch.tensor([0, 1, 0]))
    mesh = torch.stack(torch.meshgrid(axis, axis, indexing="xy"), dim=-1)
    nets = [
        explorers.NetView(units, depth, name, mesh[..., 0] - mesh[..., 1], x * units, mesh * depth)
        for units in (2, 4)
        for depth in (1, 2)
        for name in ("none", "tanh")
    ]
    return explorers.hidden_space(
        nets, samples, mesh, (axis, axis), start=(4, 1, "tanh"), caption="Hidden space."
    )


def training_curves() -> Explorer:
    losses = pd.DataFrame(
        {"units": units, "epoch": epoch, "train_loss": 1 / epoch, "val_loss": 0.5 + epoch / units}
        for units in (2, 8)
        for epoch in (1, 2, 3)
    )
    fits = pd.DataFrame(
        {"units": units, "epoch": epoch, "x": x, "y_hat": x / epoch}
        for units in (2, 8)
        for epoch in (1, 3)
        for x in (1.0, 2.0)
    )
    stops = pd.DataFrame(
        {"units": units, "patience": patience, "best": 1, "stop": 1 + patience, "val_loss": 0.6}
        for units in (2, 8)
        for patience in (1, 2)
    )
    return explorers.training_curves(
        losses, fits, stops, POINTS, start=(8, 1, 3), caption="Curves."
    )


def training_grid() -> Explorer:
    table = pd.DataFrame(
        [
            {"lr": lr, "batch_size": size, "epoch": epoch, "train_loss": 2 / epoch,
             "val_loss": 2.1 / epoch, "val_accuracy": lr * size / 30 * epoch}
            for lr in (0.01, 0.1)
            for size in (16, 64)
            for epoch in (1, 2, 3)
        ]
    )  # fmt: skip
    return explorers.training_grid(table, start=(0.1, 64), caption="Grid.")


def lr_range_test() -> Explorer:
    rates, networks = [0.1, 1.0, 10.0], ("net", "other")
    test = pd.DataFrame(
        {"network": name, "lr": lr, "loss": loss}
        for i, name in enumerate(networks)
        for lr, loss in zip(rates, (2.3 - i, 1.2, 9.0), strict=True)
    )
    table = pd.DataFrame(
        {"network": name, "lr": lr, "step": step, "loss": (loss - 0.1 * i) / (step + 1)}
        for i, name in enumerate(networks)
        for lr, loss in zip(rates, (2.5, 1.2, float("inf")), strict=True)
        for step in range(3)
    )
    return explorers.lr_range_test(test, table, start=("net", 0.1), chance=1.5, caption="Range.")


def resume() -> Explorer:
    through = pd.DataFrame({"epoch": [1, 2, 3], "loss": [2.0, 1.0, 0.5]})
    table = pd.DataFrame(
        {"restored": restored, "stop": stop, "epoch": epoch, "loss": losses[epoch - 1]}
        for restored, losses in (("everything", (2.0, 1.0, 0.5)), ("the weights", (2.4, 1.2, 0.8)))
        for stop in (1, 2)
        for epoch in range(stop + 1, 4)
    )
    return explorers.resume(table, through, start=("everything", 1), caption="Stop & resume.")


MAKERS = [
    backprop_stepper,
    batch_journey,
    capacity,
    depth_signal,
    hidden_space,
    lr_range_test,
    resume,
    training_curves,
    training_grid,
]
