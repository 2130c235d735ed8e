"""The reader's network, given back as it came."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.nn.parameter import is_lazy


@contextmanager
def borrowed(model: nn.Module) -> Iterator[None]:
    """Put weights, buffers, gradients and modes back at the end of the block."""
    tensors = [t for t in (*model.parameters(), *model.buffers()) if not is_lazy(t)]
    before = [(t, t.detach().clone(), t.grad) for t in tensors]
    modes = [(module, module.training) for module in model.modules()]
    for tensor in tensors:
        tensor.grad = None
    try:
        yield
    finally:
        with torch.no_grad():
            for tensor, value, grad in before:
                tensor.copy_(value)
                tensor.grad = grad
        for module, training in modes:
            module.training = training
