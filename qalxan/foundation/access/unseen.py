"""Asking the database with a secret in hand: the values travel apart from the statement.

The site's ordinary cursor writes values into the statement's text, and the text of every running statement is shown to all backends of one
role (pg_stat_activity) and to the server's log when it fails: an injected statement would read the tokens of everybody at work.
"""

from typing import Any

import psycopg
from django.db import connection


def ask_unseen(statement: str, *values: object) -> tuple[Any, ...] | None:
    """The first row of a statement whose values no other backend and no log of the server sees; raises django's database errors."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, values).fetchone()
