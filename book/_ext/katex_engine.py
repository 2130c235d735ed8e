"""TeX → MathML by KaTeX, which runs in an embedded V8: no Node, no script in the page."""

from functools import cache
from importlib.resources import files
from types import TracebackType

from py_mini_racer import JSEvalException, MiniRacer

# KaTeX prints commands that it knows but does not trust (\href, \includegraphics) in this
# color instead of failing; no formula of the book asks for it.
_REFUSED_COLOR = "#fa17ed"
_OPTIONS = {
    "output": "mathml",
    "throwOnError": True,
    "strict": "error",
    "trust": False,
    "errorColor": _REFUSED_COLOR,
}
_COMBINING_LOW_LINE = "\u0332"


class TexError(ValueError):
    """A formula that KaTeX cannot read."""


@cache
def _katex_source() -> str:
    """Return KaTeX itself, as sphinxcontrib-katex ships it."""
    return files("sphinxcontrib").joinpath("katex.min.js").read_text(encoding="utf-8")


class KatexEngine:
    """KaTeX in a V8 of its own; each formula is typeset once.

    Use it in a ``with`` statement, or `close` it: an open V8 keeps the process from ending.
    """

    def __init__(self) -> None:
        self._v8 = MiniRacer()
        self._v8.eval(_katex_source())
        self._done: dict[tuple[str, bool], str] = {}

    def __repr__(self) -> str:
        return f"KatexEngine({len(self._done)} formulas)"

    def __enter__(self) -> "KatexEngine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free V8; the engine cannot be used afterwards."""
        self._v8.close()

    def mathml(self, tex: str, *, display: bool = False) -> str:
        """Return the formula as KaTeX's MathML.

        Args:
            tex: the formula without its dollar signs.
            display: whether it stands on a line of its own.

        Raises:
            TexError: KaTeX does not know a command, refuses it, or cannot parse the formula.
        """
        key = (tex, display)
        if key not in self._done:
            self._done[key] = self._typeset(tex, display)
        return self._done[key]

    def _typeset(self, tex: str, display: bool) -> str:
        options = {**_OPTIONS, "displayMode": display}
        try:
            mathml = str(self._v8.call("katex.renderToString", tex, options))
        except JSEvalException as error:
            raise TexError(_reason(error)) from None
        if _REFUSED_COLOR in mathml:
            raise TexError("a command that KaTeX does not allow (links, images, raw HTML)")
        return mathml


def _reason(error: JSEvalException) -> str:
    """Return KaTeX's one line out of V8's message, which goes on with KaTeX's source."""
    line = str(error).replace(_COMBINING_LOW_LINE, "").partition("\n")[0]
    return line.rpartition("KaTeX parse error: ")[2]
