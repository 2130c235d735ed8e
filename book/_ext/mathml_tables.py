"""Tables in formulas: the layout that MathML Core does not know becomes CSS."""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from mathml_names import name

_GLUE = "mtr-glue"
_NUMBER = "mml-eqn-num"
# TeX's rows have a strut, a browser's have not: this much is added above and below each cell.
_STRUT = "0.22em"


def take_tag(math: ET.Element) -> str | None:
    r"""Remove the number that ``\tag`` gave the formula, and return it.

    KaTeX writes a formula with a tag as a table over the whole width: glue, formula, glue, tag.
    """
    semantics = math[0]
    table = semantics.find(f"{name('mtable')}[@width]")
    if table is None:
        return None
    _, formula, _, tag = table[0]
    formula.tag = name("mrow")
    semantics[list(semantics).index(table)] = formula
    return "".join(tag.itertext())


def rewrite_table(table: ET.Element) -> None:
    """Turn the table's layout attributes into CSS on its cells."""
    layout = _Layout.taken_from(table)
    for number, row in enumerate(table):
        _remove_numbering(row)
        for column, cell in enumerate(row):
            cell.set("style", layout.css(number, column, last=column == len(row) - 1))


def _remove_numbering(row: ET.Element) -> None:
    """Remove the empty cells by which KaTeX's own stylesheet centers and numbers ``align``."""
    for cell in list(row):
        if cell.get("class") == _GLUE or (cell.get("class") == _NUMBER and not len(cell)):
            row.remove(cell)


@dataclass(frozen=True)
class _Layout:
    """What MathML's table attributes say; of each list, the last value goes on."""

    sides: list[str]
    column_gaps: list[str]
    column_lines: list[str]
    row_gaps: list[str]
    row_lines: list[str]

    @classmethod
    def taken_from(cls, table: ET.Element) -> "_Layout":
        """Remove the attributes from the table."""
        attributes = table.attrib
        return cls(
            sides=attributes.pop("columnalign", "center").split(),
            column_gaps=attributes.pop("columnspacing", "1em").split(),
            column_lines=attributes.pop("columnlines", "none").split(),
            row_gaps=attributes.pop("rowspacing", "0.16em").split(),
            row_lines=attributes.pop("rowlines", "none").split(),
        )

    def css(self, row: int, column: int, *, last: bool) -> str:
        """Return the style of a cell; half of a column gap lies on either side of a line."""
        above = _item(self.row_gaps, row - 1) if row else "0em"
        left = _item(self.column_gaps, column - 1) if column else "0em"
        right = "0em" if last else _item(self.column_gaps, column)
        styles = [
            f"text-align:{_item(self.sides, column)}",
            f"padding:calc({above} + {_STRUT}) calc({right}/2) {_STRUT} calc({left}/2)",
        ]
        if column and _item(self.column_lines, column - 1) != "none":
            styles.append(f"border-left:1px {_item(self.column_lines, column - 1)}")
        if row and _item(self.row_lines, row - 1) != "none":
            styles.append(f"border-top:1px {_item(self.row_lines, row - 1)}")
        return ";".join(styles)


def _item(values: list[str], index: int) -> str:
    return values[min(index, len(values) - 1)]
