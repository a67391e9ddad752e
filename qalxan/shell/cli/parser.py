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
    _audit(commands)
    up = _command(commands, "up", "Prepare everything and serve the demonstration site.", "site", "up")
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--workers", type=int, default=2)
    up.add_argument("--once", action="store_true", help="stop again as soon as the site answers")
    _vault(commands)
    _command(commands, "migrate", "Prepare the database: roles, tables, registry of bodies.", "site", "migrate")
    _command(commands, "demo", "Fill the demonstration country and print its accounts.", "site", "demo")
    bench = _command(commands, "bench", "Measure: medians and ratios.", "site", "bench")
    bench.add_argument("name", choices=("plans", "reporting", "server", "files", "log", "match", "access", "report", "vault"))
    return parser.parse_args(argv)


def _vault(commands: Any) -> None:
    _command(commands, "broker", "Be the key broker, the process that opens sealed things.", "vault", "broker")
    keys = commands.add_parser("keys", help="the root key's shares, and new keys").add_subparsers(required=True, metavar="WHAT")
    split = _command(keys, "split", "Write the root key as five shares; any three bring it back.", "vault", "split")
    split.add_argument("folder", type=Path)
    split.add_argument("--remove", action="store_true", help="remove the root key from this machine afterwards")
    join = _command(keys, "join", "Bring the root key back from three shares.", "vault", "join")
    join.add_argument("shares", type=Path, nargs="*", help="files of shares; typed in, one to a line, when left out")
    join.add_argument("--out", type=Path, help="the file to write; where the broker looks for it when left out")
    rotate = _command(keys, "rotate", "Make new keys and wrap every data key anew.", "vault", "rotate")
    rotate.add_argument("--compartment", help="one compartment; all of them when left out")
    rotate.add_argument("--root", action="store_true", help="the root key instead")
    erase = _command(commands, "erase", "Destroy a person's keys for good and print the certificate.", "vault", "erase")
    erase.add_argument("person")
    erase.add_argument("--reference", required=True, help="the code of the decision, such as decision:12-2022")
    save = _command(commands, "backup", "Write data into one folder and keys into another.", "vault", "backup")
    save.add_argument("folder", type=Path)
    save.add_argument("--keys", type=Path, help="the folder for keys; FOLDER-keys when left out")
    bring = _command(commands, "restore", "Bring a backup into an empty database; the erased stay erased.", "vault", "restore")
    bring.add_argument("data", type=Path, help="the .dump file")
    bring.add_argument("--keys", type=Path, required=True, help="the .keys file")
    bring.add_argument("--shredded", type=Path, help="a shred list newer than the backup, kept elsewhere")


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


def _audit(commands: Any) -> None:
    audit = commands.add_parser("audit", help="check the log and prove what stands in it").add_subparsers(required=True, metavar="WHAT")
    verify = _command(
        audit, "verify", "Find what was changed in the log and say which entry; exit 1 when something was.", "audit", "verify"
    )
    verify.add_argument("--head", type=Path, action="append", default=[], help="a signed head from outside, such as a witness keeps")
    verify.add_argument("--lost", default="", help="the mark of the entries one knows to be lost in a restore, as this command gave it")
    _command(audit, "regrow", "After a restore: let the log go on behind the rows that were lost.", "audit", "regrow")
    head = _command(audit, "head", "Print the newest signed head.", "audit", "head")
    head.add_argument("--size", type=_count, help="the head of this size")
    proof = _command(audit, "proof", "Prove that an entry stands in the log.", "audit", "proof")
    proof.add_argument("entry", type=_count)
    for parser in (verify, proof):
        parser.add_argument("--key", help="the log's public key (name+id+key)")
    _command(commands, "sequencer", "Chain the log and sign its heads (`qalxan up` starts it).", "audit", "sequence")


def _count(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 19):
        raise argparse.ArgumentTypeError(f"{written} is no number of a row")
    return int(written)


def _language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", choices=("az", "en", "ru"), default="az")


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written} is no day; write YYYY-MM-DD") from None
