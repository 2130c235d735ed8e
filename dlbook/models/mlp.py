"""Multilayer perceptrons."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from torch import nn

from dlbook import require
from dlbook.models.seeding import seeded


def mlp(
    sizes: Sequence[int],
    *,
    activation: Callable[[], nn.Module] = nn.ReLU,
    batch_norm: bool = False,
    seed: int | None = None,
) -> nn.Sequential:
    """A multilayer perceptron that flattens its input and ends in logits (chapters 12 and 17).

    ``mlp([784, 128, 10])`` is flatten → linear 784→128 → ReLU → linear 128→10: an activation
    stands between two linear layers, none at the end. Input (N, …) with sizes[0] numbers per
    sample, output (N, sizes[-1]).

    Args:
        sizes: numbers of features, from the input to the output: at least two.
        activation: makes the layer that follows each linear layer but the last.
        batch_norm: whether each activation is preceded by batch normalization (chapter 13). The
            linear layer before it then has no bias, for normalizing would subtract it again.
        seed: of the initial weights; ``None`` draws them from torch's global state.

    Raises:
        TypeError: an argument of another type, or an activation that makes no layer.
        ValueError: fewer than two sizes, or one below 1.
    """
    widths = [require.whole(name, size) for name, size in require.each("sizes", sizes, least=2)]
    if isinstance(activation, nn.Module):
        raise TypeError(
            f"activation must make a layer, such as nn.ReLU, got the layer {activation}"
        )
    require.function("activation", activation)
    require.flag("batch_norm", batch_norm)
    layers: list[nn.Module] = [nn.Flatten()]
    with seeded(seed):
        for features, width in pairwise(widths[:-1]):
            layer = require.kind("what activation returns", activation(), nn.Module)
            norm = [nn.BatchNorm1d(width)] if batch_norm else []
            layers += [nn.Linear(features, width, bias=not batch_norm), *norm, layer]
        layers.append(nn.Linear(widths[-2], widths[-1]))
    return nn.Sequential(*layers)
