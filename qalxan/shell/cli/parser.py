"""The commands and their options. Heavy parts load only when their command runs."""

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[[argparse.Namespace], int | None]


def _late(module: str, name: str) -> Run:
    def run(arguments: argparse.Namespace) -> int | None:
        command: Run = getattr(importlib.import_module(f"qalxan.shell.cli.{module}"), name)
        return command(arguments)

    return run


def _command(group: Any, name: str, help_text: str, module: str, function: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = group.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(run=_late(module, function))
    return parser


def parse(argv: list[str]) -> argparse.Namespace:
    """The command asked for; argparse itself exits 2 on a wrong call."""
    parser = argparse.ArgumentParser(prog="qalxan", description="The working system of a country's fight against trafficking in persons.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    act = commands.add_parser("act", help="read, import and export official acts").add_subparsers(required=True, metavar="WHAT")
    read = _command(act, "read", "Read an act from text, HTML, Word or PDF (no database needed).", "acts", "read")
    read.add_argument("file", type=Path)
    read.add_argument("--json", action="store_true", help="print the whole structure as one JSON document")
    read.add_argument("--text", action="store_true", help="print the text that offsets count in")
    return parser.parse_args(argv)
