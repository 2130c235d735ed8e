"""Working calls of training, sweeps and processes."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import torch
import torch.nn.functional as F
from fuzzing import Arguments, Good
from torch import Tensor, nn

from dlbook.data import Batches, moons
from dlbook.models import mlp
from dlbook.training import EarlyStopping, EpochEnd, History

HERE = Path(mkdtemp())
TRAIN, VAL = moons(8), moons(4, seed=1)


def small_model(seed: int = 0) -> nn.Module:
    return mlp([2, 3, 2], seed=seed)


def nothing(_: object) -> None:
    pass


def run(**others: Any) -> Callable[[], Arguments]:
    """The arguments of a short run of `fit`."""

    def arguments() -> Arguments:
        model = small_model()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        return {
            "model": model,
            "batches": Batches(TRAIN, 4),
            "epochs": 2,
            "optimizer": optimizer,
            "criterion": F.cross_entropy,
            "scheduler": torch.optim.lr_scheduler.ConstantLR(optimizer),
            "val": VAL,
            "callbacks": [nothing],
            "on_step": nothing,
            "progress": False,
            "autocast": None,
            "save_to": HERE / "run.pt",
            "resume_from": None,
        } | others

    return arguments


def as_long_as_asked(history: History, of: Arguments) -> bool:
    return 1 <= len(history.epochs) <= math.ceil(of["epochs"]) and bool(
        history.epochs["seconds"].gt(0).all()
    )


def stopping(*, trained: bool) -> EarlyStopping:
    callback = EarlyStopping()
    if trained:
        model = small_model()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        callback(EpochEnd(1, {"val_loss": 1.0}, model, optimizer))
    return callback


def enter(block: AbstractContextManager[Any]) -> Any:
    with block as value:
        return value


def rows(y_hat: Tensor, of: Arguments) -> bool:
    return len(y_hat) == len(of["x"]) and not y_hat.requires_grad


TRAINING: dict[str, Good] = {
    "dlbook.training:fit": Good(
        run(), as_long_as_asked, endless=("epochs",), free=("resume_from",), changes=True
    ),
    "dlbook.training:predict": Good(
        lambda: {"model": small_model(), "x": TRAIN.x.clone(), "batch_size": 3}, rows, nan=True
    ),
    "dlbook.training:evaluate": Good(
        lambda: {"model": small_model(), "samples": VAL[:], "criterion": F.cross_entropy},
        lambda scores, _: "loss" in scores,
        nan=True,
    ),
    "dlbook.training:accuracy": Good(
        lambda: {"logits": torch.eye(3), "y": torch.arange(3)},
        lambda value, _: 0 <= value <= 1,
    ),
    "dlbook.training:mixed_dtype": Good(
        lambda: {"device": torch.device("cpu")}, lambda dtype, _: dtype is torch.bfloat16
    ),
    "dlbook.training:EarlyStopping": Good(
        lambda: {"patience": 2, "monitor": "val_loss", "min_delta": 0.1},
        lambda callback, of: callback.patience == of["patience"],
    ),
    "dlbook.training:EarlyStopping.restore": Good(
        lambda: {"self": stopping(trained=True), "model": small_model(1)}
    ),
    "dlbook.training:EarlyStopping.state_dict": Good(lambda: {"self": stopping(trained=False)}),
    "dlbook.training:EarlyStopping.load_state_dict": Good(
        lambda: {
            "self": stopping(trained=False),
            "state": stopping(trained=True).state_dict(),
        }
    ),
}

SWEEPS: dict[str, Good] = {
    "dlbook.sweeps:sweep_training": Good(
        lambda: {
            "make_model": small_model,
            "train": TRAIN[:],
            "val": VAL[:],
            "lr": [0.1, 0.2],
            "batch_sizes": [4],
            "epochs": 1,
            "momentum": 0.5,
            "seed": 0,
        },
        lambda table, _: {"lr", "batch_size", "epoch"} <= set(table),
        nan=True,
        endless=("epochs",),
    ),
    "dlbook.sweeps:sweep_seeds": Good(
        lambda: {
            "make_model": small_model,
            "train": TRAIN[:],
            "val": VAL[:],
            "lr": [0.1, 0.2],
            "seeds": [0, 1],
            "batch_size": 4,
            "epochs": 1,
            "momentum": 0.5,
            "together": True,
        },
        lambda table, _: {"lr", "seed", "epoch"} <= set(table),
        nan=True,
        endless=("epochs",),
    ),
}

PROCESSES: dict[str, Good] = {
    "dlbook.distributed:average": Good(lambda: {"value": torch.ones(2)}),
    "dlbook.distributed:any_true": Good(lambda: {"value": True}),
    "dlbook.distributed:gather": Good(lambda: {"value": 3}, lambda values, _: len(values) == 1),
    "dlbook.distributed:from_main": Good(lambda: {"make": small_model}, nan=True),
    "dlbook.distributed:main_first": Good(dict, use=enter),
    "dlbook.distributed:connected": Good(lambda: {"device": torch.device("cpu")}, use=enter),
    "dlbook.distributed:copy_buffers": Good(lambda: {"model": small_model()}),
    "dlbook.distributed:replica": Good(lambda: {"model": small_model()}),
    "dlbook.distributed:shared": Good(lambda: {"criterion": F.cross_entropy}),
    "dlbook.distributed:rank": Good(dict, lambda rank, _: rank == 0),
    "dlbook.distributed:world_size": Good(dict, lambda size, _: size == 1),
    "dlbook.distributed:is_main": Good(dict, lambda is_main, _: is_main is True),
    "dlbook.distributed:require_connected": Good(dict),
}

GOOD_CALLS: dict[str, Good] = TRAINING | SWEEPS | PROCESSES
