"""Writing ahead: what is about to be opened stands in the log, committed, before the plaintext exists.

Takes a psycopg connection of its own (the key broker's) and knows no Django model, so that no transaction of a request can undo it.
"""

import uuid
from collections.abc import Callable
from contextlib import nullcontext

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from qalxan.foundation.audit.codes import Value, checked, code
from qalxan.foundation.audit.events import AuditEvent

Where = psycopg.Connection | str
Beside = Callable[[psycopg.Connection], None]
_APPEND = "SELECT audit_append(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def intent(  # noqa: PLR0913 - the columns of its row
    where: Where,
    *,
    actor: int,
    person: uuid.UUID | None,
    compartment: str,
    purpose: str,
    grant: int | None,
    subject: str,
    what: AuditEvent,
    reason_code: str,
    beside: Beside | None = None,
    **detail: Value,
) -> int:
    """Commit the intent to open something of a person, and give its row's id: without it nothing may be opened.

    `where` is a connection that is in no transaction (a connection string opens one for this row alone). `beside` writes in the same
    transaction, before the row: what it raises leaves neither. `person` and `compartment` stay empty (None, "") for an act over many
    persons, such as a match. `subject` is a code such as "item:5f0c…"; `detail` holds codes and counts. Raises FreeWords for words,
    ValueError for a connection that is in a transaction, psycopg.Error when the row could not be committed.
    """
    values = checked({"reason": reason_code, **detail})
    return _committed(
        where, "intent", actor, AuditEvent(what).value, code(subject, "subject"), values, None, person, compartment, grant, purpose,
        beside=beside,
    )  # fmt: skip


def outcome(where: Where, intent_id: int, result: str, beside: Beside | None = None, **detail: Value) -> int:
    """Commit what came of an intent: `result` is a code such as "opened", "failed" or "away"; gives the row's id. `beside` as `intent`.

    Person, compartment, grant, purpose, event and subject are those of the intent. Raises psycopg.Error for an unknown intent or one
    whose outcome stands already; otherwise as `intent`.
    """
    values = checked({"result": result, **detail})
    return _once(
        where, lambda c: c.execute("SELECT audit_outcome(%s, %s)", [intent_id, Jsonb(values)]).fetchone(), f"outcome of {intent_id}", beside
    )


def refusal(
    where: Where,
    *,
    actor: int | None,
    subject: str,
    person: uuid.UUID | None = None,
    compartment: str = "",
    purpose: str = "",
    **detail: Value,
) -> int:
    """Commit that somebody was refused, whatever becomes of the transaction in which it happened; gives the row's id. Raises as `intent`."""
    values = checked(detail)
    return _committed(
        where, "refusal", actor, AuditEvent.REFUSED.value, code(subject, "subject"), values, None, person, compartment, None, purpose
    )


def _committed(
    where: Where,
    kind: str,
    actor: int | None,
    event: str,
    subject: str,
    detail: dict[str, Value],
    *rest: object,
    beside: Beside | None = None,
) -> int:
    values = [kind, actor, event, subject, Jsonb(detail), *rest]
    return _once(where, lambda c: c.execute(_APPEND, values).fetchone(), f"{kind} of {subject}", beside)


def _once(where: Where, write: Callable[[psycopg.Connection], tuple[int] | None], what: str, beside: Beside | None) -> int:
    if isinstance(where, str):
        with psycopg.connect(where, autocommit=True, connect_timeout=5) as fresh:
            return _once(fresh, write, what, beside)
    if where.info.transaction_status != TransactionStatus.IDLE:
        raise ValueError(f"{what}: this connection is in a transaction, which could take the row back")
    with where.pipeline(), nullcontext() if where.autocommit and beside is None else where.transaction():
        if beside is not None:
            beside(where)
        row = write(where)
    assert row is not None
    return row[0]
