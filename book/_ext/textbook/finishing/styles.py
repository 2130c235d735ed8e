"""One style sheet a page instead of a dozen, without the rules of what no page has.

A browser draws nothing before it has all sheets, and the theme alone brings 300 kB of rules. They
are joined in the order in which the page names them, so the rules that win stay the same. A rule
goes when each of its selectors asks for a class that stands in no page and in no script.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Set
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import tinycss2

from textbook.finishing.figure_data import FOLDER as FIGURES
from textbook.finishing.site import Site

JOINED = "all-{}.css"
_LINK = re.compile(
    r'[ \t]*<link (?:rel="stylesheet" )?(?:type="text/css" )?'
    r'href="([^":?]*)_static/([\w./-]+\.css)[^"]*"(?: rel="stylesheet")?'
    r'(?: data-of="([^"]*)")? ?/>\n?'
)
_IMPORT = re.compile(r'@import "([\w./-]+)";')
_ADDRESS = re.compile(r"""url\((["']?)(?![\w+-]+:|[/#])([^"')]+)\1\)""")
_NESTING = {"media", "supports"}
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_WORD = re.compile(r"[\w-]+")


def join(site: Site) -> None:
    """Write the joined sheets, and let the pages ask for them."""
    used = names_used(site.pages.values(), _scripts(site))
    versions: dict[str, str] = {}
    for path, html in site.pages.items():
        head, *body = html.partition("</head>")  # long pages are searched slowly
        if not (names := sheets(head)):
            continue
        target = JOINED.format(_digest(" ".join(names)))  # pages of one kind share it
        if target not in versions:
            joined = "\n".join(with_imports(site.static, name) for name in names)
            versions[target] = _digest(" ".join((joined, *sorted(used))))
            kept = f"styles-{versions[target]}.css"
            site.place(kept, f"_static/{target}", partial(_write, joined, used))
        site.pages[path] = "".join((with_one_sheet(head, target, versions[target]), *body))


def _write(styles: str, names: Set[str], path: Path) -> None:
    path.write_text(cut(styles, names), encoding="utf-8")


def _scripts(site: Site) -> list[str]:
    """The scripts of the pages; the data of figures are long, and name no classes."""
    without = (site.folder / FIGURES, site.static / "scripts" / "fontawesome.js")
    paths = [path for path in site.static.rglob("*.js") if {path, path.parent}.isdisjoint(without)]
    return [path.read_text("utf-8") for path in paths]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def sheets(html: str) -> list[str]:
    """Return the style sheets of a page in order, as paths below the static files.

    A page whose sheets have been joined still says which they were.
    """
    return [name for _, sheet, of in _LINK.findall(html) for name in of.split() or [sheet]]


def with_one_sheet(html: str, target: str, version: str) -> str:
    """Return a page that asks for the joined sheet in the place of its first one.

    Args:
        html: the page.
        target: the joined sheet, a path below the static files.
        version: what changes when the sheet does, so that browsers do not take an old one.
    """
    links = list(_LINK.finditer(html))
    address = f"{links[0][1]}_static/{target}?v={version}"
    link = f'<link rel="stylesheet" href="{address}" data-of="{" ".join(sheets(html))}" />\n'
    begin = links[0].start()
    return html[:begin] + link + _LINK.sub("", html[begin:])


def with_imports(static: Path, name: str) -> str:
    """Return a sheet with what it imports, and its addresses as seen from the folder ``static``."""
    folder = posixpath.dirname(name)

    def from_static(address: str) -> str:
        return posixpath.normpath(posixpath.join(folder, address))

    styles = (static / name).read_text(encoding="utf-8")
    styles = _ADDRESS.sub(lambda found: f'url("{from_static(found[2])}")', styles)
    return _IMPORT.sub(lambda found: with_imports(static, from_static(found[1])), styles)


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
