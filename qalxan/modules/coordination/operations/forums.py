"""Seats of a forum. A change of people ends the seat's row and begins another."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.choices import Capacity
from qalxan.modules.coordination.models import Forum, Membership


def locked_forum(code: str) -> Forum:
    """The forum, locked: seats and meetings of one forum change one after another. Raises Absent."""
    forum = Forum.objects.select_for_update().filter(code=code).first()
    if forum is None:
        raise Absent(code)
    return forum


def existing_body(code: str) -> str:
    """The code, or RuleBroken when the registry has no such body."""
    if not Body.objects.filter(code=code).exists():
        raise RuleBroken(_("The registry has no body %(code)s.") % {"code": code[:40]})
    return code


@transaction.atomic
def set_seat(
    *, actor: Actor, now: dt.datetime, forum: str, body: str, capacity: str, member: int | None, alternate: int | None, since: dt.date
) -> Membership:
    """Give a body a seat from a day, or change the people in it; the earlier row ends the day before.

    Raises Refused, Absent, or RuleBroken: the same person twice, a day not after the seat's own first day (a meeting may stand on it).
    """
    require(actor, Permission.COORDINATION_MANAGE, f"forum:{forum}")
    where = locked_forum(forum)
    existing_body(body)
    if member is not None and member == alternate:
        raise RuleBroken(_("The alternate must be another person than the member."))
    rows = where.seats.select_for_update().filter(body_id=body)
    if any(row.until is not None and row.until >= since for row in rows):
        raise RuleBroken(_("The body held this seat on that day already. Choose a later day."))
    standing = next((row for row in rows if row.until is None), None)
    seat = Membership(forum=where, body_id=body, capacity=Capacity(capacity), member_id=member, alternate_id=alternate, since=since)
    if standing is not None:
        seat = _followed(standing, seat)
    seat.save()
    record(actor.user_id, AuditEvent.MEMBERS_SET, f"forum:{forum}", body=body, capacity=capacity, since=since.isoformat())
    return seat


def _followed(standing: Membership, seat: Membership) -> Membership:
    """End the standing row before the new one; on its very first day, and before it attended anything, it is corrected in place."""
    assert seat.since is not None
    if standing.since == seat.since and not standing.attendance.exists():
        seat.pk, seat._state.adding = standing.pk, False
        return seat
    if standing.since is not None and standing.since >= seat.since:
        raise RuleBroken(_("The body held this seat on that day already. Choose a later day."))
    if standing.attendance.filter(meeting__day__gte=seat.since).exists():
        raise RuleBroken(_("A meeting on or after that day counts on this seat. Choose a later day."))
    standing.until = seat.since - dt.timedelta(days=1)
    standing.save(update_fields=["until"])
    return seat


@transaction.atomic
def end_seat(*, actor: Actor, now: dt.datetime, forum: str, body: str, until: dt.date) -> None:
    """End a body's seat with its last day; what it took part in stays. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"forum:{forum}")
    seat = locked_forum(forum).seats.select_for_update().filter(body_id=body, until=None).first()
    if seat is None:
        raise Absent(body)
    if seat.since is not None and until < seat.since:
        raise RuleBroken(_("A seat cannot end before it began."))
    if seat.attendance.filter(meeting__day__gt=until).exists():
        raise RuleBroken(_("A meeting on or after that day counts on this seat. Choose a later day."))
    seat.until = until
    seat.save(update_fields=["until"])
    record(actor.user_id, AuditEvent.MEMBERS_SET, f"forum:{forum}", body=body, until=until.isoformat())
