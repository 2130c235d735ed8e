"""Code that a chapter shows, run for tests: what readers see is what is tested."""

import ast
from collections.abc import Collection
from pathlib import Path
from symtable import SymbolTable, symtable
from types import SimpleNamespace
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def sources(chapter: str, prefix: str) -> list[str]:
    """The code cells of a chapter whose ids begin with ``prefix``, in order."""
    notebook = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=nbformat.NO_CONVERT)
    return [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id.startswith(prefix)
    ]


def defined(chapter: str, prefix: str, **given: Any) -> SimpleNamespace:
    """The names that those cells define, run with the ``given`` names."""
    names: dict[str, Any] = dict(given)
    for source in sources(chapter, prefix):
        exec(source, names)
    return SimpleNamespace(**names)


def needed(cells: list[nbformat.NotebookNode], goals: Collection[str]) -> set[str]:
    """The ids of some code cells and of all that define, directly or not, a name that they use.

    A cell that only changes what another has made, such as one that trains a network, is not among
    them.
    """
    found, wanted = set[str](), set[str]()
    for cell in reversed(cells):
        if cell.cell_type != "code":
            continue
        steps = [_names(statement) for statement in _statements(cell.source)]
        if cell.id in goals or any(stored & wanted for stored, _ in steps):
            found.add(cell.id)
            for stored, loaded in reversed(steps):
                wanted = (wanted - stored) | loaded
    return found


def _statements(source: str) -> list[str]:
    """The statements of a cell, its magic commands translated."""
    return [
        ast.unparse(each) for each in ast.parse(TransformerManager().transform_cell(source)).body
    ]


def _names(statement: str) -> tuple[set[str], set[str]]:
    """The global names that a statement defines, and those that it uses."""
    table = symtable(statement, "cell", "exec")
    symbols = table.get_symbols()
    stored = {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}
    # For the symbol table ``x += 1`` only assigns.
    augmented = (node for node in ast.walk(ast.parse(statement)) if isinstance(node, ast.AugAssign))
    return stored, _used(table) | {ast.unparse(node.target) for node in augmented}


def _used(table: SymbolTable) -> set[str]:
    inner = {name for child in table.get_children() for name in _used(child)}
    own = table.get_type() == "module"
    return inner | {
        each.get_name()
        for each in table.get_symbols()
        if each.is_referenced() and (own or each.is_global())
    }
