"""Lists of all pitfalls of the book, each linked to the place in its chapter where it runs.

A pitfall is a section inside a chapter's section "Pitfalls"; the cell with its heading says its
theme in its metadata, as ``"pitfall": "shape"``. The directive lists the pitfalls of a theme, or,
without one, all of them by chapter::

    ```{pitfalls} shape
    ```
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from textbook.per_page import PerPage, ToFill, chapter

logger = logging.getLogger(__name__)


class PitfallList(ToFill):
    """The place of a list; ``theme`` is empty for all pitfalls."""


@dataclass(frozen=True)
class Pitfall:
    """One pitfall.

    Attributes:
        page: the page on which it runs.
        anchor: the place on that page.
        heading: what its heading consists of.
        theme: its theme, empty where the chapter says none.
    """

    page: str
    anchor: str
    heading: list[nodes.Node]
    theme: str


@dataclass(frozen=True)
class PagePitfalls:
    """The pitfalls that run on a page, and the themes of the lists on it with their lines."""

    run: list[Pitfall]
    lists: list[tuple[str, int]]


class Pitfalls(SphinxDirective):
    """The directive ``{pitfalls}``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        self.env.note_reread()  # the list changes with other pages
        place = PitfallList(theme="".join(self.arguments))
        place.line = self.lineno
        return [place]


class PitfallCollector(PerPage[PagePitfalls]):
    """Finds the pitfalls and the lists of each page."""

    name = "book_pitfalls"

    def find(self, env: BuildEnvironment, document: nodes.document) -> PagePitfalls:
        """Return the page's pitfalls and lists."""
        lists = [(place["theme"], place.line) for place in document.findall(PitfallList)]
        run = list(_pitfalls(env, document)) if chapter(env.docname) else []
        return PagePitfalls(run, lists)


def _pitfalls(env: BuildEnvironment, document: nodes.document) -> Iterator[Pitfall]:
    themes = _themes(Path(env.doc2path(env.docname)))
    for section in document.findall(nodes.section):
        if section[0].astext() == "Pitfalls":
            found = [part for part in section if isinstance(part, nodes.section)]
            for pitfall, theme in zip(found, themes, strict=True):
                heading = [part.deepcopy() for part in pitfall[0]]
                yield Pitfall(env.docname, pitfall["ids"][0], heading, theme)


def _themes(notebook: Path) -> list[str]:
    """Return the theme of each pitfall of a chapter, in order."""
    found, inside = [], False
    for cell in nbformat.read(notebook, as_version=nbformat.NO_CONVERT).cells:
        for line in cell.source.splitlines() if cell.cell_type == "markdown" else ():
            inside = line == "## Pitfalls" or (inside and not line.startswith("## "))
            if inside and line.startswith("### "):
                found.append(cell.metadata.get("pitfall", ""))
    return found


class FillPitfallLists(SphinxPostTransform):
    """Puts the links in the places of the lists."""

    default_priority = 3

    def run(self, **_options: object) -> None:
        """Fill the lists of the page."""
        for place in list(self.document.findall(PitfallList)):
            place.replace_self(self._of(place["theme"]) if place["theme"] else self._by_chapter())

    def _of(self, theme: str) -> list[nodes.Node]:
        pitfalls = (one for page in _pages(self.env) for one in page.run if one.theme == theme)
        return [self._list(pitfalls, numbered=True)]

    def _by_chapter(self) -> list[nodes.Node]:
        made: list[nodes.Node] = []
        for docname, page in PitfallCollector.of(self.env).items():
            if page.run:
                title = self.env.titles[docname].astext()
                link = self._link(docname, "pitfalls", [nodes.Text(title)])
                made += [nodes.paragraph("", "", link), self._list(page.run, numbered=False)]
        return made

    def _list(self, pitfalls: Iterable[Pitfall], *, numbered: bool) -> nodes.bullet_list:
        made = nodes.bullet_list(classes=["pitfalls"])
        for one in pitfalls:
            line = nodes.paragraph()
            if numbered:
                line += nodes.inline("", f"{chapter(one.page)} ", classes=["chapter-number"])
            line += self._link(one.page, one.anchor, [part.deepcopy() for part in one.heading])
            made += nodes.list_item("", line)
        return made

    def _link(self, page: str, anchor: str, content: list[nodes.Node]) -> nodes.reference:
        return make_refnode(self.app.builder, self.env.docname, page, anchor, content)


def _pages(env: BuildEnvironment) -> Iterable[PagePitfalls]:
    return PitfallCollector.of(env).values()


def check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of pitfalls whose theme has no list, and of lists of a theme that no pitfall has."""
    listed = {theme for page in _pages(env) for theme, _ in page.lists if theme}
    there = {one.theme for page in _pages(env) for one in page.run}
    for docname, page in PitfallCollector.of(env).items():
        for theme, line in page.lists:
            if theme and theme not in there:
                logger.warning("no pitfall has the theme %r", theme, location=(docname, line))
        for one in page.run:
            if listed and one.theme not in listed:
                text = "the pitfall %r has the theme %r, expected one of %s"
                heading = "".join(part.astext() for part in one.heading)
                logger.warning(text, heading, one.theme, sorted(listed), location=docname)


def register(app: Sphinx) -> None:
    """Register the directive, the collector, the transform and the check."""
    app.add_node(PitfallList)
    app.add_directive("pitfalls", Pitfalls)
    app.add_env_collector(PitfallCollector)
    app.add_post_transform(FillPitfallLists)
    app.connect("env-check-consistency", check)
