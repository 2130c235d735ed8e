"""Lists of all pitfalls of the book, each linked to the place in its chapter where it runs.

A pitfall is a section inside a chapter's section "Pitfalls". The directive without content lists
all of them, chapter by chapter. With content it lists those that are named, one in a line, by
their chapter and heading::

    ```{pitfalls}
    02 A row meets a column
    09 Predictions (N, 1), targets (N,)
    ```

Where some are named, all must be, so that a list by themes misses none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from textbook.per_page import PerPage, ToFill, chapter, plain

logger = logging.getLogger(__name__)


class PitfallList(ToFill):
    """The place of a list; ``named`` are the names in it."""


@dataclass(frozen=True)
class Pitfall:
    """One pitfall.

    Attributes:
        page: the page on which it runs.
        anchor: the place on that page.
        heading: what its heading consists of.
    """

    page: str
    anchor: str
    heading: list[nodes.Node]

    @property
    def name(self) -> str:
        """The chapter and the heading, by which lists name it."""
        text = "".join(part.astext() for part in self.heading)
        return plain(f"{chapter(self.page)} {text}")


@dataclass(frozen=True)
class PagePitfalls:
    """The pitfalls that run on a page, and the names on its lists with the lists' lines."""

    run: list[Pitfall]
    named: list[tuple[str, int]]


class Pitfalls(SphinxDirective):
    """The directive ``{pitfalls}``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the list."""
        self.env.note_reread()  # the list changes with other pages
        place = PitfallList(named=[plain(line) for line in self.content if line])
        place.line = self.lineno
        return [place]


class PitfallCollector(PerPage[PagePitfalls]):
    """Finds the pitfalls and the names on lists of each page."""

    name = "book_pitfalls"

    def find(self, env: BuildEnvironment, document: nodes.document) -> PagePitfalls:
        """Return the page's pitfalls and names."""
        lists = document.findall(PitfallList)
        named = [(name, place.line) for place in lists for name in place["named"]]
        run = list(_pitfalls(env.docname, document)) if chapter(env.docname) else []
        return PagePitfalls(run, named)


def _pitfalls(page: str, document: nodes.document) -> Iterator[Pitfall]:
    for section in document.findall(nodes.section):
        if section[0].astext() == "Pitfalls":
            for pitfall in section:
                if isinstance(pitfall, nodes.section):
                    heading = [part.deepcopy() for part in pitfall[0]]
                    yield Pitfall(page, pitfall["ids"][0], heading)


class FillPitfallLists(SphinxPostTransform):
    """Puts the links in the places of the lists."""

    default_priority = 3

    def run(self, **_options: object) -> None:
        """Fill the lists of the page."""
        for place in list(self.document.findall(PitfallList)):
            made = self._named(place["named"]) if place["named"] else self._by_chapter()
            place.replace_self(made)

    def _named(self, names: list[str]) -> list[nodes.Node]:
        pitfalls = {one.name: one for page in _pages(self.env) for one in page.run}
        known = [pitfalls[name] for name in names if name in pitfalls]
        return [self._list(known, numbered=True)]

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
    """Warn of names that no pitfall has, and of pitfalls that are not named exactly once."""
    there = {one.name for page in _pages(env) for one in page.run}
    count = Counter(name for page in _pages(env) for name, _ in page.named)
    for docname, page in PitfallCollector.of(env).items():
        for name, line in page.named:
            if name not in there:
                logger.warning("no chapter has the pitfall %r", name, location=(docname, line))
        for one in page.run:
            if count and count[one.name] != 1:
                text = "the pitfall %r is named %d times on the lists by themes, expected once"
                logger.warning(text, one.name, count[one.name], location=docname)


def register(app: Sphinx) -> None:
    """Register the directive, the collector, the transform and the check."""
    app.add_node(PitfallList)
    app.add_directive("pitfalls", Pitfalls)
    app.add_env_collector(PitfallCollector)
    app.add_post_transform(FillPitfallLists)
    app.connect("env-check-consistency", check)
