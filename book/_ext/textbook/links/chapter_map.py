"""A map of the chapters, made from what each says that it needs.

A chapter's prerequisites are the chapters that its paragraph "You need …" links to. The directive
``{chapter-map}`` draws them and lists them. ``{chapters}`` lists them by the book's parts, and
``{way-to}``, in the order of the book, a few chapters and all that they need::

    ```{way-to} 06 15
    ```
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from textbook.links.chapter_graph import with_all_before
from textbook.links.map_drawing import Chapter, drawing
from textbook.per_page import PerPage, ToFill, chapter

PREREQUISITES = "You need "


class MapPlace(ToFill):
    """The place of the map."""


class ListPlace(ToFill):
    """The place of the list by parts."""


class WayPlace(ToFill):
    """The place of a list; ``goals`` are the numbers of the chapters that it leads to."""


class ChapterMap(SphinxDirective):
    """The directive ``{chapter-map}``."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the map."""
        self.env.note_reread()  # the map changes with the chapters
        return [MapPlace()]


class Chapters(SphinxDirective):
    """The directive ``{chapters}``."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the list, whose page is read again with any chapter."""
        for page in filter(chapter, self.env.found_docs):
            self.env.note_dependency(self.env.doc2path(page))
        return [ListPlace()]


class WayTo(SphinxDirective):
    """The directive ``{way-to}``."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        self.env.note_reread()
        return [WayPlace(goals=self.arguments[0].split())]


class NeedsCollector(PerPage[list[str]]):
    """Finds the chapters that each chapter needs."""

    name = "book_needs"

    def find(self, env: BuildEnvironment, document: nodes.document) -> list[str]:
        """Return the names of their pages."""
        if not chapter(env.docname):
            return []
        links = [
            link["reftarget"]
            for paragraph in document.findall(nodes.paragraph)
            if paragraph.astext().startswith(PREREQUISITES)
            for link in paragraph.findall(addnodes.pending_xref)
        ]
        return sorted({page for page in links if chapter(page)})


def needs(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the graph of chapters.

    Raises:
        ExtensionError: a chapter needs one that is not there or does not come before it.
    """
    graph = {page: found for page, found in NeedsCollector.of(env).items() if chapter(page)}
    for page, found in graph.items():
        for need in found:
            if need not in graph or need >= page:
                raise ExtensionError(f"{page} needs {need}, which is no earlier chapter")
    return graph


class FillMaps(SphinxPostTransform):
    """Puts the map and the lists in their places."""

    default_priority = 3

    def run(self, **_options: object) -> None:
        """Fill the places of the page."""
        for place in list(self.document.findall(MapPlace)):
            place.replace_self([nodes.raw("", self._drawing(), format="html"), self._needs()])
        for place in list(self.document.findall(ListPlace)):
            place.replace_self(list(self._parts()))
        for way in list(self.document.findall(WayPlace)):
            way.replace_self(self._way(way["goals"]))

    def _drawing(self) -> str:
        builder, here = self.app.builder, self.env.docname
        chapters = {
            page: Chapter(self._title(page), builder.get_relative_uri(here, page))
            for page in needs(self.env)
        }
        return drawing(needs(self.env), chapters)

    def _needs(self) -> nodes.bullet_list:
        made = nodes.bullet_list(classes=["chapters"])
        for page, found in needs(self.env).items():
            line = nodes.paragraph("", "", self._named(page))
            line += nodes.Text(" needs " if found else " needs no other chapter")
            for i, need in enumerate(found):
                line += nodes.Text(", " if i else "")
                line += self._link(need, chapter(need))
            made += nodes.list_item("", line)
        return made

    def _parts(self) -> Iterator[nodes.Node]:
        """Return the name of each part that has chapters, and links to these."""
        for part in self.env.get_doctree(self.config.root_doc).findall(addnodes.toctree):
            if pages := list(filter(chapter, part["includefiles"])):
                yield nodes.rubric("", part["caption"])
                yield self._list(pages)

    def _way(self, goals: list[str]) -> nodes.bullet_list:
        graph = needs(self.env)
        pages = {chapter(page): page for page in graph}
        if unknown := set(goals) - pages.keys():
            raise ExtensionError(f"{self.env.docname}: no chapter has the number {min(unknown)}")
        return self._list(with_all_before(graph, [pages[goal] for goal in goals]))

    def _list(self, pages: list[str]) -> nodes.bullet_list:
        lines = (nodes.paragraph("", "", self._named(page)) for page in pages)
        items = [nodes.list_item("", line) for line in lines]
        return nodes.bullet_list("", *items, classes=["chapters"])

    def _named(self, page: str) -> nodes.reference:
        return self._link(page, self._title(page))

    def _title(self, page: str) -> str:
        return str(self.env.titles[page].astext())

    def _link(self, page: str, text: str) -> nodes.reference:
        return make_refnode(self.app.builder, self.env.docname, page, "", nodes.Text(text))


def register(app: Sphinx) -> None:
    """Register the directives, the collector and the transform."""
    app.add_directive("chapter-map", ChapterMap)
    app.add_directive("chapters", Chapters)
    app.add_directive("way-to", WayTo)
    app.add_env_collector(NeedsCollector)
    app.add_post_transform(FillMaps)
