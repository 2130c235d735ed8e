"""A small convolutional network for 28×28 pictures."""

from torch import nn

from dlbook import require
from dlbook.models.seeding import seeded


def small_cnn(classes: int = 10, *, seed: int | None = None) -> nn.Sequential:
    """Two convolutions and two linear layers with batch normalization (chapters 16 and 17).

    Input (N, 1, 28, 28) → 5×5 convolution, 16 channels → pooled to 14×14 → 3×3 convolution,
    32 channels → pooled to 7×7 → linear 1568→128 → linear 128→classes: logits (N, classes).

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
            *_convolution(1, 16, kernel_size=5),
            *_convolution(16, 32, kernel_size=3),
            nn.Flatten(),
            nn.Linear(32 * 7 * 7, 128, bias=False),
            nn.BatchNorm1d(128),
            nn.ReLU(),
            nn.Linear(128, classes),
        )


def _convolution(channels: int, width: int, *, kernel_size: int) -> list[nn.Module]:
    """Convolve, halve height and width, normalize, activate."""
    # The normalization that follows subtracts any bias again, so there is none.
    return [
        nn.Conv2d(channels, width, kernel_size, padding=kernel_size // 2, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(width),
        nn.ReLU(),
    ]
