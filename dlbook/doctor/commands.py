"""The commands that findings recommend, for the Python that the doctor runs in."""

import os
import shlex
import shutil
import subprocess
import sys

# Which build of torch fits depends on system and driver; its makers keep the table.
CHOOSE_A_BUILD = "run the command that https://pytorch.org/get-started/locally/ shows for you"

FRESH_ENVIRONMENT = "conda create --name dlbook python=3.11 pip"


def command(*words: str) -> str:
    """The words as one line to paste into a shell: sh, or PowerShell on Windows."""
    return shlex.join(words) if os.name == "posix" else subprocess.list2cmdline(words)


def python() -> str:
    """The word that starts this very Python: ``python`` if the shell finds it by that."""
    return "python" if shutil.which("python") == sys.executable else sys.executable


def pip_install(*arguments: str, interpreter: str = "") -> str:
    """``python -m pip install …``, into this environment unless another is named."""
    return command(interpreter or python(), "-m", "pip", "install", *arguments)


def reinstall(*packages: str) -> str:
    """Install packages anew, whatever of them is there."""
    return pip_install("--upgrade", "--force-reinstall", *packages)


def set_variable(name: str, value: str) -> str:
    """Set an environment variable for what the shell starts from now on."""
    return (
        command("export", f"{name}={value}") if os.name == "posix" else f"$env:{name} = '{value}'"
    )


def unset_variable(name: str) -> str:
    """Forget an environment variable."""
    return f"unset {name}" if os.name == "posix" else f"Remove-Item Env:{name}"


def move_away(path: str) -> str:
    """Give a file or folder another name."""
    return command("mv" if os.name == "posix" else "move", path, f"{path}.old")


def remove(*files: str) -> str:
    """Delete files."""
    return command("rm" if os.name == "posix" else "del", *files)
