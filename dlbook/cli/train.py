"""The command ``train``: a network for images, alone or under torchrun."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dlbook.cli.options import learning_rate, share, whole
from dlbook.say import say

DESCRIPTION = """\
Train a network on images of ten classes, with a line for every epoch and, at the end, the
accuracy on the test set. `torchrun --standalone --nproc-per-node=2 -m dlbook train ...` does the
same in two processes, each with a share of every batch.
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its options; nothing heavy is imported before it runs."""
    parser = commands.add_parser("train", help="train a network on images", description=DESCRIPTION)
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("--data", choices=("digits", "mnist", "fashion"), default="mnist", help=_default("mnist"))
    add("--model", choices=("linear", "mlp", "cnn"), default="mlp", help=_default("mlp"))
    add("--optimizer", choices=("sgd", "adam", "adamw"), default="sgd", help=_default("sgd"))
    rate = "learning rate; by default 0.1 for sgd, 0.001 for the others"
    add("--lr", type=learning_rate, help=rate)
    add("--momentum", type=share, help="of sgd; by default 0")
    add("--batch-size", type=whole(1), default=64, help="of all processes; " + _default("64"))
    add("--epochs", type=whole(1), default=5, help="counted from the very start; " + _default("5"))
    add("--seed", type=whole(0), default=0, help="of weights and orders; " + _default("0"))
    add("--limit", type=whole(1), metavar="N", help="train on the first N samples only")
    add("--device", help="such as cpu or cuda; by default the best there is")
    precisions = ("float32", "float64", "bfloat16", "float16")
    add("--precision", choices=precisions, default="float32", help=_default("float32"))
    add("--save", type=Path, metavar="FILE", help="write a checkpoint after every epoch")
    add("--resume", type=Path, metavar="FILE", help="go on from a checkpoint of this command")
    add("--history", type=Path, metavar="CSV", help="write the epochs, and NAME_steps.csv beside")


def run(options: argparse.Namespace) -> int:
    """Train, and return the exit status.

    It is 0 when all went well, 1 when the training diverged or another process was lost, 2 when
    the options cannot be met, 130 when somebody ended it.
    """
    from dlbook.cli.training_run import train
    from dlbook.distributed import LostProcessError, is_main

    try:
        with _ended_politely():
            train(options)
    except FloatingPointError as error:  # on all processes alike
        return _complain(f"{error}", 1) if is_main() else 1
    except KeyboardInterrupt:
        return _complain(f"ended before it was done{_advice(options)}", 130) if is_main() else 130
    except LostProcessError as error:
        return _complain(f"{error}{_advice(options)}", 1)
    except (ValueError, OSError) as error:
        return _complain(f"{error}", 2)
    return 0


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let SIGTERM, by which torchrun ends the processes that are left, end as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _complain(message: str, status: int) -> int:
    say(f"python -m dlbook train: {message}", stream=sys.stderr)
    return status


def _advice(options: argparse.Namespace) -> str:
    """How to go on, when there is something to go on from."""
    saved: Path | None = options.save
    if saved is None or not saved.exists():
        return ""
    return f"; to go on, give the same command again with --resume {saved}"


def _default(value: str) -> str:
    return f"by default {value}"
