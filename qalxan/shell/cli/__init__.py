"""The command line: `qalxan ...`. Exit 0 on success, 2 on bad input with one line that says what, where, what to do."""

import os
import sys

from qalxan.kernel.errors import BadInput
from qalxan.shell.cli.parser import parse


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit code; `--json` prints one document on stdout, messages go to stderr."""
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        return int(arguments.run(arguments) or 0)
    except BadInput as error:
        print(f"qalxan: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        told = _database_trouble(error)
        if told is None:
            raise
        print(f"qalxan: {told}", file=sys.stderr)
        return 2


def _database_trouble(error: Exception) -> str | None:
    """One line for a database that is away or not prepared; None for anything else."""
    kind = type(error).__name__
    if not type(error).__module__.startswith(("django.db", "psycopg")):
        return None
    if kind in ("ProgrammingError", "UndefinedTable"):
        return "the database is not prepared: run `qalxan migrate`."
    if kind in ("OperationalError", "ConnectionTimeout"):
        return "the database does not answer: look at DATABASE_URL, or unset it to use the embedded server."
    return None
