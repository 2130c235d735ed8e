"""The training loop: predict, loss, zero_grad, backward, step."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from tqdm import tqdm

from dlbook import distributed, require
from dlbook.data import Batches, Samples
from dlbook.files import require_writable
from dlbook.progress import progress_bar
from dlbook.training.arguments import asks_to_stop, loss_of, require_functions, require_parts
from dlbook.training.autocast import Autocast, loss_scaler, schedules_move_on
from dlbook.training.callbacks import Callback, EpochEnd, StepCallback
from dlbook.training.divergence import require_finite
from dlbook.training.evaluation import Criterion, valid_scores
from dlbook.training.history import History
from dlbook.training.start import require_scored, require_trainable
from dlbook.training.state import TrainingState


def fit(
    model: nn.Module,
    batches: Batches,
    *,
    epochs: float,
    optimizer: Optimizer,
    criterion: Criterion = F.cross_entropy,
    scheduler: LRScheduler | None = None,
    valid: Samples | None = None,
    callbacks: Sequence[Callback] = (),
    on_step: StepCallback | None = None,
    progress: bool | None = None,
    autocast: torch.dtype | None = None,
    save_to: Path | str | None = None,
    resume_from: Path | str | None = None,
) -> History:
    """Train ``model`` in place for some epochs (built step by step in chapter 09).

    Every mini-batch takes the five steps: predict, loss, zero_grad, backward, step. What cannot
    work is refused before the first of them.

    A run that was cut short goes on when the same command is given again with ``resume_from``: on
    the CPU it ends bit for bit as if it had never stopped (chapter 18). Model, optimizer and
    scheduler are made anew for it; they take over the checkpoint's state.

    Inside `dlbook.distributed.connected`, the processes that torchrun has started train together
    (chapter 20): each takes its share of every batch, and the reported losses are those of whole
    batches. Losses and weights are those of one process up to rounding, except where layers draw
    random numbers or batch norm is used: its means and variances are those of each process's
    share (`torch.nn.SyncBatchNorm`, for GPUs only, takes those of the whole batch), and the main
    process's running statistics are kept.

    Args:
        model: the network, on the device of the data.
        batches: the training set, cut into mini-batches.
        epochs: passes over the training set, counted from the run's very beginning. The last may
            be a part of one: 0.75 is three quarters of the mini-batches of a single pass.
        optimizer: made from the model's parameters, all that require a gradient.
        criterion: a loss that is a mean over the batch.
        scheduler: of the optimizer's learning rate, moved on after every update.
        valid: samples to evaluate on after each epoch.
        callbacks: called after each epoch in turn; a true result of any ends the training.
        on_step: called after each update with its loss; a true result ends the training there.
        progress: whether to draw a progress bar; by default, when somebody is watching.
        autocast: ``torch.bfloat16`` or ``torch.float16`` to predict in mixed precision while
            training (chapter 20). For float16 the loss is scaled, and an update with a gradient
            that overflows is skipped; `mixed_dtype` chooses between the two.
        save_to: a file for the checkpoint that is written after every whole epoch. It also holds
            the state of callbacks that have ``state_dict`` and ``load_state_dict``.
        resume_from: a checkpoint of this very run; a run that had ended is not trained further.

    Returns:
        The run as tables: one row per epoch, one row per step, those before a resume too.

    Raises:
        TypeError: an argument of another type, or with save_to a state that a checkpoint cannot
            hold, which is said before anything changes; or what the model or the criterion returns
            is no tensor.
        ValueError: epochs too few for a step, another type for autocast, save_to cannot be
            written, resume_from is no checkpoint of this run on these data, the optimizer lacks
            trainable parameters, the schedule is another optimizer's or too short, a batch of one
            sample under batch norm, or no score for an `EarlyStopping`; nothing has changed then.
            Or the criterion does not return one number, with a gradient.
        FileNotFoundError: resume_from is not there.
        OSError: resume_from cannot be read, or a checkpoint could not be written, as on a full
            disk; the one before is kept.
        FloatingPointError: the loss became NaN or infinite; the message names the epoch, the step
            and a likely cause.
    """
    distributed.require_connected()
    require.number("epochs", epochs, above=0)
    require_parts(
        model=model, batches=batches, optimizer=optimizer, scheduler=scheduler, valid=valid
    )
    require_functions(criterion, on_step, callbacks)
    if progress is not None:
        require.flag("progress", progress)
    steps = _number_of_steps(epochs, batches)
    network = model if autocast is None else Autocast(model, autocast)
    scaler = loss_scaler(batches.samples.x.device, autocast)
    if save_to is not None:
        require_writable(require.path("save_to", save_to), "save_to")
    require_trainable(model, batches, optimizer, scheduler, steps=steps)
    require_scored(model, valid, criterion, callbacks)
    state = TrainingState(model, optimizer, scheduler, scaler, batches, callbacks)
    record = state.record
    if save_to is not None or resume_from is not None:
        state.begin(valid=valid, autocast=autocast)
    if resume_from is not None:
        state.resume(require.path("resume_from", resume_from), epochs=epochs)
    batches.generator.set_state(distributed.from_main(batches.generator.get_state))
    replica, loss_of_share = distributed.replica(network), distributed.shared(criterion)
    bar_of_all = _bar(progress, done=record.epoch * len(batches), steps=steps)
    with bar_of_all as bar, schedules_move_on(scaler):

        def after_step(loss: Tensor) -> bool:
            bar.update()
            if on_step is None:
                return False
            answer = on_step(distributed.average(loss))
            return distributed.any_true(asks_to_stop("on_step", answer))

        while (left := steps - record.epoch * len(batches)) > 0 and not record.stopped:
            bar.set_description(f"epoch {record.epoch + 1}/{math.ceil(epochs)}")
            start = time.perf_counter()
            losses, interrupted = _train_epoch(
                replica,
                islice(batches, left),
                optimizer,
                loss_of_share,
                scheduler,
                scaler,
                after_step,
            )
            losses = distributed.average(losses)
            require_finite(losses, record.epoch + 1, batches.samples)
            seconds = time.perf_counter() - start  # the losses were read: the GPU has finished
            distributed.copy_buffers(model)
            train_loss = _mean_loss(losses, batches)
            row = {"epoch": record.epoch + 1, "train_loss": train_loss, "seconds": seconds}
            row |= distributed.from_main(partial(valid_scores, model, valid, criterion))
            record.add(row, losses)
            end = EpochEnd(record.epoch, row, model, optimizer)
            stops = [asks_to_stop("a callback", callback(end)) for callback in callbacks]
            record.stopped = interrupted or distributed.any_true(any(stops))
            if save_to is not None and left >= len(batches) and not interrupted:
                state.save(Path(save_to))
    return record.history()


def _number_of_steps(epochs: float, batches: Batches) -> int:
    steps = round(epochs * len(batches))
    if steps < 1:
        raise ValueError(
            f"epochs must be enough for one of the {len(batches)} steps of a pass, got {epochs}"
        )
    return steps


def _train_epoch(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    optimizer: Optimizer,
    criterion: Criterion,
    scheduler: LRScheduler | None,
    scaler: GradScaler,
    after_step: Callable[[Tensor], bool],
) -> tuple[Tensor, bool]:
    """A pass over mini-batches: the losses of its updates, and whether it was stopped."""
    model.train()
    # The losses stay on the device until the epoch is over: reading one would wait for the GPU.
    losses = []
    for x, y in batches:
        loss = loss_of(criterion, model(x), y)
        require.differentiable("what criterion makes of model's outputs", loss)
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        if scheduler is not None:
            scheduler.step()
        losses.append(loss.detach())
        if after_step(losses[-1]):
            return torch.stack(losses), True
    return torch.stack(losses), False


def _mean_loss(losses: Tensor, batches: Batches) -> float:
    """The mean over the samples seen: a ragged last batch counts for less."""
    sizes = torch.tensor(batches.sizes[: len(losses)], dtype=torch.float64)
    return (losses.cpu().double() @ sizes / sizes.sum()).item()


def _bar(progress: bool | None, *, done: int, steps: int) -> "tqdm[Any]":
    """A progress bar over the steps of all epochs, on the main process."""
    show = progress if distributed.is_main() else False
    return progress_bar(show=show, total=steps, initial=done, unit="step")
