"""`qalxan report edition | rebuild`."""

import argparse
import sys

from qalxan.kernel.errors import BadInput
from qalxan.shell.cli.site import setup


def edition(arguments: argparse.Namespace) -> int:
    """Write a file of an edition to a file or stdout."""
    setup()
    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.guard import Absent
    from qalxan.reports.annual_report import public as reports

    try:
        _name, data = reports.file_of(SYSTEM, arguments.kind, arguments.year, arguments.number, arguments.language, arguments.form)
    except Absent:
        raise BadInput("there is no such edition, or its files were not made", f"{arguments.kind} {arguments.year}", _known()) from None
    if arguments.out:
        arguments.out.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
    return 0


def rebuild(arguments: argparse.Namespace) -> int:
    """Make a sealed edition's files anew and compare them with the sealed hashes; exit 1 when a byte differs."""
    setup()
    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.foundation.access.guard import Absent
    from qalxan.kernel.errors import RuleBroken
    from qalxan.reports.annual_report import public as reports

    try:
        found = reports.rebuilt(actor=SYSTEM, edition=reports.edition_of(SYSTEM, arguments.kind, arguments.year, arguments.number))
    except Absent:
        raise BadInput("there is no such edition", f"{arguments.kind} {arguments.year}", _known()) from None
    except RuleBroken as broken:
        raise BadInput(str(broken).rstrip("."), f"{arguments.kind} {arguments.year}", "Choose a sealed edition") from None
    for name, same in found.items():
        print(f"{name:8} {'the same bytes' if same else 'DIFFERS'}")
    if not all(found.values()):
        print("the files were sealed with other tools, or were changed; the sealed files themselves stand as they are", file=sys.stderr)
    return 0 if all(found.values()) else 1


def _known() -> str:
    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.reports.annual_report import public as reports

    rows = [f"{row.kind} {row.year}/{row.number}" for row in reports.edition_list(SYSTEM)]
    return f"Editions here: {', '.join(rows) or 'none yet'}"
