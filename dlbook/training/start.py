"""What cannot work is refused before the first step, in words that name the setting."""

import copy
from inspect import Parameter, signature
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from dlbook import distributed, require
from dlbook.data import Batches
from dlbook.files import require_writable
from dlbook.training.arguments import KINDS, require_functions, require_parts
from dlbook.training.autocast import require_mixed
from dlbook.training.early_stopping import require_monitored
from dlbook.training.evaluation import predict, val_scores
from dlbook.training.generators import random_states, set_random_states
from dlbook.training.run import Run


def require_possible(
    run: Run, *, epochs: float, progress: bool | None, save_to: Path | str | None
) -> int:
    """Refuse a run that would fail midway, or not train all that it should; else count its updates.

    Layers that take their shapes from the first input see one, as a first call would show them.

    Raises:
        RuntimeError: torchrun's processes are not connected.
        TypeError: an argument of another type; the message names it.
        ValueError: an argument that cannot be; the message names it.
    """
    distributed.require_connected()
    require_parts(**{name: getattr(run, name) for name in KINDS})
    require_functions(run.criterion, run.on_step, run.callbacks)
    if progress is not None:
        require.flag("progress", progress)
    steps = _number_of_steps(epochs, run.batches)
    require_mixed(run.autocast)
    if save_to is not None:
        require_writable(require.path("save_to", save_to), "save_to")
    _require_all_held(run.model, run.optimizer)
    if run.scheduler is not None:
        _require_scheduler_of(run.optimizer, run.scheduler, steps=steps)
    if any(map(is_lazy, (*run.model.parameters(), *run.model.buffers()))):
        predict(run.model, run.batches.samples.x[:1])
    _require_batches_for_norm(run.model, run.batches, steps=steps)
    _require_scored(run)
    return steps


def _number_of_steps(epochs: float, batches: Batches) -> int:
    steps = round(require.number("epochs", epochs, above=0) * len(batches))
    if steps < 1:
        raise ValueError(
            f"epochs must be enough for one of the {len(batches)} steps of a pass, got {epochs}"
        )
    return steps


def _require_scored(run: Run) -> None:
    """Refuse what cannot be scored after an epoch, and who waits for a score that none will have.

    Raises:
        Exception: what `evaluate` raises for such samples, of which two are tried: a single one
            might be squeezed away.
        ValueError: an `EarlyStopping` monitors no score.
    """
    scores = val_scores(run.model, None if run.val is None else run.val[:2], run.criterion)
    require_monitored(run.callbacks, ("epoch", "train_loss", "seconds", *scores))


def _require_all_held(model: nn.Module, optimizer: Optimizer) -> None:
    """Refuse an optimizer that leaves trainable parameters as they are, or calls the model."""
    closure = signature(optimizer.step).parameters.get("closure")
    if closure is not None and closure.default is Parameter.empty:
        raise ValueError(
            "optimizer must take its step from the gradients alone, got a "
            f"{type(optimizer).__name__}, whose step calls the model again"
        )
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    lacking = [
        name
        for name, parameter in model.named_parameters()
        if parameter.requires_grad and id(parameter) not in held
    ]
    if lacking:
        names = ", ".join(lacking[:3]) + (", …" if len(lacking) > 3 else "")
        raise ValueError(
            f"optimizer must hold every parameter that requires a gradient, got one without {names}"
            ". Make it from model.parameters() once the model is complete; for a layer that is to "
            "stay as it is, call requires_grad_(False)"
        )


def _require_scheduler_of(optimizer: Optimizer, scheduler: LRScheduler, *, steps: int) -> None:
    """Refuse a schedule that moves another optimizer's learning rate, or ends too early."""
    groups, others = ({id(g) for g in o.param_groups} for o in (optimizer, scheduler.optimizer))
    if groups.isdisjoint(others):
        raise ValueError(
            "scheduler must be made from this optimizer, got one that moves another's learning rate"
        )
    if isinstance(scheduler, OneCycleLR) and scheduler.last_epoch + steps > scheduler.total_steps:
        raise ValueError(
            f"scheduler must have total_steps for all {steps} updates, got a OneCycleLR for "
            f"{scheduler.total_steps}, {scheduler.last_epoch} of them done"
        )


def _require_batches_for_norm(model: nn.Module, batches: Batches, *, steps: int) -> None:
    """Refuse a batch that leaves a process with one sample, where the model compares samples."""
    smallest, processes = min(batches.sizes[:steps]), distributed.world_size()
    if smallest < 2 * processes and _compares_samples(model, batches.samples.x[:1]):
        raise ValueError(
            "batch_size must give batch normalization two samples or more to compare, got "
            f"{batches.batch_size}, which makes a batch of {smallest} out of "
            f"{len(batches.samples)} samples{f' for {processes} processes' * (processes > 1)}; "
            "take another one, or Batches(..., drop_last=True)"
        )


def _compares_samples(model: nn.Module, x: Tensor) -> bool:
    """Whether a copy of the model, while it trains, refuses the one sample of ``x``, (1, …).

    Only a trial can tell: batch normalization of images compares pixels, as long as there are
    some, and a frozen layer compares nothing.
    """
    if not any(isinstance(layer, _BatchNorm) for layer in model.modules()):
        return False
    states = random_states(x.device)
    try:
        with torch.no_grad():
            copy.deepcopy(model).train()(x)
    except Exception as error:  # any other is left to the training itself
        return "more than 1 value per channel" in str(error)
    finally:
        set_random_states(states, x.device)
    return False
