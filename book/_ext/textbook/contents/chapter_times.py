"""Below the title of each chapter: how long it takes to read, and how long it took to run."""

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx

WORDS_A_MINUTE = 180  # slower than a novel: there are formulas to follow


def register(app: Sphinx) -> None:
    """Add the line when a page's text is complete and its run is known."""
    app.connect("doctree-resolved", _add_times)


def _add_times(app: Sphinx, doctree: nodes.document, page: str) -> None:
    run = NbMetadataCollector.get_exec_data(app.env, page)
    title = next(doctree.findall(nodes.title), None)
    if run and run["runtime"] and title is not None:
        times = nodes.paragraph("", times_line(words(doctree), run["runtime"]))
        times["classes"].append("chapter-times")
        title.parent.insert(title.parent.index(title) + 1, times)


def words(doctree: nodes.document) -> int:
    """Count the words of a page's running text; code and outputs are not read word by word."""
    texts = (node.astext() for node in doctree.findall(nodes.paragraph))
    return sum(len(text.split()) for text in texts)


def times_line(words: int, seconds: float) -> str:
    """Say both times: ``About 20 minutes to read · computed in 12 seconds``."""
    minutes, whole = max(1, round(words / WORDS_A_MINUTE)), max(1, round(seconds))
    reading = f"About {minutes} minute{'s' * (minutes > 1)} to read"
    return f"{reading} · computed in {whole} second{'s' * (whole > 1)}"
