"""Many runs at once: one tidy table for a whole grid of settings."""

from dlbook.sweeps.seeds import sweep_seeds
from dlbook.sweeps.training import sweep_training

__all__ = ["sweep_seeds", "sweep_training"]
