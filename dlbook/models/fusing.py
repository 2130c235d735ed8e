"""A trained network in fewer and smaller numbers: normalization fused in, weights as bytes."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dlbook import require

LARGEST_STEP = 127  # weights are stored as −127…127: the bytes of int8 but one
POOL = 2

Weighted = nn.Conv2d | nn.Linear
Norm = nn.BatchNorm1d | nn.BatchNorm2d


class FusedLayer(nn.Module):
    """A convolution or linear layer together with all that follows it up to the next one.

    ``y = activate(scale · pool(weight ∗ x) + shift)``, with one scale and one shift per output.
    They are applied after the pool, for a negative scale would turn its maximum into a minimum.

    Args:
        weight: (outputs, inputs) of a linear layer, which flattens its input, or
            (outputs, channels, k, k) of a convolution with stride 1.
        scale: (outputs,).
        shift: (outputs,).
        pooled: whether the largest number of each 2×2 block is kept.
        activated: whether ReLU comes last.
        padding: zeros that a convolution adds at each border.

    Raises:
        TypeError: an argument of another type.
        ValueError: shapes that do not fit, a negative padding, or one of a linear layer.
    """

    weight: Tensor
    scale: Tensor
    shift: Tensor

    def __init__(
        self,
        weight: Tensor,
        scale: Tensor,
        shift: Tensor,
        *,
        pooled: bool,
        activated: bool,
        padding: int = 0,
    ) -> None:
        super().__init__()
        _require_layer(weight, scale, shift)
        require.flag("pooled", pooled)
        require.flag("activated", activated)
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("shift", shift)
        self.pooled = pooled
        self.activated = activated
        self.padding = require.whole("padding", padding, least=0)
        if padding and weight.ndim == 2:
            raise ValueError(f"padding must be 0 for a linear layer, got {padding}")

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, inputs) to (N, outputs), or (N, channels, H, W) to (N, outputs, H', W').

        Raises:
            TypeError: x is no floating-point tensor.
            RuntimeError: from torch, where its shape does not fit.
        """
        require.tensor("x", x, "floating-point tensor")
        weight = self.weight.to(x.dtype)
        if weight.ndim == 2:
            sums = F.linear(x.flatten(1), weight)
        else:
            sums = F.conv2d(x, weight, padding=self.padding)
        if self.pooled:
            sums = F.max_pool2d(sums, POOL)
        y = _per_output(self.scale, sums) * sums + _per_output(self.shift, sums)
        return F.relu(y) if self.activated else y

    def extra_repr(self) -> str:
        """What ``print`` shows: the size and type of the weights, and what follows."""
        padding = f", padding={self.padding}" if self.padding else ""
        follows = "".join(f", {name}" for name in ("pooled", "activated") if getattr(self, name))
        return f"{tuple(self.weight.shape)} {self.weight.dtype}{padding}{follows}"


def fuse(model: nn.Sequential) -> nn.Sequential:
    """The layers, each a `FusedLayer`, computing what ``model`` does in evaluation (chapter 17).

    Batch normalization y = γ · (x − μ) / √(σ² + ε) + β with remembered μ and σ² is the scale
    γ / √(σ² + ε) and the shift β − scale · μ, to which the layer's bias adds scale · bias.

    Args:
        model: convolutions and linear layers, each followed by a 2×2 max pool, a batch
            normalization and a ReLU, or by some of these in this order. A linear layer flattens.

    Raises:
        TypeError: model is no ``nn.Sequential``.
        ValueError: another layer, another order, or a convolution with a stride, with unlike
            sides, or with another padding than zeros.
    """
    require.kind("model", model, nn.Sequential)
    groups: list[tuple[Weighted, list[nn.Module]]] = []
    for layer in model:
        if isinstance(layer, Weighted):
            groups.append((layer, []))
        elif not groups and not isinstance(layer, nn.Flatten):
            raise ValueError(f"model must begin with a convolution or linear layer, got {layer}")
        elif groups and not isinstance(layer, nn.Flatten):
            groups[-1][1].append(layer)
    if not groups:
        raise ValueError("model must hold a convolution or linear layer, got none")
    return nn.Sequential(*(_fused(layer, followers) for layer, followers in groups))


def quantize(fused: nn.Sequential) -> nn.Sequential:
    """The same layers with weights that are whole numbers from −127 to 127 (chapter 17).

    Each output has a step of its own, the largest of its weights in magnitude divided by 127:
    weight ≈ step · q. The q are stored as int8, and the step multiplies the scale.

    Args:
        fused: what `fuse` returns.

    Raises:
        TypeError: fused is no ``nn.Sequential``, or a layer no `FusedLayer` of floating-point
            weights.
        ValueError: a weight that is NaN or infinite.
    """
    require.kind("fused", fused, nn.Sequential)
    return nn.Sequential(*(_quantized(layer) for layer in fused))


def _fused(layer: Weighted, followers: list[nn.Module]) -> FusedLayer:
    pool = next((f for f in followers if isinstance(f, nn.MaxPool2d)), None)
    norm = next((f for f in followers if isinstance(f, Norm)), None)
    activation = next((f for f in followers if isinstance(f, nn.ReLU)), None)
    if [f for f in (pool, norm, activation) if f] != followers or not _usual(layer, pool, norm):
        raise ValueError(
            f"model has {layer}, followed by {followers}: expected a linear layer or a convolution "
            "with square kernels, stride 1 and as many zeros at each border, then a 2×2 max pool, "
            "a batch normalization with remembered statistics, a ReLU, or some of these in this "
            "order"
        )
    with torch.no_grad():
        scale, shift = _scale_and_shift(layer, norm)
        weight = layer.weight.clone()
    return FusedLayer(
        weight,
        scale,
        shift,
        pooled=bool(pool),
        activated=bool(activation),
        padding=int(layer.padding[0]) if isinstance(layer, nn.Conv2d) else 0,
    )


def _usual(layer: Weighted, pool: nn.MaxPool2d | None, norm: Norm | None) -> bool:
    """Whether the layers have the settings that `FusedLayer` knows."""
    if norm and not (norm.affine and norm.track_running_stats):
        return False
    if norm and norm.num_features != len(layer.weight):
        return False
    if isinstance(layer, nn.Linear):
        return pool is None
    return (
        layer.kernel_size[0] == layer.kernel_size[1]
        and (layer.stride, layer.dilation) == ((1, 1), (1, 1))
        and isinstance(layer.padding, tuple)
        and layer.padding[0] == layer.padding[1]
        and (layer.groups, layer.padding_mode) == (1, "zeros")
        and (pool is None or repr(pool) == repr(nn.MaxPool2d(POOL)))
    )


def _scale_and_shift(layer: Weighted, norm: Norm | None) -> tuple[Tensor, Tensor]:
    bias = layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias.clone()
    if norm is None:
        return torch.ones_like(bias), bias
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    return scale, norm.bias + scale * (bias - norm.running_mean)


def _quantized(layer: nn.Module) -> FusedLayer:
    if not isinstance(layer, FusedLayer):
        raise TypeError(f"fused must hold FusedLayers, got {layer}")
    require.tensor("weight of fused", layer.weight, "floating-point tensor")
    if not layer.weight.isfinite().all():
        raise ValueError(f"fused must hold finite weights, got NaN or infinity in {layer}")
    largest = layer.weight.flatten(1).abs().amax(dim=1)
    step = largest.clamp(min=torch.finfo(largest.dtype).tiny) / LARGEST_STEP
    return FusedLayer(
        (layer.weight / _per_output(step, layer.weight, axis=0)).round().to(torch.int8),
        layer.scale * step,
        layer.shift,
        pooled=layer.pooled,
        activated=layer.activated,
        padding=layer.padding,
    )


def _require_layer(weight: Tensor, scale: Tensor, shift: Tensor) -> None:
    """Refuse what cannot be the parts of one `FusedLayer`."""
    for name, value in (("weight", weight), ("scale", scale), ("shift", shift)):
        require.tensor(name, value, "tensor of real numbers")
    square = weight.ndim == 2 or (weight.ndim == 4 and weight.shape[2] == weight.shape[3])
    if not square or 0 in weight.shape:
        raise ValueError(
            "weight must be of shape (outputs, inputs) or (outputs, channels, k, k), got "
            f"{tuple(weight.shape)}"
        )
    if not scale.shape == shift.shape == weight.shape[:1]:
        raise ValueError(
            f"scale and shift must be of shape ({len(weight)},), got {tuple(scale.shape)} and "
            f"{tuple(shift.shape)}"
        )


def _per_output(values: Tensor, like: Tensor, *, axis: int = 1) -> Tensor:
    """Values (outputs,) with axes added, so that they go along one axis of another tensor."""
    return values.view(-1, *(1,) * (like.ndim - axis - 1))
