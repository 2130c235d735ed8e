"""Jupyter's server: its pages need nbconvert and Jinja, of fitting versions."""

from dlbook.doctor.asking import ask
from dlbook.doctor.commands import pip_install, reinstall
from dlbook.doctor.finding import Finding
from dlbook.doctor.home import home
from dlbook.doctor.requirements import version_of

PARTS = ("jupyter_server", "nbconvert", "Jinja2")


def server_facts() -> str:
    """The version of Jupyter's server, after what it needs to show a notebook was imported."""
    import jupyter_server
    import nbconvert.exporters  # noqa: F401  it imports Jinja, and fails with it

    return str(jupyter_server.__version__)


def examine(limit: float) -> list[Finding]:
    """Whether the server can show a notebook, where there is a server."""
    if not version_of("jupyter_server"):
        what = "no Jupyter server in this environment"
        why = "You need one only if you start Jupyter from here."
        return [Finding("jupyter", "note", what, why, pip_install("jupyterlab"))]
    (answer,) = ask(server_facts, limit=limit, home=home())
    if answer.failure:
        why = "Jupyter opens a notebook with '500: Internal Server Error'."
        what = f"Jupyter's server lacks a part: {answer.failure}"
        return [Finding("jupyter", "broken", what, why, reinstall(*PARTS))]
    return [Finding("jupyter", "ok", f"jupyter_server {answer.value}, with nbconvert and Jinja")]
