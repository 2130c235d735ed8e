"""Scores of a model on samples that it does not train on."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook.data import Samples

Criterion = Callable[[Tensor, Tensor], Tensor]
"""A loss: criterion(y_hat, y) is a scalar, the mean over the batch."""


def predict(model: nn.Module, x: Tensor, *, batch_size: int = 1000) -> Tensor:
    """The model's outputs for all of ``x``, in evaluation mode and without gradients.

    Args:
        model: maps (N, …) to (N, …); each of its layers is left in the mode it was in.
        x: inputs, shape (N, …).
        batch_size: how many samples to compute at a time.

    Raises:
        ValueError: batch_size below 1.
    """
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")
    modes = [(layer, layer.training) for layer in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return torch.cat([model(part) for part in x.split(batch_size)])
    finally:
        for layer, was_training in modes:
            layer.training = was_training


def accuracy(logits: Tensor, y: Tensor) -> float:
    """The share of samples whose largest logit is that of the label, from 0 to 1 (chapter 17).

    Args:
        logits: shape (N, C).
        y: labels, shape (N,), integers from 0 to C − 1.

    Raises:
        ValueError: the shapes do not fit.
    """
    if logits.ndim != 2 or y.shape != logits.shape[:1]:
        raise ValueError(
            f"logits must be (N, C) and y (N,), got {tuple(logits.shape)} and {tuple(y.shape)}"
        )
    return (logits.argmax(dim=1) == y).sum().item() / len(y)


def evaluate(
    model: nn.Module, samples: Samples, *, criterion: Criterion = F.cross_entropy
) -> dict[str, float]:
    """The mean loss on ``samples`` and, where y holds integer labels (N,), the accuracy.

    Returns:
        ``{"loss": …}`` or ``{"loss": …, "accuracy": …}``, accuracy from 0 to 1.
    """
    y_hat = predict(model, samples.x)
    scores = {"loss": criterion(y_hat, samples.y).item()}
    if samples.y.ndim == 1 and not samples.y.is_floating_point():
        scores["accuracy"] = accuracy(y_hat, samples.y)
    return scores
