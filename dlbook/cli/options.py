"""Numbers as options of a command: read, or refused with what was expected."""

from argparse import ArgumentTypeError
from collections.abc import Callable

_LARGEST = 2**63 - 1  # what torch takes as a seed
_A_DAY = 86_400


def whole(least: int) -> Callable[[str], int]:
    """What reads whole numbers that are not below ``least``."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= _LARGEST:
            raise ArgumentTypeError(
                f"expected a whole number from {least} to {_LARGEST}, got {text!r}"
            )
        return int(text)

    return read


def learning_rate(text: str) -> float:
    """Read a number above 0 that an optimizer can still multiply and divide in float32."""
    most = 1e30
    return number(text, f"above 0, at most {most:g}", lambda value: 0 < value <= most)


def seconds(text: str) -> float:
    """Read a time to wait, in seconds."""
    return number(text, f"above 0, at most {_A_DAY}", lambda value: 0 < value <= _A_DAY)


def share(text: str) -> float:
    """Read a number from 0 to below 1."""
    return number(text, "from 0 to below 1", lambda value: 0 <= value < 1)


def number(text: str, range_in_words: str, fits: Callable[[float], bool]) -> float:
    """Read a number that fits.

    Raises:
        argparse.ArgumentTypeError: it does not fit, or is no number; argparse prints the message.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not fits(value):
        raise ArgumentTypeError(f"expected a number {range_in_words}, got {text!r}")
    return value
