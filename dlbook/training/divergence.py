"""What to say when the loss is no longer a number."""

import torch
from torch import Tensor

from dlbook.data import Samples


def require_finite(losses: Tensor, epoch: int, samples: Samples) -> None:
    """Raise when one of an epoch's mini-batch losses, shape (steps,), is NaN or infinite.

    Raises:
        FloatingPointError: names the epoch, the step in it, and a likely cause.
    """
    bad = (~losses.isfinite()).nonzero()
    if not len(bad):
        return
    step = int(bad[0])
    raise FloatingPointError(
        f"the loss became {losses[step].item()} at epoch {epoch}, step {step + 1} of "
        f"{len(losses)}: {_likely_cause(losses[:step], samples)}"
    )


def _likely_cause(before: Tensor, samples: Samples) -> str:
    for name, values in (("x", samples.x), ("y", samples.y)):
        if not torch.isfinite(values).all():
            return f"{name} of the training samples holds NaN or infinite values"
    if len(before) > 1 and before[-1] > before[0]:
        return (
            f"it had grown from {before[0].item():.3g} to {before[-1].item():.3g}, "
            "so the learning rate is probably too large"
        )
    return (
        "the learning rate may be too large, the inputs may be unscaled, "
        "or the criterion may take the logarithm of zero"
    )
