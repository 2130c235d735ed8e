"""Small training runs, for one process and for several: ``torchrun … parallel_runs.py FOLDER``.

Each process writes what it saw to ``FOLDER/<rank>.json``.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import SGD, AdamW
from torch.optim.lr_scheduler import OneCycleLR

from dlbook import distributed
from dlbook.data import Batches, Samples, line, moons
from dlbook.models import mlp
from dlbook.training import EarlyStopping, History, fit

TORCHRUN = (sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")
EPOCHS = 4
Summary = dict[str, list[float]]


def half_moons(n: int, dtype: torch.dtype = torch.float64) -> Samples:
    samples = moons(n)
    return Samples(samples.x.to(dtype), samples.y)


def train(
    samples: Samples,
    batch_size: int,
    model: nn.Module | None = None,
    *,
    seed: int = 0,
    lr: float = 0.2,
    **options: Any,
) -> tuple[History, nn.Module]:
    """SGD with momentum, in the samples' precision."""
    model = (model or mlp([2, 16, 2], seed=seed)).to(samples.x.dtype)
    optimizer = SGD(model.parameters(), lr=lr, momentum=0.9)
    batches = Batches(samples, batch_size, seed=seed)
    return fit(model, batches, **{"epochs": EPOCHS, "optimizer": optimizer} | options), model


def adam_with_one_cycle(samples: Samples) -> tuple[History, nn.Module]:
    model = mlp([2, 16, 2], seed=0)
    optimizer = AdamW(model.parameters(), lr=0.01)
    scheduler = OneCycleLR(optimizer, max_lr=0.05, total_steps=EPOCHS * 7)
    val = half_moons(20, torch.float32)
    return train(samples, 8, model, optimizer=optimizer, scheduler=scheduler, val=val)


def stopped_by_one_process() -> tuple[History, nn.Module]:
    seen: list[Tensor] = []

    def on_step(loss: Tensor) -> bool:
        seen.append(loss)
        return distributed.is_main() and len(seen) == 10

    history, model = train(half_moons(50), 8, on_step=on_step)
    assert history.steps["loss"].tolist() == torch.stack(seen).tolist()
    return history, model


def stopped_early() -> tuple[History, nn.Module]:
    stopping = EarlyStopping(patience=2, min_delta=10.0)
    return train(half_moons(50), 8, val=half_moons(20), callbacks=[stopping])


def regression() -> tuple[History, nn.Module]:
    samples = Samples(line(21).x.double(), line(21).y.double())
    return train(samples, 6, mlp([1, 4, 1], seed=0), lr=0.02, criterion=F.mse_loss)


def trained_twice() -> tuple[History, nn.Module]:
    _, model = train(half_moons(50), 8)
    return train(half_moons(50), 8, model)


RUNS: dict[str, Callable[[], tuple[History, nn.Module]]] = {
    "a last batch of 2": lambda: train(half_moons(50), 8),
    "only process 0 has the right seed": lambda: train(half_moons(50), 8, seed=distributed.rank()),
    "odd batches": lambda: train(half_moons(50), 7),
    "a last batch of 1": lambda: train(half_moons(17), 4),
    "float32": lambda: adam_with_one_cycle(half_moons(50, torch.float32)),
    "stopped by one process": stopped_by_one_process,
    "stopped early": stopped_early,
    "regression": regression,
    "trained twice": trained_twice,
}


def with_batch_norm() -> tuple[History, nn.Module]:
    """Here the processes need only agree with each other: each normalizes its own share."""
    torch.manual_seed(distributed.rank())
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 2))
    return train(half_moons(50), 10, model, lr=0.02, val=half_moons(20))


def refusal() -> str:
    """Three samples for two processes leave one of them a single sample to normalize."""
    model = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
    try:
        train(half_moons(13), 10, model)
    except ValueError as error:
        return str(error)
    return "accepted"


def summary(run: tuple[History, nn.Module]) -> Summary:
    """What the processes must agree on."""
    history, model = run
    epochs = history.epochs.drop(columns="seconds")
    return {
        **{f"epochs.{name}": column.tolist() for name, column in epochs.items()},
        **{f"steps.{name}": column.tolist() for name, column in history.steps.items()},
        "weights": torch.cat([v.flatten().double() for v in model.state_dict().values()]).tolist(),
    }


def lost(checkpoint: Path) -> None:
    """Process 1 is killed in the third epoch."""
    steps = iter(range(1, 999))

    def on_step(_: Tensor) -> None:
        if next(steps) == 17 and distributed.rank() == 1:
            os.kill(os.getpid(), signal.SIGKILL)

    train(half_moons(50), 8, save_to=checkpoint, on_step=on_step)


def main(command: str, folder: Path) -> None:
    """Do all runs, or the one that loses a process."""
    with distributed.connected(torch.device("cpu")):
        if command == "lost":
            lost(folder / "run.pt")
        runs = RUNS | {
            "batch norm": with_batch_norm,
            "resumed": lambda: train(half_moons(50), 8, resume_from=folder / "run.pt"),
        }
        found = {name: summary(run()) for name, run in runs.items()} | {"refusal": refusal()}
        (folder / f"{distributed.rank()}.json").write_text(json.dumps(found))
    assert distributed.world_size() == 1


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1], Path(sys.argv[2]))
