"""The command line: ``python -m dlbook COMMAND``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from dlbook.cli import train
from dlbook.cli.options import seconds
from dlbook.cli.streams import errors_are_seen, open_closed_ones
from dlbook.say import say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status.

    Args:
        arguments: the words after ``python -m dlbook``; by default those of this process.
    """
    open_closed_ones()
    with errors_are_seen():
        options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dlbook", description=__doc__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    store = commands.add_parser("store", help="run chapters and store their text outputs")
    store.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    store.set_defaults(run=_store)
    doctor = commands.add_parser("doctor", help="say what is wrong with this machine")
    doctor.add_argument("--json", action="store_true", help="a list of findings, for programs")
    doctor.add_argument("--timeout", type=seconds, default=60.0, help="seconds for each process")
    doctor.set_defaults(run=_doctor)
    train.add_to(commands)
    return parser


def _store(options: argparse.Namespace) -> int:
    from dlbook import notebooks

    for path in options.notebooks:
        say(f"running {path} ...")
        try:
            notebooks.store(path)
        except (ValueError, OSError) as error:
            say(f"python -m dlbook store: {error}", stream=sys.stderr)
            return 2
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from dlbook import doctor

    findings = doctor.examine(options.timeout)
    report = doctor.as_json(findings) if options.json else doctor.as_text(findings)
    say(report)
    return int(any(finding.level == "broken" for finding in findings))
