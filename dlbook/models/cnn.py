"""A small convolutional network for 28×28 images."""

from torch import nn

from dlbook import require
from dlbook.models.seeding import seeded


def small_cnn(classes: int = 10, *, seed: int | None = None) -> nn.Sequential:
    """Two convolutions and two linear layers with batch normalization (chapters 16 and 17).

    Input (N, 1, 28, 28) → 5×5 convolution, 16 channels of 24×24 → pooled to 12×12 → 5×5
    convolution, 32 channels of 8×8 → pooled to 4×4 → linear 512→128 → linear 128→classes: logits
    (N, classes). The plan is that of LeNet-5 (LeCun et al., 1998).

    Args:
        classes: number of classes, at least 2.
        seed: of the initial weights; ``None`` draws them from torch's global state.

    Raises:
        TypeError: classes or seed is no whole number.
        ValueError: fewer than two classes, or a negative seed.
    """
    require.whole("classes", classes, least=2)
    with seeded(seed):
        return nn.Sequential(
            *_convolution(1, 16),
            *_convolution(16, 32),
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, 128, bias=False),
            nn.BatchNorm1d(128),
            nn.ReLU(),
            nn.Linear(128, classes),
        )


def _convolution(channels: int, width: int) -> list[nn.Module]:
    """Convolve without padding, halve height and width, normalize, activate."""
    # The normalization that follows subtracts any bias again, so there is none.
    return [
        nn.Conv2d(channels, width, 5, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(width),
        nn.ReLU(),
    ]
