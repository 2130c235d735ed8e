"""Questions that may crash or hang whoever answers them, asked in a process of their own."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dlbook.doctor.home import VARIABLE
from dlbook.doctor.processes import run

MARK = "dlbook.doctor.answer:"  # other lines come from what is imported
NOT_REACHED = "not examined, for an examination before it did not end well"


@dataclass(frozen=True)
class Answer:
    """What a question returned, or how it failed: an exception, a crash, no answer in time."""

    value: Any = None
    failure: str = ""


def ask(*questions: Callable[[], Any], limit: float, home: str | None = None) -> list[Answer]:
    """Call functions without arguments, one after the other, in one fresh Python process.

    Args:
        *questions: functions of a module's top level, whose results JSON can hold.
        limit: seconds for all of them together.
        home: the home folder of that process, by default ours.

    Returns:
        An answer for each. When one crashes or hangs, the later ones are not asked.
    """
    names = [f"{question.__module__}:{question.__name__}" for question in questions]
    command = [sys.executable, "-m", "dlbook.doctor.inside", *names]
    finished = run(command, limit, {} if home is None else {VARIABLE: home})
    lines = [line for line in finished.out.splitlines() if line.startswith(MARK)]
    answers = [Answer(**json.loads(line.removeprefix(MARK))) for line in lines]
    if len(answers) < len(questions):
        answers.append(Answer(failure=finished.failure))
    return answers + [Answer(failure=NOT_REACHED)] * (len(questions) - len(answers))
