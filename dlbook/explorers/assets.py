"""The styles and scripts that figures carry."""

from importlib.resources import files


def asset(name: str) -> str:
    """The text of a file beside this one."""
    return files("dlbook.explorers").joinpath(name).read_text(encoding="utf-8")
