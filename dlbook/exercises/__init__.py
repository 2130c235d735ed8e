"""Checks of the reader's answers: ``check("4.2", answer)``."""

from dlbook.exercises.checking import check, check_solution, progress

__all__ = ["check", "check_solution", "progress"]
