"""Pictures side by side."""

import math
from collections.abc import Sequence

import matplotlib.pyplot as plt
import torch
from torch import Tensor

CELL_INCHES = 0.85


def image_grid(
    images: Tensor,
    *,
    titles: Sequence[str] | None = None,
    columns: int = 8,
    cmap: str = "gray_r",
    limits: tuple[float, float] | None = None,
) -> None:
    """Gray pictures in a grid, dark ink on a white ground (chapters 14, 16 and 17).

    Args:
        images: shape (N, H, W) or (N, 1, H, W).
        titles: a short text above each picture.
        columns: pictures in a row.
        cmap: matplotlib's color map: ``"gray_r"`` for ink, a diverging one for weights.
        limits: the values at the two ends of the color map; by default each picture's own.
    """
    if images.ndim == 4 and images.shape[1] == 1:
        images = images.squeeze(1)
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    height = CELL_INCHES * (1.0 if titles is None else 1.35)
    _, axes = plt.subplots(
        rows, columns, figsize=(CELL_INCHES * columns, height * rows), squeeze=False
    )
    low, high = limits or (None, None)
    pictures = (
        images.detach().cpu().to(torch.float64 if images.is_floating_point() else images.dtype)
    )
    for index, ax in enumerate(axes.flat):
        ax.axis("off")
        if index < len(images):
            ax.imshow(pictures[index].numpy(), cmap=cmap, vmin=low, vmax=high)
            if titles is not None:
                ax.set_title(titles[index], fontsize=8, loc="center")
