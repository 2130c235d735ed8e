"""All examinations, side by side, each guarded."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from dlbook.doctor import (
    data_files,
    home,
    interpreter,
    jupyter,
    kernels,
    mirrors,
    pillow,
    requirements,
    space,
    torch_stack,
)
from dlbook.doctor.finding import Finding

Examination = Callable[[float], list[Finding]]

EXAMINATIONS: tuple[Examination, ...] = (
    interpreter.examine,
    home.examine,
    requirements.examine,
    torch_stack.examine,
    pillow.examine,
    jupyter.examine,
    kernels.examine,
    data_files.examine,
    space.examine,
    mirrors.examine,
)


def examine(limit: float) -> list[Finding]:
    """Examine this machine, and the Python environment that this runs in.

    Nothing that is examined is imported into this process: what could crash or hang is asked in
    processes of their own. They run side by side.

    Args:
        limit: seconds that each of those processes gets.

    Returns:
        What was found, in the same order each time. An examination that itself fails is a finding.
    """
    with ThreadPoolExecutor(len(EXAMINATIONS)) as pool:
        results = pool.map(lambda one: guarded(one, limit), EXAMINATIONS)
        return [finding for findings in results for finding in findings]


def guarded(examination: Examination, limit: float) -> list[Finding]:
    """The findings of an examination, or the finding that it failed."""
    try:
        return examination(limit)
    except Exception as error:
        topic = examination.__module__.rpartition(".")[2]
        what = f"this examination failed: {type(error).__name__}: {error}"
        why = "So what it looks at may be broken, or the doctor itself is."
        return [Finding(topic, "broken", what, why, "please report it, with this whole output")]
