"""Reading the log."""

import datetime as dt
from dataclasses import dataclass

from qalxan.foundation.audit.models import Entry


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the log as screens show it."""

    id: int
    at: dt.datetime
    user: int | None
    event: str
    subject: str
    detail: dict[str, object]


def entries(*, subject: str | None = None, before: int | None = None, limit: int = 50) -> list[EntryRow]:
    """The newest rows, optionally of one subject, below a row id (keyset paging). The caller holds the right to read them."""
    rows = Entry.objects.order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    if before:
        rows = rows.filter(id__lt=before)
    return [EntryRow(r.id, r.at, r.user, r.event, r.subject, r.detail) for r in rows[:limit]]
