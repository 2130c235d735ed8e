"""Labs: controls on a live kernel, where moving a slider or pressing a button trains."""

from dlbook.labs.batch_lab import BatchLab
from dlbook.labs.descent_lab import DescentLab
from dlbook.labs.training_lab import TrainingLab

__all__ = ["BatchLab", "DescentLab", "TrainingLab"]
