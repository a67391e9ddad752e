"""The broker's own account of what it opened, beside its keys: whoever rules the database cannot keep an opening out of it.

One line for each intent the database took: its number, the account, the event. `audit verify` holds the log against it.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from qalxan.foundation.vault.addresses import key_folder
from qalxan.kernel.errors import BadInput


def path() -> Path:
    """Where the journal lies."""
    return key_folder() / "openings"


_CUT = b"!"
"""Ends a line that a crash cut off: nothing was opened under it."""


def note(number: int, user: int, what: str) -> None:
    """Add an intent, before anything is opened under it. Raises OSError when it cannot be written: then nothing is opened."""
    line = f"{number} {user} {what}\n".encode("ascii")
    handle = os.open(path(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = _CUT + b"\n" + line
        if os.write(handle, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(handle)


def _noted() -> Iterator[tuple[int, int, str]]:
    try:
        lines = path().read_bytes().split(b"\n")[:-1]  # what follows the last newline was cut off
    except FileNotFoundError:
        return
    except OSError as error:
        raise BadInput(
            f"the broker's account cannot be read ({error.strerror})", str(path()), "Run it as the broker's user or as root"
        ) from None
    for place, line in enumerate(lines, 1):
        if line.endswith(_CUT):
            continue
        match line.split():
            case [number, user, what] if number.isdigit() and user.isdigit():
                yield int(number), int(user), what.decode("ascii", "replace")
            case _:
                raise BadInput(f"line {place} of the broker's account is damaged", str(path()), "Compare it with a copy kept elsewhere")


def missing(connection: psycopg.Connection) -> list[tuple[int, int, str]]:
    """Openings the log does not hold as the broker noted them, or holds once for two: (intent, account, event).

    Raises BadInput when the account cannot be read or is damaged.
    """
    held = {
        (number, user, event)
        for number, user, event in connection.execute("SELECT id, \"user\", event FROM audit_entry WHERE kind = 'intent'")
    }
    found, seen = [], set()
    for line in _noted():
        if line not in held or line in seen:
            found.append(line)
        seen.add(line)
    return found
