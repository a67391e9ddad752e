"""The broker's own account of what it opened, beside its keys: whoever rules the database cannot keep an opening out of it.

One line for each intent the database took: its number, the account, the event. `audit verify` holds the log against it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

from qalxan.foundation.vault.addresses import key_folder


def path() -> Path:
    """Where the journal lies."""
    return key_folder() / "openings"


def note(number: int, user: int, what: str) -> None:
    """Add an intent, before anything is opened under it. Raises OSError when it cannot be written: then nothing is opened."""
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{number} {user} {what}\n".encode("ascii"))
    finally:
        os.close(handle)


def _noted() -> Iterator[tuple[int, int, str]]:
    if path().exists():
        with path().open(encoding="ascii") as lines:
            for line in lines:
                number, user, what = line.split()
                yield int(number), int(user), what


def missing(connection: psycopg.Connection) -> list[tuple[int, int, str]]:
    """Openings the log does not hold as the broker noted them, or holds once for two: (intent, account, event)."""
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
