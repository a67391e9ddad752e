"""`qalxan figures check | import`."""

import argparse
import json
import sys
from dataclasses import asdict

from qalxan.kernel.errors import BadInput
from qalxan.shell.cli.site import setup


def check(arguments: argparse.Namespace) -> int:
    """Print each check of a year: verdict, what is checked, arithmetic, and the sentence where it is no plain "holds".

    Exit 0, for it is a report; with `--strict` exit 1 when a check needs a person.
    """
    setup()
    from django.utils import translation

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.reports.statistics import public as statistics

    with translation.override(arguments.language):
        rows = statistics.checks(SYSTEM, arguments.year)
    if arguments.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        width = max((len(row.verdict_label) for row in rows), default=0)
        for row in rows:
            within = f" [{row.source}]" if row.source else ""
            told = "" if row.plain else f"  ({row.sentence})"
            print(f"{row.verdict_label:{width}}  {row.title}{within}: {row.arithmetic or '–'}{told}")
    found = sum(row.found for row in rows)
    print(f"{len(rows)} checks, {found} to look at", file=sys.stderr)
    return 1 if arguments.strict and found else 0


def bring(arguments: argparse.Namespace) -> int:
    """Import a file of sources, indicators or figures; figures wait for a person's approval on the site."""
    setup()
    from django.utils import timezone, translation

    from qalxan.foundation.access.actor import SYSTEM
    from qalxan.kernel.errors import RuleBroken
    from qalxan.reports.statistics import public as statistics

    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise BadInput(f"the file cannot be read ({error.strerror})", arguments.file.name, "Check the path and its rights") from None
    with translation.override(arguments.language):
        try:
            done = statistics.import_facts(
                actor=SYSTEM, now=timezone.now(), kind=statistics.Kind(arguments.kind), name=arguments.file.name, data=data
            )
        except statistics.BadCells as bad:
            for cell in bad.cells:
                print(f"{arguments.file.name}:{cell.line}: {cell.column}: {cell.reason}", file=sys.stderr)
            raise BadInput(str(bad).rstrip("."), arguments.file.name) from None
        except RuleBroken as broken:
            raise BadInput(str(broken).rstrip("."), arguments.file.name) from None
    print(f"{done.rows} rows, {done.added} new or changed")
    return 0
