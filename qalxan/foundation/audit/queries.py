"""Reading the log."""

import datetime as dt
import uuid
from bisect import bisect
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.models import Entry, Kind
from qalxan.foundation.audit.proofs import signed_size

MOMENT = dt.timedelta(seconds=10)
"""Within which the site's row follows the database's own row of the same change."""
_TOLD: dict[tuple[str, str], tuple[str, tuple[AuditEvent, ...]]] = {
    ("access_ground", "insert"): ("ground", (AuditEvent.GROUND_MADE,)),
    ("access_ground", "update"): ("ground", (AuditEvent.GROUND_ENDED,)),
    ("access_grant", "insert"): ("grant", (AuditEvent.GRANT_GIVEN,)),
    ("access_grant", "update"): ("grant", (AuditEvent.GRANT_WITHDRAWN,)),
    ("access_consent", "insert"): ("consent", (AuditEvent.CONSENT_GIVEN,)),
    ("access_consent", "update"): ("consent", (AuditEvent.CONSENT_WITHDRAWN,)),
    ("access_seal", "insert"): ("seal", (AuditEvent.SEAL_SET,)),
    ("access_seal", "update"): ("seal", (AuditEvent.SEAL_LIFTED,)),
    ("persons_caseperson", "insert"): ("place", (AuditEvent.CASE_OPENED, AuditEvent.PERSON_PLACED)),
    ("persons_caseperson", "update"): ("place", (AuditEvent.PERSON_REMOVED,)),
    ("persons_merge", "insert"): ("merge", (AuditEvent.PERSONS_MERGED,)),
    ("persons_merge", "update"): ("merge", (AuditEvent.PERSONS_UNMERGED,)),
}
"""What the database wrote of (table, act) → the thing's name in the site's rows, and the events by which the site tells of it."""
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

    A change counts when its row names the person or its subject is "person:<id>". The database's own row of a change stands here only when no
    row of the site tells of the same change: then somebody went past the site.
    """
    about = Q(person=person) | Q(subject=f"person:{person}")
    rows = Entry.objects.filter(about, kind=Kind.ENTRY).select_related("leaf").order_by("-id")
    if subject:
        rows = rows.filter(subject=subject)
    signed, found = signed_size(), list(rows[: limit * 2])
    changes = [_row(row, signed) for row in _once(found)[: limit + 1]]
    openings = opened(person, subject=subject, limit=limit + 1)
    more = len(found) == limit * 2 or len(changes) > limit or len(openings) > limit
    return History(changes[:limit], openings[:limit], more)


def _once(found: list[Entry]) -> list[Entry]:
    """The site's rows, and the database's own rows of which no site's row tells; a site's row tells of one change alone, or of one registration."""
    by: dict[int | None, list[Entry]] = {}
    made: dict[int | None, Entry] = {}
    for row in reversed(found):
        if row.event != AuditEvent.CHANGED:
            by.setdefault(row.user, []).append(row)
        elif _change(row) == ("persons_person", "insert"):
            made[row.user] = row
    used: set[int] = set()
    kept = [
        row for row in reversed(found) if row.event != AuditEvent.CHANGED or not _told(row, by.get(row.user, []), made.get(row.user), used)
    ]
    return kept[::-1]


def _told(own: Entry, site: list[Entry], made: Entry | None, used: set[int]) -> bool:
    """Whether one of the same hand's rows, by id, is about the change of which the database wrote. `made`: its row of the person's own coming to be."""
    for row in site[bisect(site, own.id, key=lambda row: row.id) :]:
        if row.at - own.at > MOMENT:
            return False
        if (
            row.event == AuditEvent.PERSON_REGISTERED
            and _change(own)[1] == "insert"
            and made
            and made.id <= own.id
            and own.at - made.at <= MOMENT
        ):
            return True
        if row.id not in used and _tells(row, own):
            used.add(row.id)
            return True
    return False


def _change(row: Entry) -> tuple[str, str]:
    return str(row.detail.get("table")), str(row.detail.get("act"))


def _tells(site: Entry, own: Entry) -> bool:
    """Whether both are about one change of the same thing."""
    thing, events = _TOLD.get(_change(own), ("", ()))
    named = site.subject.removeprefix(f"{thing}:") if site.subject.startswith(f"{thing}:") else site.detail.get(thing)
    return site.event in events and (named is None or str(named) == str(own.detail.get("row")))


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
