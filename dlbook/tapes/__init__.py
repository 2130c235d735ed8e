"""Torch functions recorded as tapes, which a short script plays on a page without a kernel."""

from dlbook.tapes.playing import play
from dlbook.tapes.tape import Step, Tape, Value
from dlbook.tapes.tracing import engine, operations, trace

__all__ = ["Step", "Tape", "Value", "engine", "operations", "play", "trace"]
