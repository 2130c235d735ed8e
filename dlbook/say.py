"""What is printed for the reader, whatever it is printed to."""

import sys
from typing import TextIO


def say(text: str, *, end: str = "\n", stream: TextIO | None = None) -> None:
    """Print a text; letters that the stream cannot show are escaped.

    Args:
        text: what to print.
        end: what comes after it.
        stream: where to; by default stdout. Where there is none, as under pythonw, or it was
            closed, nothing is printed.
    """
    stream = stream or sys.stdout
    if not is_open(stream):
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    print(shown, end=end, file=stream, flush=True)


def is_open(stream: TextIO | None) -> bool:
    """Whether there is a stream, and it was not closed."""
    return stream is not None and not getattr(stream, "closed", False)
