"""Tables of what `make bench` has measured, from its file of results.

The directive ``{benchmark}`` shows the rows of one part, on the CPU and on a GPU where it was
measured there, and below them when and on what. With ``:values:`` each row's single values follow,
such as one a seed. ``{missed-bars}`` lists all rows that miss their bar::

    ```{benchmark} fit
    ```
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

HEADINGS = ("what", "median", "range", "bar")
WIDTHS = (55, 15, 18, 12)

Record = dict[str, Any]


class FromResults(SphinxDirective):
    """A directive that shows results; its page is read again when they change."""

    def results(self) -> dict[str, Record]:
        """Return each part's record by its name.

        Raises:
            ExtensionError: there is no file of results.
        """
        name = self.config.benchmark_results
        path = Path(self.env.srcdir) / name
        if not path.is_file():
            raise ExtensionError(f"{self.env.docname}: {name} is missing; `make bench` writes it")
        self.env.note_dependency(str(path))
        found: dict[str, Record] = json.loads(path.read_text(encoding="utf-8"))
        return found


class Benchmark(FromResults):
    """The directive ``{benchmark}``."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"values": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return a table for each device.

        Raises:
            ExtensionError: the part was never measured.
        """
        name, results = self.arguments[0], self.results()
        if name not in results:
            raise ExtensionError(
                f"{self.env.docname}: no results of {name!r}; expected one of {sorted(results)}"
            )
        parts = [results[each] for each in (name, f"{name}@cuda") if each in results]
        return [node for part in parts for node in self._shown(part)]

    def _shown(self, part: Record) -> Iterator[nodes.Node]:
        yield table(part["rows"])
        if "values" in self.options:
            yield values(part["rows"])
        yield nodes.paragraph("", measured(part["measured"]), classes=["measured"])


class MissedBars(FromResults):
    """The directive ``{missed-bars}``."""

    def run(self) -> list[nodes.Node]:
        """Return the list, or a sentence where there is nothing to list."""
        rows = [row for part in self.results().values() for row in part["rows"]]
        missed = [row for row in rows if row["verdict"] == "missed"]
        if not missed:
            return [nodes.paragraph("", "Every bar is met.")]
        return [items([miss(row) for row in missed])]


def miss(row: Record) -> str:
    """Return what was measured and what the bar is; the range, for a bar may hold for all."""
    found = f" ({spread(row)})" if spread(row) else ""
    return f"{row['name']}: {with_unit(row)}{found}, bar {whole(row['bar'])}"


def table(rows: list[Record]) -> nodes.table:
    """Return the rows as a table with a head."""
    group = nodes.tgroup(cols=len(HEADINGS))
    group += [nodes.colspec(colwidth=width) for width in WIDTHS]
    head = nodes.row("", *(cell(heading) for heading in HEADINGS))
    group += nodes.thead("", head)
    group += nodes.tbody("", *(line(row) for row in rows))
    return nodes.table("", group, classes=["benchmark"])


def line(row: Record) -> nodes.row:
    """Return one line of a table."""
    bar = f"{row['bar']}, {row['verdict']}" if row["bar"] else ""
    name = cell(row["name"])
    if row["note"]:
        name += nodes.paragraph("", row["note"], classes=["note-below"])
    made = nodes.row("", name, cell(with_unit(row)), cell(spread(row)), cell(bar))
    made["classes"] += [row["verdict"]] if row["verdict"] else []
    return made


def cell(text: str) -> nodes.entry:
    """Return a cell with one paragraph."""
    return nodes.entry("", nodes.paragraph("", text))


def values(rows: list[Record]) -> nodes.bullet_list:
    """Return each row's single values, in the order in which they were measured."""
    return items([f"{row['name']}: {', '.join(map(number, row['values']))}" for row in rows])


def items(lines: list[str]) -> nodes.bullet_list:
    """Return a list with a paragraph for each line."""
    return nodes.bullet_list(
        "", *(nodes.list_item("", nodes.paragraph("", each)) for each in lines)
    )


def with_unit(row: Record) -> str:
    """Return the median and its unit: ``1.06 ×``."""
    return f"{number(row['median'])}\u00a0{row['unit']}"


def whole(bar: str) -> str:
    """Return a bar that does not break at the end of a line."""
    return bar.replace(" ", "\u00a0")


def spread(row: Record) -> str:
    """Return the range, where there is more than one value."""
    return f"{number(row['low'])} – {number(row['high'])}" if len(row["values"]) > 1 else ""


def number(value: float) -> str:
    """Return three digits or so: ``0.012``, ``1.06``, ``17.2``, ``1,234``."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def measured(where: Record) -> str:
    """Say when and on what: one sentence."""
    day = date.fromisoformat(where["date"])
    return (
        f"Measured on {day.day} {day:%B %Y} on {where['processor']} ({where['system']}), "
        f"{where['device']}, PyTorch {where['torch']}, Python {where['python']}."
    )


def register(app: Sphinx) -> None:
    """Register the directives."""
    app.add_config_value("benchmark_results", "book/benchmarks.json", "env", str)
    app.add_directive("benchmark", Benchmark)
    app.add_directive("missed-bars", MissedBars)
