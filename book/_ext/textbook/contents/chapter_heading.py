"""What stands around the title of a chapter: its part and number, and how long it takes.

Wherever else the title stands, as in the contents, on the neighboring pages, in the window's title
and among the hits of the search, it begins with the number.
"""

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from textbook.per_page import chapter

WORDS_A_MINUTE = 180  # slower than a novel: there are formulas to follow
_AFTER_COLLECTORS = 600


def register(app: Sphinx) -> None:
    """Number titles when they have been collected; add the lines when a chapter's run is known."""
    app.connect("doctree-read", _number, priority=_AFTER_COLLECTORS)
    app.connect("doctree-resolved", _add_lines)


def _number(app: Sphinx, _doctree: nodes.document) -> None:
    env = app.env
    if not (number := chapter(env.docname)):
        return
    in_contents = next(iter(env.tocs[env.docname].findall(nodes.reference)))
    titles = {id(title): title for title in (env.titles[env.docname], env.longtitles[env.docname])}
    for title in (*titles.values(), in_contents):
        title.insert(0, nodes.Text(f"{number} · "))


def _add_lines(app: Sphinx, doctree: nodes.document, page: str) -> None:
    title = next(iter(doctree.findall(nodes.title)), None)
    if not chapter(page) or title is None:
        return
    place = nodes.paragraph("", place_line(app.env, page), classes=["chapter-place"])
    lines = [place, title]
    run = NbMetadataCollector.get_exec_data(app.env, page)
    if run and run["runtime"]:
        times = times_line(words(doctree), run["runtime"])
        lines.append(nodes.paragraph("", times, classes=["chapter-times"]))
    title.replace_self(lines)


def place_line(env: BuildEnvironment, page: str) -> str:
    """Say where a chapter stands: ``Part I · Chapter 04``."""
    parts = env.get_doctree(env.config.root_doc).findall(addnodes.toctree)
    captions = (part["caption"] or "" for part in parts if page in part["includefiles"])
    part = next(captions, "").partition(" · ")[0]
    return " · ".join(filter(None, [part, f"Chapter {chapter(page)}"]))


def words(doctree: nodes.document) -> int:
    """Count the words of a page's running text; code and outputs are not read word by word."""
    texts = (node.astext() for node in doctree.findall(nodes.paragraph))
    return sum(len(text.split()) for text in texts)


def times_line(words: int, seconds: float) -> str:
    """Say both times: ``About 20 minutes to read · computed in 12 seconds``."""
    minutes, whole = max(1, round(words / WORDS_A_MINUTE)), max(1, round(seconds))
    reading = f"About {minutes} minute{'s' * (minutes > 1)} to read"
    return f"{reading} · computed in {whole} second{'s' * (whole > 1)}"
