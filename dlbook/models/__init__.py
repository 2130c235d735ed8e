"""Networks that several chapters use, and what makes a trained one small."""

from dlbook.models.cnn import small_cnn
from dlbook.models.folding import FoldedLayer, fold, round_weights
from dlbook.models.mlp import mlp
from dlbook.models.parameters import count_parameters

__all__ = ["FoldedLayer", "count_parameters", "fold", "mlp", "round_weights", "small_cnn"]
