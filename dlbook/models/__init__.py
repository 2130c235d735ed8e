"""Networks that several chapters use, and what makes a trained one small."""

from dlbook.models.cnn import small_cnn
from dlbook.models.fusing import FusedLayer, fuse, quantize
from dlbook.models.mlp import mlp
from dlbook.models.parameters import count_parameters

__all__ = ["FusedLayer", "count_parameters", "fuse", "mlp", "quantize", "small_cnn"]
