"""Experiments on scripts that do not learn: change one line and run them again."""

from dlbook.faults.mend import mend

__all__ = ["mend"]
