"""Each bold term of a chapter leads to its entry in the glossary, and the entry to the chapters.

An entry is written as in Sphinx's own glossary: the English term, the Chinese one below it, and
the definition, indented. Where the book also uses other forms, they follow after colons::

    ```{terms}
    feature : features
    特征
      One of the numbers that describe an input.
    ```

A bold term finds the entry that has it as a form. Capitals do not matter; nothing else is guessed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import Glossary, StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from textbook.per_page import PerPage, chapter, label, plain

logger = logging.getLogger(__name__)

ENTRY = "glossary-entry"
CHINESE = "language-zh-Hans"  # docutils makes the attribute lang of it


@dataclass(frozen=True)
class Place:
    """Where a term stands in bold, or where its entry stands.

    Attributes:
        anchor: the place on its page.
        line: the line of the source, for warnings.
        linked: the entry's text leads to a chapter by itself.
    """

    anchor: str
    line: int | None
    linked: bool = False


@dataclass(frozen=True)
class PageTerms:
    """The terms of one page.

    Attributes:
        bold: the first place of each bold term.
        entries: the place of each form's entry.
    """

    bold: dict[str, Place]
    entries: dict[str, Place]


def forms(head: str) -> list[str]:
    """Return the forms that the first line of an entry lists.

    >>> forms("Feature : features")
    ['feature', 'features']
    """
    return [plain(form) for form in head.split(" : ")]


class Terms(Glossary):
    """The directive ``{terms}``: entries, the first line English and the others Chinese."""

    def run(self) -> list[nodes.Node]:
        """Return the list of definitions."""
        made = super().run()
        self.env.note_reread()  # the entries name the places, which change with other pages
        for glossary in made:
            for entry in glossary.findall(nodes.definition_list_item):
                self._let_search_find(_heads(entry))
        return made

    def _let_search_find(self, heads: list[nodes.term]) -> None:
        """Make objects of the terms: Sphinx's search leads to any whose name holds the query.

        It leaves out Sphinx's own terms, and shows what is in its index without a name.
        """
        standard = cast(StandardDomain, self.env.get_domain("std"))
        for term in heads:
            (index,) = term.findall(addnodes.index)
            term.remove(index)
            standard.note_object(ENTRY, term.astext(), heads[0]["ids"][0], location=term)


def _heads(entry: nodes.definition_list_item) -> list[nodes.term]:
    return [child for child in entry if isinstance(child, nodes.term)]


class TermCollector(PerPage[PageTerms]):
    """Finds the bold terms and the entries of each page."""

    name = "book_terms"

    def find(self, env: BuildEnvironment, document: nodes.document) -> PageTerms:
        """Give each bold term an anchor, and return the page's terms."""
        looked_at = any(fnmatch(env.docname, pages) for pages in env.config.terms_pages)
        return PageTerms(_bold(document) if looked_at else {}, dict(_entries(document)))

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Return the pages that must be written anew because entries came or went."""
        now = entry_places(env)
        before = env.__dict__.get("book_terms_linked")
        env.__dict__["book_terms_linked"] = now
        return [] if before == now else [name for name, page in self.of(env).items() if page.bold]


def _bold(document: nodes.document) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for strong in document.findall(nodes.strong):
        if _in_output(strong):
            continue
        term = strong["term"] = plain(strong.astext())
        if term not in found:
            anchor = nodes.make_id(f"term {term}")
            strong["ids"].append(anchor)
            found[term] = Place(anchor, strong.line or getattr(strong.parent, "line", None))
    return found


def _in_output(node: nodes.Node) -> bool:
    """Whether a cell has put this out: what code writes in bold is no term."""
    while node.parent is not None:
        node = node.parent
        if "cell_output" in node.get("classes", ()):
            return True
    return False


def _entries(document: nodes.document) -> Iterator[tuple[str, Place]]:
    for glossary in document.findall(addnodes.glossary):
        for entry in glossary.findall(nodes.definition_list_item):
            head = _heads(entry)[0]
            linked = next(iter(entry.findall(addnodes.pending_xref)), None) is not None
            for form in forms(head.rawsource):
                yield form, Place(head["ids"][0], head.line, linked)


def entry_places(env: BuildEnvironment) -> dict[str, tuple[str, str]]:
    """Return the page and the anchor of each form's entry."""
    return {
        form: (docname, place.anchor)
        for docname, page in TermCollector.of(env).items()
        for form, place in page.entries.items()
    }


def bold_places(env: BuildEnvironment, known: list[str]) -> list[tuple[str, str]]:
    """Return where one of these forms first stands in bold: page and anchor, chapters first."""
    pages = sorted(TermCollector.of(env).items(), key=_chapters_first)
    return [
        (docname, next(place.anchor for term, place in page.bold.items() if term in known))
        for docname, page in pages
        if not page.bold.keys().isdisjoint(known)
    ]


def _chapters_first(page: tuple[str, PageTerms]) -> tuple[bool, str]:
    return not chapter(page[0]), page[0]


class LinkTerms(SphinxPostTransform):
    """Links the bold terms of a page, and adds to the page's entries where their terms stand."""

    default_priority = 3

    def run(self, **_options: object) -> None:
        """Link in both directions."""
        entries = entry_places(self.env)
        for strong in list(self.document.findall(nodes.strong)):
            if strong.get("term") in entries and not isinstance(strong.parent, nodes.reference):
                # The link takes over the anchor.
                bare = nodes.strong("", "", *strong.children)
                strong.replace_self(self._link(*entries[strong["term"]], bare))
        for glossary in self.document.findall(addnodes.glossary):
            for entry in glossary.findall(nodes.definition_list_item):
                self._finish(entry)

    def _finish(self, entry: nodes.definition_list_item) -> None:
        english, *chinese = _heads(entry)
        for term in chinese:
            term["classes"].append(CHINESE)
        inline = nodes.inline(classes=["term-places"])
        for docname, anchor in bold_places(self.env, forms(english.rawsource)):
            inline += nodes.Text(", " if inline.children else " ")
            inline += self._link(docname, anchor, nodes.Text(label(self.env, docname)))
        entry[-1][-1] += inline

    def _link(self, docname: str, anchor: str, content: nodes.Node) -> nodes.reference:
        link = make_refnode(self.app.builder, self.env.docname, docname, anchor, content)
        link["classes"] += ["term"] if isinstance(content, nodes.strong) else []
        return link


def check(_app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of bold terms without an entry, and of entries and forms that no page leads to."""
    pages = TermCollector.of(env)
    entries = entry_places(env)
    bold = {term for page in pages.values() for term in page.bold}
    for docname, page in pages.items():
        for term in page.bold.keys() - entries.keys():
            where = (docname, page.bold[term].line)
            logger.warning("the glossary has no entry for the term %r", term, location=where)
        used = {page.entries[form].anchor for form in page.entries.keys() & bold}
        named: set[str] = set()  # entries, of which this is a further form
        for form, place in page.entries.items():
            needed = place.anchor in used or place.linked
            if not needed or (place.anchor in named and form not in bold):
                where = (docname, place.line)
                logger.warning("the term %r stands in bold nowhere", form, location=where)
            named.add(place.anchor)


def register(app: Sphinx) -> None:
    """Register the directive, the collector, the links and the check."""
    app.add_config_value("terms_pages", ["notebooks/*", "book/notation"], "env", list)
    app.add_object_type(ENTRY, ENTRY, objname="glossary entry")
    app.add_directive("terms", Terms)
    app.add_env_collector(TermCollector)
    app.add_post_transform(LinkTerms)
    app.connect("env-check-consistency", check)
