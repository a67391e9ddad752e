"""Registering persons, opening cases, joining two records of one person. Sealed things are added by the broker's client (`foundation.vault`)."""

import datetime as dt
from uuid import UUID

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.calls import call
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record


def register(*, actor: Actor, post: int, reference: str, until: dt.datetime) -> UUID:
    """A new person, in one of the actor's posts, which keeps what it entered until the moment (at most 30 days). Raises Absent or RuleBroken."""
    made: UUID = call(actor, "access_register", post, reference, until)
    record(actor.user_id, AuditEvent.PERSON_REGISTERED, f"person:{made}", post=post)
    return made


def open_case(*, actor: Actor, post: int, person: UUID, opened: dt.date, lead: str) -> UUID:
    """A case for a person one reaches, led by the post's body or the special police unit; its number is drawn. Raises Absent or RuleBroken."""
    made: UUID = call(actor, "access_open_case", post, person, opened, lead)
    record(actor.user_id, AuditEvent.CASE_OPENED, f"case:{made}", person=person, lead=lead)
    return made


def place(*, actor: Actor, case: UUID, person: UUID) -> UUID:
    """Put a person one reaches into a case one knows. Raises Absent or RuleBroken."""
    made: UUID = call(actor, "access_place", case, person)
    record(actor.user_id, AuditEvent.PERSON_PLACED, f"case:{case}", person=person, place=str(made))
    return made


def remove(*, actor: Actor, case: UUID, person: UUID) -> bool:
    """Take a person out of a case; the row stays, and so does a seal of the case. False when they were not in it. Raises Absent."""
    done = bool(call(actor, "access_remove", case, person))
    record(actor.user_id, AuditEvent.PERSON_REMOVED, f"case:{case}", person=person)
    return done


def close_case(*, actor: Actor, case: UUID, day: dt.date, reference: str) -> None:
    """Close a case one leads, with every ground and grant on it, for good. Raises Absent or RuleBroken (closed before, no such day)."""
    call(actor, "access_close_case", case, day, reference)
    record(actor.user_id, AuditEvent.CASE_CLOSED, f"case:{case}", day=day.isoformat(), reference=reference)


def merge(*, actor: Actor, kept: UUID, gone: UUID) -> UUID:
    """Note that two records are one person; both stay whole. Raises Absent (unless the actor reaches both) or RuleBroken."""
    made: UUID = call(actor, "access_merge", kept, gone)
    record(actor.user_id, AuditEvent.PERSONS_MERGED, f"person:{kept}", gone=str(gone), merge=str(made))
    return made


def unmerge(*, actor: Actor, merge: UUID) -> bool:
    """Take a merge back; nothing was lost. False when it was undone before. Raises Absent."""
    done = bool(call(actor, "access_unmerge", merge))
    record(actor.user_id, AuditEvent.PERSONS_UNMERGED, f"merge:{merge}")
    return done
