"""What cannot work is refused before the first step, in words that name the setting."""

import copy
from collections.abc import Sequence
from inspect import Parameter, signature

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR

from dlbook import distributed
from dlbook.data import Batches, Samples
from dlbook.training.callbacks import Callback
from dlbook.training.early_stopping import require_monitored
from dlbook.training.evaluation import Criterion, predict, valid_scores
from dlbook.training.generators import random_states, set_random_states


def require_trainable(
    model: nn.Module,
    batches: Batches,
    optimizer: Optimizer,
    scheduler: LRScheduler | None,
    *,
    steps: int,
) -> None:
    """Refuse a run of ``steps`` updates that would fail midway, or not train all that it should.

    Layers that take their shapes from the first input see one, as a first call would show them.

    Raises:
        ValueError: names the argument.
    """
    _require_all_held(model, optimizer)
    if scheduler is not None:
        _require_scheduler_of(optimizer, scheduler, steps=steps)
    if any(map(is_lazy, (*model.parameters(), *model.buffers()))):
        predict(model, batches.samples.x[:1])
    _require_batches_for_norm(model, batches, steps=steps)


def require_scored(
    model: nn.Module, valid: Samples | None, criterion: Criterion, callbacks: Sequence[Callback]
) -> None:
    """Refuse what cannot be scored after an epoch, and who waits for a score that none will have.

    Raises:
        Exception: what `evaluate` raises for such samples, of which two are tried: a single one
            might be squeezed away.
        ValueError: an `EarlyStopping` monitors no score.
    """
    scores = valid_scores(model, None if valid is None else valid[:2], criterion)
    require_monitored(callbacks, ("epoch", "train_loss", "seconds", *scores))


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

    Only a trial can tell: batch normalization of pictures compares pixels, as long as there are
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
