"""What an examination found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "broken"]


@dataclass(frozen=True)
class Finding:
    """One thing that is so on this machine.

    Attributes:
        topic: what was examined, such as ``"torch"``; the same word in every release.
        level: ``"ok"``; ``"note"`` for what is good to know, though the book works; ``"broken"``.
        what: what is so.
        why: why it matters; empty where all is well.
        mend: the command that mends it, one per line, or what to do where no command can.
    """

    topic: str
    level: Level
    what: str
    why: str = ""
    mend: str = ""
