"""Mixed precision."""

import torch
from torch import Tensor, nn

from dlbook import require


class Autocast(nn.Module):
    """``model``, computing in bfloat16 what loses nothing by it (chapter 20).

    The weights stay in float32, and so do the outputs, from which the loss is computed. bfloat16
    has float32's range, so gradients need no scaling, as they would in float16.

    Raises:
        ValueError: another type than ``torch.bfloat16``.
    """

    def __init__(self, model: nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        if dtype is not torch.bfloat16:
            raise ValueError(f"autocast must be torch.bfloat16 or None, got {require.shown(dtype)}")
        self.model = model
        self.dtype = dtype

    def forward(self, x: Tensor) -> Tensor:
        """The outputs of the model in float32."""
        with torch.autocast(x.device.type, self.dtype):
            y_hat: Tensor = self.model(x)
        return require.tensor("what model returns", y_hat).float()
