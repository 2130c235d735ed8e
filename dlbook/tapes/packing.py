"""Tensors in letters, for what a page's engine is given besides tapes."""

import base64
from typing import Any

import torch
from torch import Tensor

# The engine's arrays: 32 bits for whole numbers, one byte for truths. It has none for int8, which
# a page spreads out first.
TYPES = {
    torch.float32: "float32",
    torch.int32: "int64",
    torch.uint8: "bool",
    torch.int8: "int8",
}


def letters(tensor: Tensor) -> str:
    """The numbers as they lie in memory, in base 64; on nearly all machines, lowest byte first."""
    return base64.b64encode(tensor.cpu().contiguous().numpy().tobytes()).decode()


def packed(tensor: Tensor) -> dict[str, Any]:
    """The numbers in letters, with their type and shape."""
    return {"type": TYPES[tensor.dtype], "shape": list(tensor.shape), "bytes": letters(tensor)}
