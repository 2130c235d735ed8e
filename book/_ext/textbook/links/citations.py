"""An ordinary link to a source becomes a link to its entry on the page of references.

Notebooks are plain Markdown, so a chapter cites with a link such as
``[Kiefer, 1953](https://doi.org/10.1090/S0002-9939-1953-0055639-3)``, which works in Jupyter, in
Colab and on GitHub. In the built book it leads to the entry, and the entry to the source.
"""

import hashlib
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from docutils import nodes
from pybtex.database import Entry
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.domain import BibtexDomain

logger = logging.getLogger(__name__)

_DOI_SITE = "https://doi.org/"


def normalized(address: str) -> str:
    """Return one form for all spellings of an address.

    ``http://dx.doi.org/10.1214/X`` and ``https://doi.org/10.1214/x`` are the same source, as are
    an arXiv paper's abstract, its PDF and its DOI.
    """
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.").removeprefix("dx.")
    path = parts.path.rstrip("/")
    if host == "doi.org":
        path = path.lower()
        host, path = ("arxiv.org", _arxiv_path(path)) if "arxiv." in path else (host, path)
    elif host == "arxiv.org":
        path = path.replace("/pdf/", "/abs/").removesuffix(".pdf")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"https://{host}{path}{query}{fragment}"


def _arxiv_path(doi_path: str) -> str:
    """Return ``/abs/1706.04599`` for ``/10.48550/arxiv.1706.04599``."""
    return "/abs/" + doi_path.partition("arxiv.")[2]


def addresses(entry: Entry) -> list[str]:
    """Return the normalized addresses of a bibliography entry: its DOI, arXiv id and URL."""
    fields = entry.fields
    found = []
    if "doi" in fields:
        found.append(_DOI_SITE + fields["doi"])
    if fields.get("archiveprefix", "").lower() == "arxiv":
        found.append("https://arxiv.org/abs/" + fields["eprint"])
    if "url" in fields:
        found.append(fields["url"])
    return [normalized(address) for address in found]


class MarkCitations(SphinxTransform):
    """Mark links to sources with ``citation_key``; warn of a DOI that has no entry."""

    default_priority = 700

    def apply(self) -> None:
        """Mark the links of the page."""
        keys = _keys_by_address(self.env)
        for link in self.document.findall(nodes.reference):
            address = normalized(link.get("refuri", ""))
            if address in keys:
                link["citation_key"] = keys[address]
            elif address.startswith(_DOI_SITE):
                logger.warning(
                    "no entry of references.bib has this DOI: %s", address, location=link
                )
                # Otherwise the next build would find the page unchanged and pass.
                self.env.note_reread()


class LinkCitations(SphinxPostTransform):
    """Turn marked links into links to the entries, whose place is known once all is read."""

    # Entries get their own links to the sources later, with priority 5; those stay.
    default_priority = 3

    def run(self, **_options: object) -> None:
        """Redirect the marked links of the page."""
        places = {
            citation.key: (citation.bibliography_key.docname, citation.citation_id)
            for citation in _domain(self.env).citations
        }
        for link in list(self.document.findall(nodes.reference)):
            key = link.get("citation_key")
            if key in places:
                page, anchor = places[key]
                link.replace_self(self._link(link, page, anchor))

    def _link(self, link: nodes.reference, page: str, anchor: str) -> nodes.reference:
        content = nodes.inline("", "", *link.children, classes=["citation"])
        builder = self.app.builder
        return make_refnode(builder, self.env.docname, page, anchor, content)


def _domain(env: BuildEnvironment) -> BibtexDomain:
    return cast(BibtexDomain, env.get_domain("cite"))


def _keys_by_address(env: BuildEnvironment) -> dict[str, str]:
    """Return the key of each entry by each of its addresses."""
    entries = _domain(env).bibdata.data.entries
    return {address: key for key, entry in entries.items() for address in addresses(entry)}


def _note_bibliography(app: Sphinx, config: Config) -> None:
    """Have all pages read again when the bibliography changes: a link may gain its entry."""
    contents = b"".join((Path(app.confdir) / name).read_bytes() for name in config.bibtex_bibfiles)
    config.citations_bibliography = hashlib.sha256(contents).hexdigest()


def register(app: Sphinx) -> None:
    """Register the two transforms, after sphinxcontrib-bibtex."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_config_value("citations_bibliography", "", "env", str)
    app.connect("config-inited", _note_bibliography)
    app.add_transform(MarkCitations)
    app.add_post_transform(LinkCitations)
