"""Style sheets without the rules of what no page has: the theme alone brings 300 kB of them.

A rule goes when each of its selectors asks for a class that stands in no page and in no script.
"""

import re
from collections.abc import Iterable, Set
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2
from figure_data import FOLDER as FIGURES
from joined_styles import JOINED
from site_pages import pages
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_AFTER_ICONS = 600
_NESTING = {"media", "supports"}
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_WORD = re.compile(r"[\w-]+")


def names_used(html: Iterable[str], scripts: Iterable[str]) -> set[str]:
    """Return the classes on the pages, and all words in scripts, which may set them."""
    on_pages = {name for page in html for found in _CLASSES.findall(page) for name in found.split()}
    return on_pages.union(*(_WORD.findall(script) for script in scripts))


def cut(styles: str, names: Set[str]) -> str:
    """Return a style sheet without the rules that apply to nothing.

    Args:
        styles: the style sheet.
        names: of the classes that may occur.
    """
    rules = tinycss2.parse_stylesheet(styles, skip_comments=False)
    return str(tinycss2.serialize(_kept(rules, names)))


def _kept(rules: list[Any], names: Set[str]) -> list[Any]:
    for rule in rules:
        if rule.type == "at-rule" and rule.at_keyword in _NESTING and rule.content is not None:
            rule.content = _kept(tinycss2.parse_rule_list(rule.content), names)
        elif rule.type == "qualified-rule":
            rule.prelude = _joined([one for one in _selectors(rule.prelude) if _may(one, names)])
    return [rule for rule in rules if not _is_empty(rule)]


def _is_empty(rule: Any) -> bool:
    """Whether nothing is left of a rule."""
    if rule.type == "at-rule":
        return rule.at_keyword in _NESTING and not rule.content
    return rule.type == "qualified-rule" and not rule.prelude


def _selectors(prelude: list[Any]) -> list[list[Any]]:
    """Split what stands before a rule's brace at its commas."""
    found: list[list[Any]] = [[]]
    for part in prelude:
        if part == ",":
            found.append([])
        else:
            found[-1].append(part)
    return found


def _joined(selectors: list[list[Any]]) -> list[Any]:
    comma = tinycss2.ast.LiteralToken(0, 0, ",")
    return [part for one in selectors for part in (comma, *one)][1:]


def _may(selector: list[Any], names: Set[str]) -> bool:
    """Whether all classes that a selector asks for may occur; those in brackets may be missing."""
    pairs = pairwise(selector)
    return all(name.value in names for dot, name in pairs if dot == "." and name.type == "ident")


def _cut_site(app: Sphinx, error: Exception | None) -> None:
    """Cut the style sheets of the finished site."""
    if error is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    # The data of figures are long, and name no classes.
    codes = [path for path in (site / "_static").rglob("*.js") if path.parent != site / FIGURES]
    scripts = [path.read_text("utf-8") for path in codes]
    names = names_used((path.read_text("utf-8") for path in pages(site)), scripts)
    joined_before = set((site / "_static").glob(JOINED.format("*")))
    for path in set((site / "_static").rglob("*.css")) - joined_before:
        path.write_text(cut(path.read_text("utf-8"), names), encoding="utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Cut the styles when the pages are written and the icons are cut."""
    app.connect("build-finished", _cut_site, priority=_AFTER_ICONS)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
