"""Reading recoveries: for the person concerned, and for those who ask and approve."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, allowed, require
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.accounts.models import Outcome, Recovery, Why


@dataclass(frozen=True, slots=True)
class Yes:
    """One approval: whose, in which role, for which body, when."""

    name: str
    role: str
    body: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class RecoveryRow:
    """A recovery as screens show it. `state` is open, waiting (approved twice, the day is running), ready or closed; `outcome` says how it closed."""

    id: int
    user_id: int
    name: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    why: str
    ends_at: dt.datetime
    ready_at: dt.datetime | None
    closed_at: dt.datetime | None
    outcome: str
    state: str
    approvals: tuple[Yes, ...]


def recoveries(actor: Actor, now: dt.datetime) -> list[RecoveryRow]:
    """The newest hundred, open ones first. Needs RECOVERY_VIEW."""
    require(actor, Permission.RECOVERY_VIEW)
    rows = _rows().order_by("-id")[:100]
    return sorted((_row(r, now) for r in rows), key=lambda row: row.state == "closed")


def recovery(actor: Actor, recovery_id: int, now: dt.datetime) -> RecoveryRow:
    """One recovery, for those who may see any. Raises Absent."""
    found = _rows().filter(id=recovery_id).first() if allowed(actor, Permission.RECOVERY_VIEW) else None
    if found is None:
        raise Absent(f"recovery:{recovery_id}")
    return _row(found, now)


def of_person(user_id: int, now: dt.datetime) -> list[RecoveryRow]:
    """A person's own recoveries, the newest first, twenty at most."""
    return [_row(r, now) for r in _rows().filter(user_id=user_id).order_by("-id")[:20]]


def _rows() -> QuerySet[Recovery]:
    return Recovery.objects.select_related("user", "asked_by").prefetch_related("approvals__by")


def _row(r: Recovery, now: dt.datetime) -> RecoveryRow:
    if r.closed_at or r.ends_at <= now:
        state = "closed"
    else:
        state = "open" if r.ready_at is None else "waiting" if now < r.ready_at else "ready"
    outcome = Outcome(r.outcome) if r.outcome else Outcome.EXPIRED if state == "closed" else None
    return RecoveryRow(
        r.id, r.user_id, r.user.name, r.asked_by.name, r.asked_by_id, r.asked_at, str(Why(r.why).label), r.ends_at, r.ready_at, r.closed_at,
        str(outcome.label) if outcome else "", state,
        tuple(Yes(a.by.name, Role(a.role).label, a.body, a.at) for a in sorted(r.approvals.all(), key=lambda a: a.id)),
    )  # fmt: skip
