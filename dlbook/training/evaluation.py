"""Scores of a model on samples that it does not train on."""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook import require
from dlbook.data import Samples
from dlbook.training.arguments import loss_of, require_parts

Criterion = Callable[[Tensor, Tensor], Tensor]
"""A loss: criterion(y_hat, y) is a scalar, the mean over the batch."""


def predict(model: nn.Module, x: Tensor, *, batch_size: int = 1000) -> Tensor:
    """The model's outputs for all of ``x``, in evaluation mode and without gradients.

    Args:
        model: maps (N, …) to (N, …); each of its layers is left in the mode it was in.
        x: inputs, shape (N, …).
        batch_size: how many samples to compute at a time.

    Raises:
        TypeError: an argument of another type, or a model that returns no tensor.
        ValueError: batch_size below 1, or a model that does not return a row for each sample.
    """
    require_parts(model=model)
    batch_size = require.whole("batch_size", batch_size)
    if require.tensor("x", x).ndim == 0:
        raise ValueError("x must hold samples along its first dimension, got shape ()")
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return torch.cat([_rows(model(part), len(part)) for part in x.split(batch_size)])
    finally:
        for layer, was_training in modes:
            layer.training = was_training


def _rows(y_hat: Tensor, n: int) -> Tensor:
    """What a model returns for n samples: a row for each."""
    if require.tensor("what model returns", y_hat).shape[:1] != (n,):
        raise ValueError(
            f"what model returns must have a row for each of {n} samples, "
            f"got shape {tuple(y_hat.shape)}"
        )
    return y_hat


def accuracy(logits: Tensor, y: Tensor) -> float:
    """The share of samples whose largest logit is that of the label, from 0 to 1 (chapter 17).

    Args:
        logits: shape (N, C).
        y: labels, shape (N,), integers from 0 to C − 1.

    Returns:
        The share, or NaN where a logit is NaN: that is no prediction.

    Raises:
        TypeError: logits or y is no tensor of real numbers.
        ValueError: the shapes do not fit, or there is no sample or no class.
    """
    require.tensor("logits", logits, "tensor of real numbers")
    require.tensor("y", y, "tensor of real numbers")
    if logits.ndim != 2 or y.shape != logits.shape[:1] or 0 in logits.shape:
        raise ValueError(
            f"logits must be (N, C) and y (N,), got {tuple(logits.shape)} and {tuple(y.shape)}"
        )
    if logits.isnan().any():
        return math.nan
    return (logits.argmax(dim=1) == y).sum().item() / len(y)


def evaluate(
    model: nn.Module, samples: Samples, *, criterion: Criterion = F.cross_entropy
) -> dict[str, float]:
    """The mean loss on ``samples`` and, where y holds integer labels (N,), the accuracy.

    Returns:
        ``{"loss": …}`` or ``{"loss": …, "accuracy": …}``, accuracy from 0 to 1, or NaN where an
        output is.

    Raises:
        TypeError: an argument of another type, or a model or criterion that returns no tensor.
        ValueError: a model that does not return a row for each sample, or, for labels, (N, C); or
            a criterion that does not return one number.
    """
    require_parts(model=model)
    require.kind("samples", samples, Samples)
    require.function("criterion", criterion)
    y_hat = predict(model, samples.x)
    scores = {"loss": loss_of(criterion, y_hat, samples.y).item()}
    if samples.y.ndim == 1 and not samples.y.is_floating_point():
        scores["accuracy"] = accuracy(y_hat, samples.y)
    return scores


def val_scores(model: nn.Module, val: Samples | None, criterion: Criterion) -> dict[str, float]:
    """What `evaluate` says of the validation set, if there is one, as columns of a history."""
    if val is None:
        return {}
    scores = evaluate(model, val, criterion=criterion)
    return {f"val_{name}": score for name, score in scores.items()}
