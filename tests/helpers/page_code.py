"""Code that a page of the book shows, run for tests: what readers see is what is tested."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOOK = Path(__file__).parents[2] / "book"
FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCK = re.compile(rf"{FENCE.pattern}|^\|.+?(?=\n\n|\Z)", FENCE.flags)  # a fence or a table
RULE = re.compile(r"^\|[-|]+\|$")
CODE = re.compile(r"`` ?(.+?) ?``|`([^`]+)`")


@dataclass(frozen=True)
class Statement:
    """A statement at the top level of some code, with the comment behind its last line."""

    source: str
    comment: str


def page(name: str) -> str:
    """The source of a page of the book."""
    return (BOOK / f"{name}.md").read_text(encoding="utf-8")


def fences(text: str) -> list[str]:
    """The code of every fence of Python."""
    return FENCE.findall(text)


def rows(text: str) -> list[list[str]]:
    """The cells of every row of the tables, without their heads."""
    lines = text.splitlines()
    heads = [number - 1 for number, line in enumerate(lines) if RULE.match(line)]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for number, line in enumerate(lines)
        if line.startswith("|") and not RULE.match(line) and number not in heads
    ]


def code(cell: str) -> str:
    """What stands between backticks, one line for each pair of them."""
    return "\n".join(double or single for double, single in CODE.findall(cell))


def snippets(text: str) -> Iterator[Statement]:
    """The code of fences and rows, in the page's order; a row's second cell is the comment."""
    for block in BLOCK.finditer(text):
        if block[1]:
            yield from statements(block[1])
        else:
            yield from (Statement(code(line), code(gives)) for line, gives, *_ in rows(block[0]))


def statements(source: str) -> list[Statement]:
    """The statements of a fence, in order."""
    lines = source.splitlines()
    return [
        Statement(
            "\n".join(lines[node.lineno - 1 : node.end_lineno]),
            lines[node.end_lineno - 1][node.end_col_offset :].strip().removeprefix("# "),
        )
        for node in ast.parse(source).body
    ]


def run(source: str, names: dict[str, Any]) -> Any:
    """Run code among ``names``; the value of its last line, an expression or an assignment."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, "<page>", "exec"), names)
    match last:
        case ast.Expr(value=shown) | ast.Assign(targets=[shown]):
            return eval(ast.unparse(shown), names)
    return None
