"""How large a network is."""

from torch import nn

from dlbook import require


def count_parameters(model: nn.Module) -> int:
    """The number of trainable numbers in ``model`` (chapter 12).

    Raises:
        TypeError: model is no ``nn.Module``.
    """
    require.kind("model", model, nn.Module)
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
