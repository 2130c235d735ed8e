"""Every entry of the error index raises its message, and every mend in it runs."""

import mmap
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from children import LIMIT
from page_code import Statement, code, fences, page, run, statements
from torch import nn

PAGE = page("errors")
(IMPORTS,) = fences(PAGE.partition("\n## ")[0])
_, *PARTS = re.split("^### (.+)", PAGE, flags=re.MULTILINE)
ENTRIES = {code(title): fences(body) for title, body in zip(PARTS[::2], PARTS[1::2], strict=True)}
RAISES = re.compile(r"(\w+(?:Error|Warning))(?:, |$)")
SCRIPT = "as a script"
# What a comment may ask for, and whether it is so here.
CONDITIONS = {
    "on a GPU": torch.cuda.is_available(),
    "without a GPU": not torch.cuda.is_available(),
    "without a driver": torch.version.cuda is not None and not torch.cuda.is_available(),
    "in a build without CUDA": torch.version.cuda is None,
}


def runs_here(statement: Statement) -> bool:
    return all(CONDITIONS.get(part, True) for part in statement.comment.split(", "))


def raising(source: str) -> list[Statement]:
    """The statements whose comments name an error or a warning."""
    return [statement for statement in statements(source) if RAISES.match(statement.comment)]


def pattern(message: str) -> re.Pattern[str]:
    """Finds a message, however its lines are broken; an ellipsis is the part that varies."""
    parts = [re.escape(part).replace(r"\ ", r"\s+") for part in re.split(" ?… ?", message)]
    return re.compile(".*".join(parts), re.DOTALL)


ELSEWHERE = [
    message for message, (source,) in ENTRIES.items() if not any(map(runs_here, raising(source)))
]


@pytest.fixture
def names(fresh_start: Path) -> dict[str, Any]:
    """The names of the page's imports, in a folder that holds a file from a GPU."""
    save_as_on_a_gpu(nn.Linear(3, 1).state_dict(), fresh_start / "saved_on_a_gpu.pt")
    found: dict[str, Any] = {}
    run(IMPORTS, found)
    return found


def save_as_on_a_gpu(state: dict[str, torch.Tensor], path: Path) -> None:
    """The file that ``torch.save`` writes for tensors of the first GPU, made without one."""
    torch.save(state, path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # Pickled strings carry their length in front.
    cpu, cuda = b"X\3\0\0\0cpu", b"X\6\0\0\0cuda:0"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content.replace(cpu, cuda) if "data.pkl" in name else content)


@pytest.mark.parametrize("message", [entry for entry in ENTRIES if entry not in ELSEWHERE])
def test_an_entry_raises_its_message_and_mends_it(
    message: str, names: dict[str, Any], tmp_path: Path
) -> None:
    (source,) = ENTRIES[message]
    if SCRIPT in source:
        said = run_as_script(source, tmp_path)
        (expected,) = raising(source)
        assert pattern(message).search(said)
        assert RAISES.match(expected.comment)[1] in said
        return
    for statement in filter(runs_here, statements(source)):
        if kind := RAISES.match(statement.comment):
            with pytest.raises(Exception, match=pattern(message)) as caught:
                run(statement.source, names)
            assert caught.type.__name__ == kind[1]
        else:
            run(statement.source, names)


def run_as_script(source: str, folder: Path) -> str:
    """What a file with this code says in a process of its own."""
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=LIMIT
    )
    assert result.returncode
    return result.stderr


@pytest.mark.parametrize("message", ELSEWHERE)
def test_a_message_that_cannot_be_raised_here_stands_in_torch(message: str) -> None:
    if torch.version.cuda is None:
        pytest.skip("this build of torch is without the code for GPUs")
    root = Path(torch.__file__).parent
    libraries = [*root.glob("lib/*.so"), *root.parent.glob("nvidia/**/libcudart.so*")]
    files = [root / "serialization.py", root / "cuda" / "__init__.py", *libraries]
    assert any(contains(file, message) for file in files)


def contains(file: Path, message: str) -> bool:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as content:
        return content.find(message.encode()) >= 0


def test_every_message_has_one_entry_that_raises_it() -> None:
    assert len(ENTRIES) == len(PARTS) / 2
    for message, (source,) in ENTRIES.items():
        assert raising(source), message


def test_every_comment_is_understood() -> None:
    for (source,) in ENTRIES.values():
        for statement in filter(lambda statement: statement.comment, statements(source)):
            parts = statement.comment.split(", ")
            known = RAISES.match(statement.comment) is not None
            assert set(parts[known:]) <= {SCRIPT, *CONDITIONS}, statement.comment


def test_the_page_names_the_torch_that_ran() -> None:
    assert f"with torch {'.'.join(torch.__version__.split('.')[:2])} and" in PAGE
