"""The same script with a line changed."""

import inspect
import linecache
from collections.abc import Callable, Mapping
from textwrap import dedent, indent
from typing import Any

from dlbook import require

Script = Callable[..., Any]


def mend(script: Script, changes: Mapping[str, str]) -> Script:
    """A copy of ``script`` with some of its lines replaced; the original stays as it is.

    The copy sees the same global names, and is run by calling it (chapter 19).

    Args:
        script: a function defined in a cell or a file, or a result of `mend`.
        changes: from a line to what takes its place, both written without indentation. The new
            text may hold several lines, or none.

    Raises:
        TypeError: what is no function made with ``def``, or changes that are no mapping of texts.
        ValueError: a line to be replaced is not there, or is there more than once.
        OSError: the source of the function is not to be had.
        SyntaxError: what takes a line's place does not fit there.
    """
    if not inspect.isfunction(script) or script.__name__ == "<lambda>":
        raise TypeError(f"script must be a function made with def, got {require.shown(script)}")
    for old, new in require.mapping("changes", changes).items():
        require.kind("each line of changes", old, str)
        require.kind(f"changes[{old!r}]", new, str)
    lines = dedent(inspect.getsource(script)).splitlines()
    for old, new in changes.items():
        places = [i for i, line in enumerate(lines) if line.strip() == old.strip()]
        if len(places) != 1:
            raise ValueError(
                f"changes must name lines that {script.__name__} has once; "
                f"it has {len(places)} lines {old!r}"
            )
        place = places[0]
        margin = lines[place][: -len(lines[place].lstrip())]
        lines[place : place + 1] = indent(dedent(new), margin).splitlines()
    return _compiled("\n".join(lines) + "\n", script)


def _compiled(source: str, script: Script) -> Script:
    """The function that ``source`` defines, among the globals of ``script``."""
    name = f"<mended {script.__name__} {hash(source):x}>"
    # Where tracebacks, and `inspect.getsource` when a copy is mended again, look for the text.
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    found: dict[str, Any] = {}
    exec(compile(source, name, "exec"), script.__globals__, found)  # noqa: S102 — the book's own
    mended: Script = found[script.__name__]
    return mended
