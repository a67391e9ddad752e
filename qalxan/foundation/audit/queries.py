"""Reading the log."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.models import Entry, Kind
from qalxan.foundation.audit.proofs import signed_size

MOST = 1000
"""Rows a page about one record or person shows at most; a longer story is read in parts."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of the log as screens show it. `seq` is its place in the chain (None: waits); `proof` waiting, chained or signed."""

    id: int
    at: dt.datetime
    user: int | None
    event: str
    subject: str
    detail: dict[str, object]
    seq: int | None
    proof: str
    kind: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A sealed thing of a person that somebody meant to open: who, what for, under which grant, and what came of it.

    `result` is the outcome's code ("opened" when it was), "" while none stands: the intent was committed and nothing is known since.
    """

    id: int
    at: dt.datetime
    user: int | None
    event: str
    subject: str
    compartment: str
    purpose: str
    grant: int | None
    reason: str
    result: str
    seq: int | None
    proof: str

    @property
    def refused(self) -> bool:
        """Whether the person who asked was turned away."""
        return self.result == "refused"


@dataclass(frozen=True, slots=True)
class History:
    """A record's story, newest first: who changed it and who opened it; `more` when there is more than is given."""

    changes: list[EntryRow]
    openings: list[Opening]
    more: bool


def entries(*, subject: str | None = None, person: uuid.UUID | None = None, before: int | None = None, limit: int = 50) -> list[EntryRow]:
    """The newest rows, optionally of one subject or person, below a row id (keyset paging). The caller holds the right to read them."""
    rows = Entry.objects.select_related("leaf").order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    if person:
        rows = rows.filter(person=person)
    if before:
        rows = rows.filter(id__lt=before)
    signed = signed_size()
    return [_row(row, signed) for row in rows[:limit]]


def opened(person: uuid.UUID, *, subject: str | None = None, limit: int = MOST) -> list[Opening]:
    """Who opened or asked to open sealed things of a person, newest first. The caller holds the right to know."""
    asked = Q(kind=Kind.INTENT) | Q(kind=Kind.REFUSAL)
    rows = Entry.objects.filter(asked, person=person).select_related("leaf").order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    found = list(rows[:limit])
    results = dict(Entry.objects.filter(kind=Kind.OUTCOME, intent__in=[row.id for row in found]).values_list("intent", "detail__result"))
    signed = signed_size()
    return [_opening(row, results, signed) for row in found]


def history(person: uuid.UUID, *, subject: str | None = None, limit: int = MOST) -> History:
    """Who changed and who opened a person's record (or one thing of it, by its subject). The caller holds the right to know.

    A change counts when its row names the person or its subject is "person:<id>". The database's own rows beside the site's stand in the log alone.
    """
    about = Q(person=person) | Q(subject=f"person:{person}")
    rows = Entry.objects.filter(about, kind=Kind.ENTRY).exclude(event=AuditEvent.CHANGED).select_related("leaf").order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    signed = signed_size()
    changes = [_row(row, signed) for row in rows[: limit + 1]]
    openings = opened(person, subject=subject, limit=limit + 1)
    return History(changes[:limit], openings[:limit], len(changes) > limit or len(openings) > limit)


def _place(row: Entry, signed: int) -> tuple[int | None, str]:
    leaf = getattr(row, "leaf", None)
    if leaf is None:
        return None, "waiting"
    return leaf.seq, "signed" if leaf.seq < signed else "chained"


def _row(row: Entry, signed: int) -> EntryRow:
    return EntryRow(row.id, row.at, row.user, row.event, row.subject, row.detail, *_place(row, signed), kind=row.kind)


def _opening(row: Entry, results: dict[int | None, str], signed: int) -> Opening:
    result = "refused" if row.kind == Kind.REFUSAL else results.get(row.id) or ""
    reason = str(row.detail.get("reason", ""))
    return Opening(
        row.id, row.at, row.user, row.event, row.subject, row.compartment, row.purpose, row.grant, reason, result, *_place(row, signed)
    )
