"""What is taken for what."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import LogNorm
from torch import Tensor

DARK = 0.457  # mean of red, green and blue below which white reads better than black


def confusion_matrix(y: Tensor, predicted: Tensor, classes: Sequence[str]) -> None:
    """How often each class (row) was taken for each class (column), as numbers (chapter 17).

    Args:
        y: true labels, shape (N,), integers from 0 to C − 1.
        predicted: predicted labels, the same shape.
        classes: the C names.

    Raises:
        ValueError: the shapes differ, or a label has no name.
    """
    size, labels = len(classes), torch.cat((y, predicted))
    # Otherwise the picture would be of other pairs, and look right.
    if y.shape != predicted.shape or int(labels.min()) < 0 or int(labels.max()) >= size:
        raise ValueError(
            f"y and predicted must be of one shape, from 0 to {size - 1}, as classes has {size} "
            f"names, got {tuple(y.shape)} and {tuple(predicted.shape)}, from {int(labels.min())} "
            f"to {int(labels.max())}"
        )
    pairs = torch.bincount(y.long() * size + predicted, minlength=size * size)
    counts = pairs.view(size, size).cpu().numpy()
    _, ax = plt.subplots(figsize=(5.4, 5.0))
    picture = ax.imshow(counts + 1, cmap="Blues", norm=LogNorm(1, 2 * int(counts.max())))
    brightness = picture.to_rgba(counts + 1)[..., :3].mean(axis=-1)
    for row in range(size):
        for column in range(size):
            count = int(counts[row, column])
            if count:
                color = "white" if brightness[row, column] < DARK else "black"
                ax.text(column, row, str(count), ha="center", va="center", color=color, fontsize=8)
    ax.grid(visible=False)
    ax.set_xticks(range(size), classes, rotation=0 if len(max(classes, key=len)) < 3 else 45)
    ax.set_yticks(range(size), classes)
    ax.set(xlabel="predicted", ylabel="true")
