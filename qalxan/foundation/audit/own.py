"""Connections of the log's own: what is written through them stands, whatever becomes of the request's transaction."""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.db import connections

_lock = threading.Lock()
_idle: list[tuple[tuple[int, str], psycopg.Connection]] = []
MOST_IDLE = 4


def _address() -> str:
    """Where the site's database is, as the role the site runs as."""
    settings = connections["default"].settings_dict
    return psycopg.conninfo.make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"],
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        options="-c statement_timeout=5s -c lock_timeout=4s",
        connect_timeout=5,
    )


@contextmanager
def own_connection() -> Iterator[psycopg.Connection]:
    """A connection outside every transaction, kept for the next caller afterwards; one that died is replaced.

    Raises psycopg.OperationalError when the database is away: nothing that must be written first may then be done.
    """
    mark = (os.getpid(), _address())
    connection = _taken(mark) or psycopg.connect(mark[1], autocommit=True)
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
    with _lock:
        if len(_idle) < MOST_IDLE:
            _idle.append((mark, connection))
            return
    connection.close()


def _taken(mark: tuple[int, str]) -> psycopg.Connection | None:
    """An idle connection to the same place that still answers."""
    while True:
        with _lock:
            if not _idle:
                return None
            kept, connection = _idle.pop()
        if kept == mark:
            with suppress(psycopg.Error):
                connection.execute("SELECT 1")
                return connection
        if kept[0] == mark[0]:  # one of another process is not ours to close
            connection.close()


def close_own() -> None:
    """Close what is idle: before a database is dropped, and at the end of the process."""
    with _lock:
        kept = [connection for (process, _), connection in _idle if process == os.getpid()]
        _idle.clear()
    for connection in kept:
        connection.close()


atexit.register(close_own)
