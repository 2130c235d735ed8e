"""What a training run leaves behind: tidy tables."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """The record of one run of `dlbook.training.fit`.

    Attributes:
        epochs: one row per epoch: ``epoch`` (from 1), ``train_loss`` (mean over the samples seen,
            while the weights were changing), ``seconds`` of training, and, when there is a
            validation set, ``val_loss`` and, for classes, ``val_accuracy`` (from 0 to 1).
        steps: one row per update: ``step`` (from 1), ``epoch``, ``loss`` of that mini-batch.
    """

    epochs: pd.DataFrame
    steps: pd.DataFrame

    @property
    def last(self) -> dict[str, float]:
        """The last epoch's row."""
        return {str(name): float(value) for name, value in self.epochs.iloc[-1].items()}

    def __repr__(self) -> str:
        return self.epochs.round(4).to_string(index=False)

    def _repr_html_(self) -> str:
        return self.epochs.round(4).to_html(index=False, border=0)
