"""Writing the log."""

import json
from uuid import UUID

from django.db import connection

from qalxan.foundation.audit.codes import FreeWords, Value, checked, code
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.intents import refusal
from qalxan.foundation.audit.own import own_connection

__all__ = ["FreeWords", "record", "record_refusal"]


def record(user_id: int | None, event: AuditEvent, subject: str, *, person: UUID | None = None, **detail: Value) -> None:
    """Add a row to the log, in the caller's transaction, so that a change and its row stand or fall together.

    `person` is the one in whose history the row stands, when `subject` is another thing. `detail` is for codes, counts and dates, never for words of people: raises FreeWords for anything else.
    """
    values = json.dumps(checked(detail))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append('entry', %s, %s, %s, %s, NULL, %s, '', NULL, '')",
            [user_id, AuditEvent(event).value, code(subject, "subject"), values, person],
        )


def record_refusal(user_id: int | None, subject: str, permission: str) -> None:
    """Add that somebody was refused, on a connection of the log's own: no rollback takes the row back.

    A refusal is never lost over its subject: one that is no code gives way to the right that was missing.
    """
    try:
        told = code(subject, "subject")
    except FreeWords:
        told = permission
    with own_connection() as own:
        refusal(own, actor=user_id, subject=told, permission=permission)
