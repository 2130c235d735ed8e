"""What an extension finds on each page, kept from build to build."""

from typing import ClassVar, Generic, TypeVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

Found = TypeVar("Found")


class PerPage(EnvironmentCollector, Generic[Found]):
    """Keeps what ``find`` finds on a page until the page is read again.

    Attributes:
        name: the attribute of the environment that holds all findings.
    """

    name: ClassVar[str]

    def find(self, env: BuildEnvironment, document: nodes.document) -> Found:
        """Return what the page ``env.docname`` holds."""
        raise NotImplementedError

    @classmethod
    def of(cls, env: BuildEnvironment) -> dict[str, Found]:
        """Return what was found, by page, in the order of the pages' names."""
        return dict(sorted(cls._kept(env).items()))

    @classmethod
    def _kept(cls, env: BuildEnvironment) -> dict[str, Found]:
        kept: dict[str, Found] = env.__dict__.setdefault(cls.name, {})
        return kept

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Find on a page that has been read."""
        assert app.env is not None
        self._kept(app.env)[app.env.docname] = self.find(app.env, doctree)

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget a page that is gone or will be read again."""
        self._kept(env).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        """Take over what a parallel process has found."""
        found = self._kept(other)
        self._kept(env).update({name: found[name] for name in docnames if name in found})


class ToFill(nodes.General, nodes.Element):  # type: ignore[misc]
    """A place on a page that is filled in when all pages have been read."""


def label(env: BuildEnvironment, docname: str) -> str:
    """Return ``Chapter 05`` for ``notebooks/05_autograd``, otherwise the page's title."""
    number = chapter(docname)
    return f"Chapter {number}" if number else env.titles[docname].astext()


def chapter(docname: str) -> str:
    """Return ``05`` for ``notebooks/05_autograd`` and nothing for a page that is no chapter."""
    number = docname.rpartition("/")[2].partition("_")[0]
    return number if docname.startswith("notebooks/") and number.isdigit() else ""


def plain(text: str) -> str:
    """Return one form for all spellings: lower case, straight quotes, single spaces."""
    return " ".join(text.lower().translate(_STRAIGHT).split())


_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
