"""Training and evaluation: the loop that chapter 09 builds, with a table as its result."""

from dlbook.training.autocast import mixed_dtype
from dlbook.training.callbacks import Callback, EpochEnd, StepCallback
from dlbook.training.early_stopping import EarlyStopping
from dlbook.training.evaluation import Criterion, accuracy, evaluate, predict
from dlbook.training.fit import fit
from dlbook.training.history import History

__all__ = [
    "Callback",
    "Criterion",
    "EarlyStopping",
    "EpochEnd",
    "History",
    "StepCallback",
    "accuracy",
    "evaluate",
    "fit",
    "mixed_dtype",
    "predict",
]
