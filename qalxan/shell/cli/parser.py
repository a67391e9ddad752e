"""The commands and their options. Heavy parts load only when their command runs."""

import argparse
import datetime as dt
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
    bring = _command(act, "import", "Read an act into a draft of the site.", "site", "import_act")
    bring.add_argument("file", type=Path)
    export = _command(act, "export", "Write a plan as in force on a day.", "site", "export_plan")
    export.add_argument("plan")
    export.add_argument("--as", dest="form", choices=("akn", "csv", "xlsx", "docx"), required=True)
    export.add_argument("--day", type=_day, help="as in force on this day (YYYY-MM-DD); today when left out")
    export.add_argument("--out", type=Path, help="the file to write; stdout when left out")
    _language(export)
    duties = _command(commands, "duties", "Print what bodies owe in a year under a plan.", "site", "duties")
    duties.add_argument("plan")
    duties.add_argument("--year", type=int, required=True)
    duties.add_argument("--body", help="only this body's code")
    duties.add_argument("--json", action="store_true")
    _language(duties)
    _figures(commands)
    _reports(commands)
    up = _command(commands, "up", "Prepare everything and serve the demonstration site.", "site", "up")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--workers", type=int, default=2)
    up.add_argument("--once", action="store_true", help="stop again as soon as the site answers")
    _command(commands, "migrate", "Prepare the database: roles, tables, registry of bodies.", "site", "migrate")
    _command(commands, "demo", "Fill the demonstration country and print its accounts.", "site", "demo")
    bench = _command(commands, "bench", "Measure: medians and ratios.", "site", "bench")
    bench.add_argument("name", choices=("plans", "reporting", "server", "files", "access"))
    return parser.parse_args(argv)


def _figures(commands: Any) -> None:
    figures = commands.add_parser("figures", help="check and import figures").add_subparsers(required=True, metavar="WHAT")
    check = _command(figures, "check", "Check a year's figures against the rules: sums, growth, rates, dates.", "figures", "check")
    check.add_argument("year", type=int)
    check.add_argument("--json", action="store_true")
    check.add_argument("--strict", action="store_true", help="exit 1 when a check needs a person")
    _language(check)
    bring = _command(figures, "import", "Import figures, their sources or indicators from CSV or Excel.", "figures", "bring")
    bring.add_argument("kind", choices=("sources", "indicators", "facts"))
    bring.add_argument("file", type=Path)
    _language(bring)


def _reports(commands: Any) -> None:
    report = commands.add_parser("report", help="write and rebuild editions of reports").add_subparsers(required=True, metavar="WHAT")
    write = _command(report, "edition", "Write a file of an edition.", "reports", "edition")
    write.add_argument("--as", dest="form", choices=("pdf", "docx"), default="pdf")
    write.add_argument("--out", type=Path)
    _language(write)
    again = _command(report, "rebuild", "Make a sealed edition's files anew and compare them with the seal.", "reports", "rebuild")
    for parser in (write, again):
        parser.add_argument("year", type=int)
        parser.add_argument("--number", type=int, default=1)
        parser.add_argument("--kind", choices=("annual", "cabinet", "cis", "us-tip"), default="annual")


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=("az", "en", "ru"), default="az")


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written} is no day; write YYYY-MM-DD") from None
