"""What stands around the title of a chapter: its part and number, and how long it takes.

Wherever else the title stands, as in the contents, on the neighboring pages, in the window's title
and among the hits of the search, it begins with the number.
"""

from collections.abc import Iterator

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from textbook.per_page import chapter

# Three chapters read by a newcomer whose first language is another, with a watch.
WORDS_A_MINUTE = 100
SECONDS_A_LINE = 12  # of code in sight, with its output
MINUTES_AN_EXERCISE = 10
HOW_TO_READ = "book/how_to_read_the_code"
_NEARLY_AN_HOUR = 57.5  # minutes
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
        lines.append(_times(app, page, doctree, run["runtime"]))
    title.replace_self(lines)


def place_line(env: BuildEnvironment, page: str) -> str:
    """Say where a chapter stands: ``Part I · Chapter 04``."""
    parts = env.get_doctree(env.config.root_doc).findall(addnodes.toctree)
    captions = (part["caption"] or "" for part in parts if page in part["includefiles"])
    part = next(captions, "").partition(" · ")[0]
    return " · ".join(filter(None, [part, f"Chapter {chapter(page)}"]))


def _times(app: Sphinx, page: str, doctree: nodes.document, seconds: float) -> nodes.paragraph:
    """The line of times, and the way to the page that explains the code."""
    line = times_line(words(doctree), lines_of_code(doctree), exercises(doctree), seconds)
    paragraph = nodes.paragraph("", line, classes=["chapter-times"])
    if HOW_TO_READ in app.env.all_docs:
        address = app.builder.get_relative_uri(page, HOW_TO_READ)
        link = nodes.reference("", "How to read the code", refuri=address, internal=True)
        paragraph += [nodes.Text(" · "), link]
    return paragraph


def words(doctree: nodes.document) -> int:
    """Count the words of a page's running text; code and outputs are not read word by word."""
    texts = (node.astext() for node in doctree.findall(nodes.paragraph))
    return sum(len(text.split()) for text in texts)


def lines_of_code(doctree: nodes.document) -> int:
    """Count the lines of code that stand in sight."""
    cells = (cell for cell in _cells(doctree) if not cell.get("hide_mode"))
    parts = (part for cell in cells for part in cell.children)
    sources = (part for part in parts if part.get("nb_element") == "cell_code_source")
    return sum(len(source.astext().splitlines()) for source in sources)


def exercises(doctree: nodes.document) -> int:
    """Count the exercises, by their solutions."""
    return sum("solution" in cell["cell_metadata"].get("tags", []) for cell in _cells(doctree))


def _cells(doctree: nodes.document) -> Iterator[nodes.container]:
    containers = doctree.findall(nodes.container)
    return (node for node in containers if node.get("nb_element") == "cell_code")


def times_line(words: int, lines: int, exercises: int, seconds: float) -> str:
    """Say all times: ``About 40 minutes of text · 2 hours with the code · …``."""
    text = words / WORDS_A_MINUTE
    code = text + lines * SECONDS_A_LINE / 60
    whole = max(1, round(seconds))
    parts = [f"About {duration(text)} of text"]
    if lines:
        parts.append(f"{duration(code)} with the code")
    if exercises:
        parts.append(f"{duration(code + exercises * MINUTES_AN_EXERCISE)} with the exercises")
    return " · ".join([*parts, f"computed in {whole} second{'s' * (whole > 1)}"])


def duration(minutes: float) -> str:
    """Say a time as nobody could measure it more exactly: ``25 minutes``, ``1½ hours``."""
    if minutes < _NEARLY_AN_HOUR:
        return f"{max(5, 5 * round(minutes / 5))} minutes"
    halves = round(minutes / 30)
    half = "½" * (halves % 2)
    return f"{halves // 2}{half} hour{'s' * (halves > 2)}"
