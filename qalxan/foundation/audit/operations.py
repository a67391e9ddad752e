"""Writing the log."""

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.models import Entry


def record(user_id: int | None, event: AuditEvent, subject: str, **detail: str | int | list[str] | None) -> None:
    """Add a row to the log, in the caller's transaction. `detail` is for codes, counts and dates, never for words of people."""
    Entry.objects.create(user=user_id, event=AuditEvent(event).value, subject=subject[:200], detail=detail)
