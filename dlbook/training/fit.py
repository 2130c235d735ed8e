"""The training loop: predict, loss, zero_grad, backward, step."""

import time
from collections.abc import Callable, Sequence

import pandas as pd
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from dlbook.data import Batches, Samples
from dlbook.progress import progress_bar
from dlbook.training.callbacks import Callback, EpochEnd, StepCallback
from dlbook.training.divergence import require_finite
from dlbook.training.evaluation import Criterion, evaluate
from dlbook.training.history import History


def fit(
    model: nn.Module,
    batches: Batches,
    *,
    epochs: int,
    optimizer: Optimizer,
    criterion: Criterion = F.cross_entropy,
    scheduler: LRScheduler | None = None,
    valid: Samples | None = None,
    callbacks: Sequence[Callback] = (),
    on_step: StepCallback | None = None,
    progress: bool | None = None,
) -> History:
    """Train ``model`` in place for some epochs (built step by step in chapter 09).

    Every mini-batch takes the five steps: predict, loss, zero_grad, backward, step.

    Args:
        model: the network, on the device of the data.
        batches: the training set, cut into mini-batches.
        epochs: passes over the training set, at least 1.
        optimizer: made from the model's parameters.
        criterion: a loss that is a mean over the batch.
        scheduler: of the optimizer's learning rate, moved on after every update.
        valid: samples to evaluate on after each epoch.
        callbacks: called after each epoch in turn; a true result of any ends the training.
        on_step: called after each update with its loss; a true result ends the training there.
        progress: whether to draw a progress bar; by default, when somebody is watching.

    Returns:
        The run as tables: one row per epoch, one row per step.

    Raises:
        ValueError: epochs below 1.
        FloatingPointError: the loss became NaN or infinite; the message names the epoch, the step
            and a likely cause.
    """
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {epochs}")
    rows: list[dict[str, float]] = []
    losses: list[Tensor] = []
    weights = _batch_weights(batches)
    with progress_bar(show=progress, total=epochs * len(batches), unit="step") as bar:

        def after_step(loss: Tensor) -> bool:
            bar.update()
            return on_step is not None and bool(on_step(loss))

        for epoch in range(1, epochs + 1):
            bar.set_description(f"epoch {epoch}/{epochs}")
            start = time.perf_counter()
            seen, stopped = _train_epoch(
                model, batches, optimizer, criterion, scheduler, after_step
            )
            seconds = time.perf_counter() - start
            require_finite(seen, epoch, batches.samples)
            losses.append(seen)
            share = weights[: len(seen)]
            row = {"epoch": epoch, "train_loss": (seen @ share / share.sum()).item()}
            row |= {"seconds": seconds} | _valid_scores(model, valid, criterion)
            rows.append(row)
            stops = [callback(EpochEnd(epoch, row, model, optimizer)) for callback in callbacks]
            if stopped or any(stops):
                break
    return _history(rows, losses)


def _train_epoch(
    model: nn.Module,
    batches: Batches,
    optimizer: Optimizer,
    criterion: Criterion,
    scheduler: LRScheduler | None,
    after_step: Callable[[Tensor], bool],
) -> tuple[Tensor, bool]:
    """One pass over the training set: the losses of its updates, and whether it was stopped."""
    model.train()
    # The losses stay on the device until the epoch is over: reading one would wait for the GPU.
    losses = torch.empty(len(batches), device=batches.samples.x.device)
    for step, (x, y) in enumerate(batches):
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        losses[step] = loss.detach()
        if after_step(losses[step]):
            return losses[: step + 1], True
    return losses, False


def _batch_weights(batches: Batches) -> Tensor:
    """Each batch's share of the samples seen, so that a ragged last batch counts for less."""
    sizes = torch.full((len(batches),), float(batches.batch_size))
    sizes[-1] -= max(0, len(batches) * batches.batch_size - len(batches.samples))
    return (sizes / sizes.sum()).to(batches.samples.x.device)


def _valid_scores(
    model: nn.Module, valid: Samples | None, criterion: Criterion
) -> dict[str, float]:
    if valid is None:
        return {}
    scores = evaluate(model, valid, criterion=criterion)
    return {f"valid_{name}": score for name, score in scores.items()}


def _history(rows: list[dict[str, float]], losses: list[Tensor]) -> History:
    loss = torch.cat(losses).cpu()
    epoch = torch.cat([torch.full((len(seen),), i) for i, seen in enumerate(losses, start=1)])
    columns = {"step": torch.arange(1, len(loss) + 1), "epoch": epoch, "loss": loss}
    return History(
        pd.DataFrame(rows), pd.DataFrame({name: t.numpy() for name, t in columns.items()})
    )
