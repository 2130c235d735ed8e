"""Networks that several chapters use."""

from dlbook.models.cnn import small_cnn
from dlbook.models.mlp import mlp
from dlbook.models.parameters import count_parameters

__all__ = ["count_parameters", "mlp", "small_cnn"]
