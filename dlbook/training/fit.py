"""The training loop: predict, loss, zero_grad, backward, step."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlbook import distributed
from dlbook.data import Batches, Samples
from dlbook.training.after_step import AfterStep, step_bar
from dlbook.training.arguments import asks_to_stop, differentiable
from dlbook.training.autocast import Autocast, ScaledOptimizer, scaled, schedules_move_on
from dlbook.training.callbacks import Callback, EpochEnd, StepCallback
from dlbook.training.divergence import require_finite
from dlbook.training.evaluation import Criterion, val_scores
from dlbook.training.history import History
from dlbook.training.run import Run
from dlbook.training.start import require_possible
from dlbook.training.state import TrainingState


def fit(
    model: nn.Module,
    batches: Batches,
    *,
    epochs: float,
    optimizer: Optimizer,
    criterion: Criterion = F.cross_entropy,
    scheduler: LRScheduler | None = None,
    val: Samples | None = None,
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
        val: samples to evaluate on after each epoch.
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
    run = Run(model, batches, optimizer, criterion, scheduler, val, callbacks, on_step, autocast)
    steps = require_possible(run, epochs=epochs, progress=progress, save_to=save_to)
    state = TrainingState(run)
    state.begin(epochs=epochs, save_to=save_to, resume_from=resume_from)
    record = state.record
    network = distributed.replica(model if autocast is None else Autocast(model, autocast))
    loss_of = differentiable(distributed.shared(criterion))
    loss_of, update = scaled(loss_of, optimizer, state.scaler)
    bar_of_all = step_bar(progress, done=record.epoch * len(batches), steps=steps)
    with bar_of_all as bar, schedules_move_on(state.scaler):
        after_step = AfterStep(scheduler, bar, on_step)
        while (left := steps - record.epoch * len(batches)) > 0 and not record.stopped:
            bar.set_description(f"epoch {record.epoch + 1}/{math.ceil(epochs)}")
            start = time.perf_counter()
            losses = _train_epoch(network, islice(batches, left), loss_of, update, after_step)
            losses = distributed.average(losses)
            row = _row(record.epoch + 1, losses, start, run)
            record.add(row, losses)
            end = EpochEnd(record.epoch, row, model, optimizer)
            stops = [asks_to_stop("a callback", callback(end)) for callback in callbacks]
            record.stopped = after_step.interrupted or distributed.any_true(any(stops))
            if save_to is not None and left >= len(batches) and not after_step.interrupted:
                state.save(Path(save_to))
    return record.history()


def _train_epoch(
    model: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    criterion: Criterion,
    optimizer: Optimizer | ScaledOptimizer,
    after_step: Callable[[Tensor], bool],
) -> Tensor:
    """A pass over mini-batches, unless ``after_step`` ends it: the losses of its updates."""
    model.train()
    losses = []  # they stay on the device: reading one would wait for the GPU
    for x, y in batches:
        y_hat = model(x)
        loss = criterion(y_hat, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        if after_step(losses[-1]):
            break
    return torch.stack(losses)


def _row(epoch: int, losses: Tensor, start: float, run: Run) -> dict[str, float]:
    """The epoch's row of `History.epochs`, unless its losses are no numbers."""
    require_finite(losses, epoch, run.batches.samples)
    seconds = time.perf_counter() - start  # the losses were read: the GPU has finished
    distributed.copy_buffers(run.model)
    row = {"epoch": epoch, "train_loss": _mean_loss(losses, run.batches), "seconds": seconds}
    return row | distributed.from_main(partial(val_scores, run.model, run.val, run.criterion))


def _mean_loss(losses: Tensor, batches: Batches) -> float:
    """The mean over the samples seen: a ragged last batch counts for less."""
    sizes = torch.tensor(batches.sizes[: len(losses)], dtype=torch.float64)
    return (losses.cpu().double() @ sizes / sizes.sum()).item()
