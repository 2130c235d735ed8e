"""The notebooks of a build run side by side, one a core.

MyST-NB runs each notebook when it comes to its page, one after the other. This extension runs all
that have no outputs in the cache yet just before, and puts them there; MyST-NB then finds them.
"""

import atexit
import glob
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path
from typing import cast

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from myst_nb.sphinx_ import SphinxEnvType
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from dlbook import page, progress
from textbook.running.cache import digest_of_checks

_THREADS = "OMP_NUM_THREADS"
# Looking for garbage after every 700 new objects, as Python does, takes a sixth of a chapter's
# time, for torch alone leaves hundreds of thousands of objects to look at.
_RARE_GARBAGE_COLLECTION = "--IPKernelApp.exec_lines=__import__('gc').set_threshold(100_000)"

_COLOR = re.compile(r"\x1b\[[\d;]*m")
_FAILED_LINE = re.compile(r"^-+> *\d+ +(.*)$", re.MULTILINE)

logger = logging.getLogger(__name__)


class ChapterFailedError(Exception):
    """A notebook did not run to its end; the message names it, the cell, its line and the error."""


def register(app: Sphinx) -> None:
    """Say how notebooks run before the cache is chosen; run them when the pages are known."""
    app.connect("config-inited", _set_circumstances, priority=100)
    app.connect("env-before-read-docs", _run_missing)


def _set_circumstances(_app: Sphinx, _config: Config) -> None:
    """Let the kernels, which inherit this environment, make outputs for a page without a kernel.

    Each has one thread, unless the environment names another number, and draws no progress bar,
    which would be one more output of its cell, beside the figure.
    """
    os.environ.setdefault(_THREADS, "1")
    os.environ[page.ENVIRONMENT_VARIABLE] = "1"
    os.environ[progress.ENVIRONMENT_VARIABLE] = "0"


def _run_missing(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Run the notebooks among the pages that the cache does not hold, and put them there."""
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    paths = {Path(env.doc2path(page)): page for page in pages}
    notebooks = {
        path: nbformat.read(path, as_version=4) for path in paths if path.suffix == ".ipynb"
    }
    missing = [
        path for path, notebook in notebooks.items() if not _is_cached(cache, path, notebook)
    ]
    # Later chapters take longer: begun first, they leave no core idle at the end.
    missing.sort(reverse=True)
    failed = {}
    with ThreadPoolExecutor(max_workers=_workers()) as pool:
        runs = {
            pool.submit(_run, notebooks[path], path, app.config.nb_execution_timeout): path
            for path in missing
        }
        for run in as_completed(runs):
            try:
                _keep(cache, runs[run], *run.result())
            except ChapterFailedError as failure:
                failed[runs[run]] = str(failure)
                logger.warning("%s", failure)
    if failed:
        _report(cast(SphinxEnvType, env), failed)
        app.connect("env-updated", partial(_read_again, [paths[path] for path in failed]))


def _run(notebook: NotebookNode, path: Path, timeout: int) -> tuple[NotebookNode, float]:
    """Return the notebook with its outputs, and the seconds that it took."""
    from dlbook.notebooks import encrypted  # brings torch, seconds of a build that runs nothing

    start = time.perf_counter()
    begun = []
    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=False,  # it goes into the cells' metadata, which the cache compares
        shutdown_kernel="immediate",  # the outputs are here; Python's own end takes seconds
        extra_arguments=[_RARE_GARBAGE_COLLECTION],
        on_cell_execute=lambda cell, cell_index: begun.append(cell.id),
        config=encrypted(),
    )
    try:
        client.execute(cwd=str(path.parent))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ChapterFailedError(f"{path.name}, cell {begun[-1]}: {_reason(error)}") from error
    return notebook, time.perf_counter() - start


def _reason(error: Exception) -> str:
    """The line of the cell that failed, and what it raised, in one line."""
    if not isinstance(error, CellExecutionError):
        return str(error).partition("\n")[0]
    line = _FAILED_LINE.search(_COLOR.sub("", error.traceback))
    raised = f"{error.ename}: {error.evalue}".strip(": ").partition("\n")[0]
    return f"{line[1]} ({raised})" if line else raised


def _keep(cache: JupyterCacheAbstract, path: Path, notebook: NotebookNode, seconds: float) -> None:
    """Put a finished run into the cache."""
    logger.info("%s took %.1f s", path.name, seconds)
    facts = {"execution_seconds": seconds, "checks": digest_of_checks(path)}
    bundle = CacheBundleIn(notebook, str(path), data=facts)
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _report(env: SphinxEnvType, failed: dict[Path, str]) -> None:
    """Say it once more as the very last, and let MyST-NB show these pages as they are stored.

    It would run their notebooks a second time.
    """
    lines = ["", f"{len(failed)} of the chapters did not run to the end:", *failed.values()]
    atexit.register(print, *lines, sep="\n", file=sys.stderr)
    patterns = [glob.escape(path.as_posix()) for path in failed]
    settings = env.mystnb_config
    env.mystnb_config = settings.copy(
        execution_excludepatterns=[*settings.execution_excludepatterns, *patterns]
    )


def _read_again(pages: list[str], _app: Sphinx, env: BuildEnvironment) -> None:
    """Let the next build find that these pages are older than their sources."""
    env.all_docs |= dict.fromkeys(pages, 0)


def _is_cached(cache: JupyterCacheAbstract, path: Path, notebook: NotebookNode) -> bool:
    """Whether there are outputs of this code with these checks of its exercises."""
    try:
        record = cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return bool(record.data["checks"] == digest_of_checks(path))


def _workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (cores or 1) // int(os.environ[_THREADS]))
