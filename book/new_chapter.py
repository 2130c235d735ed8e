"""Start a chapter from the template; run in the book's root: ``new_chapter.py 21_attention``.

The template, in ``book/template``, is a whole small chapter with the number 99.
"""

import re
import sys
from pathlib import Path

import nbformat
import yaml

from dlbook.notebooks import setup_cell

TEMPLATE_NUMBER, TEMPLATE_TITLE = "99", "Title of the chapter"
_NAME = re.compile(r"([1-9]\d)_([a-z][a-z0-9]*(?:_[a-z0-9]+)*)")
_NEXT = """\
Now replace the template's text and exercises, then run `make outputs NAME={name}`, `make worlds
CHAPTERS={number}`, `make test` and `make book`. The book shows the chapter when _toc.yml names
notebooks/{name}."""


def places(name: str) -> dict[str, str]:
    """Return where the files of a chapter go, by the name of the template's file."""
    number = name[:2]
    return {
        "exercises.py": f"dlbook/exercises/chapter_{number}.py",
        "answers.py": f"tests/answers/chapter_{number}.py",
        "chapter.ipynb": f"notebooks/{name}.ipynb",
    }


def create(root: Path, name: str) -> list[Path]:
    """Write a new chapter's notebook, checks and answers, and return their paths.

    Args:
        root: the book's root.
        name: two digits and words, such as ``"21_attention"``; the title is made of the words.

    Raises:
        ValueError: the name has another form, or 99, the template's own number.
        FileExistsError: the number is taken, by a notebook or by exercises.
    """
    match = _NAME.fullmatch(name)
    if match is None or match[1] == TEMPLATE_NUMBER:
        raise ValueError(f"NAME should be a number below 99 and words: 21_attention, got {name!r}")
    number, title = match[1], match[2].replace("_", " ").capitalize()
    targets = {source: root / place for source, place in places(name).items()}
    taken = [*(root / "notebooks").glob(f"{number}_*"), *filter(Path.exists, targets.values())]
    if taken:
        raise FileExistsError(f"chapter {number} is there already: {taken[0].relative_to(root)}")
    texts = {
        source: _filled((root / "book" / "template" / source).read_text("utf-8"), number, title)
        for source in targets
    }
    texts["chapter.ipynb"] = _with_first_cell(root, texts["chapter.ipynb"])
    for source, target in targets.items():
        unfinished = target.with_suffix(".unfinished")
        unfinished.write_text(texts[source], encoding="utf-8")
        unfinished.replace(target)
    return list(targets.values())


def _filled(text: str, number: str, title: str) -> str:
    text = text.replace(TEMPLATE_NUMBER, number).replace(TEMPLATE_TITLE, title)
    return text.replace(TEMPLATE_TITLE.lower(), title.lower())


def _with_first_cell(root: Path, text: str) -> str:
    """Put the cell that installs dlbook on Colab into a notebook; its address is a setting."""
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells[0].source = setup_cell(settings["repository"]["url"])
    return f"{nbformat.writes(notebook)}\n"


if __name__ == "__main__":
    chapter = " ".join(sys.argv[1:])
    try:
        created = create(Path(), chapter)
    except (ValueError, FileExistsError) as refusal:
        sys.exit(str(refusal))
    print(*created, _NEXT.format(name=chapter, number=chapter[:2]), sep="\n")
