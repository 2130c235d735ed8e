"""Answer questions in a process of their own: ``python -m dlbook.doctor.inside MODULE:FUNCTION …``.

Each answer is a line of JSON, written as soon as it is known. So when one question crashes or
hangs, the answers before it are not lost.
"""

import importlib
import json
import sys

from dlbook.doctor.asking import MARK


def answer(question: str) -> dict[str, object]:
    """Call a function, named ``module:function``; what it raises is an answer, too."""
    module, _, function = question.partition(":")
    try:
        return {"value": getattr(importlib.import_module(module), function)()}
    except (Exception, SystemExit) as error:
        return {"failure": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        sys.stdout.write(f"\n{MARK}{json.dumps(answer(argument))}\n")
        sys.stdout.flush()
