"""The whole book as one page, made to be printed: ``jupyter-book build --builder singlehtml``.

Sphinx's builder of that name puts all pages on one. Some ids stand on several pages, and its links
forget which page they lead to. Here an id that several pages use is named after its page, and so
are the links to it. All chapters begin at the same level, after a table of contents.
"""

from collections import Counter
from itertools import chain
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.singlehtml import SingleFileHTMLBuilder

import dlbook
from textbook.per_page import chapter

PLACE_OF_NUMBER = "page-number"  # a class: here the contents name the page on paper
_TEMPLATE = "one_page.html"
_PAGE = "#document-"  # how Sphinx's builder begins a link to a page


class OnePage(SingleFileHTMLBuilder):
    """Builds one page whose links lead to the right place."""

    def prepare_writing(self, docnames: set[str]) -> None:
        """Find out which ids several pages use."""
        super().prepare_writing(docnames)
        trees = map(self.env.get_doctree, self.env.found_docs)
        count = Counter(anchor for tree in trees for anchor in _ids(tree))
        self._shared = {anchor for anchor, times in count.items() if times > 1}

    def assemble_doctree(self) -> nodes.document:
        """Return the whole book, its ids unique, its pages side by side."""
        contents = self._contents()
        tree = super().assemble_doctree()
        self._name_places(tree, self.config.root_doc)
        others = _taken_out(tree)
        first = addnodes.start_of_file("", *tree.children, docname=self.config.root_doc)
        tree.children = [contents, *chain.from_iterable(map(_begun, [first, *others]))]
        return tree

    def fix_refuris(self, tree: nodes.Node) -> None:
        """Let links to a place on another page lead to the name that the place has here."""
        for link in tree.findall(nodes.reference):
            page, _, anchor = link.get("refuri", "").removeprefix(_PAGE).partition("#")
            if anchor and link["refuri"].startswith(_PAGE):
                link["refuri"] = "#" + self._named(page, anchor)

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        templatename: str = "page.html",
        outfilename: str | None = None,
        event_arg: Any = None,
    ) -> None:
        """Write the book with a template of its own, which has nothing but the book."""
        if pagename == self.config.root_doc:
            templatename = _TEMPLATE
            addctx |= {
                "book_title": self.env.titles[pagename].astext(),
                "author": self.config.author,
                "address": self.config.html_baseurl,
                "book_version": dlbook.__version__,
            }
        super().handle_page(pagename, addctx, templatename, outfilename, event_arg)

    def _named(self, page: str, anchor: str) -> str:
        return f"{page}/{anchor}" if anchor in self._shared else anchor

    def _name_places(self, node: nodes.Element, page: str) -> None:
        """Name the ids below a node, and the links to the page on which they themselves stand."""
        page = node["docname"] if isinstance(node, addnodes.start_of_file) else page
        node["ids"] = [self._named(page, anchor) for anchor in node["ids"]]
        if "refid" in node:
            node["refid"] = self._named(page, node["refid"])
        for child in node.children:
            if isinstance(child, nodes.Element):
                self._name_places(child, page)

    def _contents(self) -> nodes.section:
        """Return the table of contents: the parts and their pages."""
        root = self.config.root_doc
        made = nodes.section("", nodes.title("", "Contents"), ids=["contents"])
        made += self._lines([root])
        for part in self.env.get_doctree(root).findall(addnodes.toctree):
            if part["caption"]:
                made += nodes.rubric("", part["caption"])
            made += self._lines(part["includefiles"])
        return made

    def _lines(self, pages: list[str]) -> nodes.bullet_list:
        """Return links to pages, with a place for the number that each will have on paper."""
        made = nodes.bullet_list()
        for page in pages:
            title = [part.deepcopy() for part in self.env.titles[page]]
            number = nodes.inline(classes=[PLACE_OF_NUMBER])
            link = nodes.reference("", "", *title, number, refuri=_PAGE + page)
            made += nodes.list_item("", nodes.paragraph("", "", link))
        return made


def _ids(tree: nodes.document) -> set[str]:
    return {anchor for node in tree.findall(nodes.Element) for anchor in node["ids"]}


def _taken_out(tree: nodes.document) -> list[addnodes.start_of_file]:
    """Take the pages out of the lists at whose places the builder has put them."""
    pages = list(tree.findall(addnodes.start_of_file))
    for page in pages:
        page.parent.remove(page)
    return pages


def _begun(page: addnodes.start_of_file) -> list[nodes.Node]:
    """Return what stands on a page, its section with the place that links to the page name."""
    section = next(page.findall(nodes.section))
    section["ids"].append(_PAGE.removeprefix("#") + page["docname"])
    title = next(section.findall(nodes.title))
    if number := chapter(page["docname"]):
        title.insert(0, nodes.Text(f"{number} · "))
    return list(page.children)


def register(app: Sphinx) -> None:
    """Put the builder in the place of Sphinx's own."""
    app.add_builder(OnePage, override=True)
