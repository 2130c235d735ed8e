"""What makes two training runs the same run, in words."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlbook.data import Batches
from dlbook.training.fingerprint import same_numbers
from dlbook.training.run import Run
from dlbook.training.storable import plain

Entries = Iterator[tuple[str, str]]


def describe(run: Run, *, callbacks: str) -> dict[str, str]:
    """Every setting of a run that must be the same when it is resumed, taken before it starts."""
    return {
        **dict(_of_model(run.model)),
        "the optimizer": type(run.optimizer).__name__,
        "the scheduler": "none" if run.scheduler is None else type(run.scheduler).__name__,
        **dict(_of_scheduler(run.scheduler)),
        **dict(_of_optimizer(run.optimizer)),
        **dict(_of_batches(run.batches)),
        "callbacks": callbacks,
        "val": str(run.val),
        "autocast": str(run.autocast),
    }


def require_same(path: Path, there: Mapping[str, str], here: Mapping[str, str]) -> None:
    """Raise unless the checkpoint at ``path`` is of the run that is described by ``here``.

    Raises:
        ValueError: names the first setting that differs, its value there and here.
    """
    for name in (*there, *here):
        expected, found = here.get(name, "nothing"), there.get(name, "nothing")
        if found != expected:
            raise ValueError(
                f"{path} is of another run: at its start, {name} was {found}; here it is "
                f"{expected}. To resume, make everything anew as for that run"
            )


def require_same_data(
    path: Path, there: Mapping[str, list[float]], here: Mapping[str, list[float]]
) -> None:
    """Raise where the fingerprint of a tensor differs; earlier checkpoints have none.

    Raises:
        ValueError: names the first tensor that holds other numbers.
    """
    for name in here:
        if name in there and not same_numbers(there[name], here[name]):
            raise ValueError(
                f"{path} is of another run: it has seen other numbers in {name}. "
                "To resume, load the same data, in the same order"
            )


def _of_model(model: nn.Module) -> Entries:
    """The layers' types, and shape and type of all their tensors."""
    yield "the model's layers", " ".join(type(layer).__name__ for layer in model.modules())
    for name, value in model.state_dict().items():
        is_tensor = isinstance(value, Tensor)  # what get_extra_state returns need not be one
        what = f"{tuple(value.shape)} {value.dtype}" if is_tensor else type(value).__name__
        yield f"{name} of the model", what


def _of_optimizer(optimizer: Optimizer) -> Entries:
    for number, group in enumerate(optimizer.state_dict()["param_groups"], start=1):
        for name, value in group.items():
            yield f"{name} of the optimizer's group {number}", repr(plain(value))


def _of_scheduler(scheduler: LRScheduler | None) -> Entries:
    for name, value in ({} if scheduler is None else scheduler.state_dict()).items():
        yield f"{name} of the scheduler", repr(plain(value))


def _of_batches(batches: Batches) -> Entries:
    yield "the training set", repr(batches.samples)
    for name in ("batch_size", "shuffle", "drop_last"):
        yield name, str(getattr(batches, name))
    if batches.shift:
        yield "shift", str(batches.shift)
    yield "the seed of the batches", str(batches.generator.initial_seed())
