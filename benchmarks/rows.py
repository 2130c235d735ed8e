"""The lines of all tables: values that were measured, and the bar that they should meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Literal

SHARES = {"19 of 20": 0.95, "all": 1.0}


class CannotMeasureError(RuntimeError):
    """Something that a benchmark needs is not to be had here; the message says what."""


@dataclass(frozen=True)
class Bar:
    """What values should be: at least, or at most, a number.

    Attributes:
        sign: of the comparison.
        value: the number, in the unit of the values.
        of: which of the values are held against it.
    """

    sign: Literal["≥", "≤"]
    value: float
    of: Literal["median", "mean", "19 of 20", "all"] = "median"

    def is_met_by(self, values: Sequence[float]) -> bool:
        """Whether the values, or the share of them that counts, are on the right side."""
        if self.of == "median":
            return self._holds(median(values))
        if self.of == "mean":
            return self._holds(mean(values))
        return sum(map(self._holds, values)) >= SHARES[self.of] * len(values)

    def _holds(self, value: float) -> bool:
        return value >= self.value if self.sign == "≥" else value <= self.value

    def __str__(self) -> str:
        return f"{'' if self.of == 'median' else f'{self.of} '}{self.sign} {self.value:g}"


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        name: what was measured or compared.
        unit: of the values; "×" for a ratio, how many times as much.
        values: one a round, a seed, a page, …
        bar: what they should be.
        note: what else a reader should know, such as which page is the heaviest.
    """

    name: str
    unit: Literal["×", "s", "ms", "kB", "%"]
    values: tuple[float, ...]
    bar: Bar | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError(f"the row {self.name!r} needs at least one value, got none")

    @property
    def verdict(self) -> str:
        """``met``, ``missed``, or nothing where there is no bar."""
        if self.bar is None:
            return ""
        return "met" if self.bar.is_met_by(self.values) else "missed"

    def record(self) -> dict[str, object]:
        """Return the row for the file of results, with what follows from the values."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": _rounded(median(self.values)),
            "low": _rounded(min(self.values)),
            "high": _rounded(max(self.values)),
            "bar": "" if self.bar is None else str(self.bar),
            "verdict": self.verdict,
            "note": self.note,
            "values": [_rounded(value) for value in self.values],
        }


def _rounded(value: float) -> float:
    """Return four digits: more are noise, and a change of the file should be readable."""
    return float(f"{value:.4g}")


def table(rows: Sequence[Row]) -> str:
    """Return a line per row: its median, its range, its bar, and whether that is met."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'':{width}} {'median':>10}{'low':>10}{'high':>10}{'bar':>18}"]
    for row in rows:
        low, middle, high = min(row.values), median(row.values), max(row.values)
        numbers = "".join(f"{number:10.4g}" for number in (middle, low, high))
        bar = f"{'' if row.bar is None else str(row.bar):>14} {row.verdict}"
        lines.append(f"{row.name:{width}} {numbers} {row.unit:2} {bar} {row.note}".rstrip())
    return "\n".join(lines)
