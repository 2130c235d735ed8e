"""How large a network is."""

from torch import nn


def count_parameters(model: nn.Module) -> int:
    """The number of trainable numbers in ``model`` (chapter 12)."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
