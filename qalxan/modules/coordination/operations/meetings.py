"""Meetings from plan to approved minutes. The agenda is agreed first; a meeting counts only with its quorum."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.meetings import Quorum, quorum
from qalxan.modules.coordination.choices import Capacity, MeetingState, Presence
from qalxan.modules.coordination.models import AgendaItem, Attendance, Meeting, Membership
from qalxan.modules.coordination.operations.forums import locked_forum


def locked_meeting(meeting_id: int) -> Meeting:
    """The meeting, locked for a change. Raises Absent."""
    meeting = Meeting.objects.select_for_update(of=("self",)).select_related("forum").filter(id=meeting_id).first()
    if meeting is None:
        raise Absent("meeting")
    return meeting


def _before_held(meeting: Meeting) -> None:
    if meeting.state not in (MeetingState.PLANNED, MeetingState.AGREED):
        raise RuleBroken(_("The meeting is over or cancelled; its agenda and date stay as they are."))


@transaction.atomic
def plan_meeting(*, actor: Actor, now: dt.datetime, forum: str, day: dt.date, time: dt.time | None, place: str) -> Meeting:
    """Plan a meeting of a forum. Raises Refused, Absent, or RuleBroken when one stands on that day already."""
    require(actor, Permission.COORDINATION_MANAGE, f"forum:{forum}")
    where = locked_forum(forum)
    if where.meetings.filter(day=day).exclude(state=MeetingState.CANCELLED).exists():
        raise RuleBroken(_("A meeting is planned on that day already."))
    meeting = Meeting.objects.create(forum=where, day=day, time=time, place=place.strip())
    record(actor.user_id, AuditEvent.MEETING_PLANNED, f"meeting:{meeting.id}", forum=forum, day=day.isoformat())
    return meeting


@transaction.atomic
def move_meeting(*, actor: Actor, now: dt.datetime, meeting_id: int, day: dt.date, time: dt.time | None, place: str) -> None:
    """Change the day, hour or place of a meeting to come; the agreement on its agenda stands. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    _before_held(meeting)
    if meeting.forum.meetings.filter(day=day).exclude(state=MeetingState.CANCELLED).exclude(id=meeting_id).exists():
        raise RuleBroken(_("A meeting is planned on that day already."))
    meeting.day, meeting.time, meeting.place = day, time, place.strip()
    meeting.save(update_fields=["day", "time", "place"])
    record(actor.user_id, AuditEvent.MEETING_PLANNED, f"meeting:{meeting_id}", day=day.isoformat())


@transaction.atomic
def cancel_meeting(*, actor: Actor, now: dt.datetime, meeting_id: int, reason: str) -> None:
    """Cancel a meeting to come, with the reason. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    _before_held(meeting)
    if not reason.strip():
        raise RuleBroken(_("Say why the meeting is cancelled."))
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason.strip()
    meeting.save(update_fields=["state", "cancel_reason"])
    record(actor.user_id, AuditEvent.MEETING_CANCELLED, f"meeting:{meeting_id}")


def _agenda_changed(actor: Actor, meeting: Meeting) -> None:
    """Take the agreement back: what was agreed is not what stands there now."""
    meeting.state, meeting.agreed_by, meeting.agreed_at = MeetingState.PLANNED, None, None
    meeting.save(update_fields=["state", "agreed_by", "agreed_at"])
    record(actor.user_id, AuditEvent.AGENDA_SET, f"meeting:{meeting.id}", points=meeting.agenda.count())


@transaction.atomic
def add_point(*, actor: Actor, now: dt.datetime, meeting_id: int, title: str, measures: list[int]) -> AgendaItem:
    """Add a point at the end of the agenda; an agreement is taken back. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    _before_held(meeting)
    if not title.strip():
        raise RuleBroken(_("Name the point."))
    last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(meeting=meeting, position=last + 1, title=title.strip())
    item.measures.set(measures)
    _agenda_changed(actor, meeting)
    return item


def _drop(items: list[AgendaItem], place: int) -> list[AgendaItem]:
    items.pop(place).delete()
    return items


def _raise(items: list[AgendaItem], place: int) -> list[AgendaItem]:
    items.insert(max(place - 1, 0), items.pop(place))
    return items


_AGENDA_CHANGES: dict[str, Callable[[list[AgendaItem], int], list[AgendaItem]]] = {"remove": _drop, "raise": _raise}


@transaction.atomic
def change_point(*, actor: Actor, now: dt.datetime, meeting_id: int, item_id: int, change: str) -> None:
    """Remove a point ("remove") or move it up by one ("raise"); an agreement is taken back. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    _before_held(meeting)
    items = list(meeting.agenda.all())
    place = next((n for n, item in enumerate(items) if item.id == item_id), None)
    if place is None or change not in _AGENDA_CHANGES:
        raise Absent("agenda")
    items = _AGENDA_CHANGES[change](items, place)
    for position, item in enumerate(items, 1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])
    _agenda_changed(actor, meeting)


@transaction.atomic
def agree_agenda(*, actor: Actor, now: dt.datetime, meeting_id: int) -> None:
    """The coordinator agrees the agenda (rule on the working group, May 2023). Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.AGENDA_AGREE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    if meeting.state != MeetingState.PLANNED:
        raise RuleBroken(_("The agenda of this meeting is agreed already, or the meeting is cancelled."))
    if not meeting.agenda.exists():
        raise RuleBroken(_("There is nothing to agree: the agenda has no point yet."))
    meeting.state, meeting.agreed_by_id, meeting.agreed_at = MeetingState.AGREED, actor.user_id, now
    meeting.save(update_fields=["state", "agreed_by", "agreed_at"])
    record(actor.user_id, AuditEvent.AGENDA_AGREED, f"meeting:{meeting_id}", points=meeting.agenda.count())


@dataclass(frozen=True, slots=True)
class Sat:
    """Who sat in a seat, and the opinion that differed."""

    presence: str
    dissent: str = ""


def seats_on(forum_id: int, day: dt.date) -> list[Membership]:
    """The seats in force on a day; a seat whose first day no source gives stands from the beginning."""
    begun, not_over = Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day)
    return list(Membership.objects.filter(begun, not_over, forum_id=forum_id).order_by("id"))


@transaction.atomic
def hold_meeting(*, actor: Actor, now: dt.datetime, meeting_id: int, sat: Mapping[int, Sat]) -> Quorum:
    """Record a meeting as held, with who sat in which seat (seat id → Sat; a seat not named was absent). Gives the quorum.

    Until its minutes are approved the list can be corrected the same way. Raises Refused, Absent, or RuleBroken: the agenda is not agreed,
    the day has not come, or fewer than the quorum of the voting seats in force on that day are filled by a member or an alternate.
    """
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    forum = Meeting.objects.filter(id=meeting_id).values_list("forum__code", flat=True).first()
    locked_forum(forum or "")  # no seat changes while it is counted
    meeting = locked_meeting(meeting_id)
    if meeting.state not in (MeetingState.AGREED, MeetingState.HELD):
        raise RuleBroken(_("A meeting can be held only after the coordinator has agreed its agenda, and is closed by its minutes."))
    if meeting.day > timezone.localdate(now):
        raise RuleBroken(_("The day of the meeting has not come."))
    seats = seats_on(meeting.forum_id, meeting.day)
    if set(sat) - {seat.id for seat in seats}:
        raise RuleBroken(_("The list names a seat that the forum did not have on that day. Open the page again."))
    counted = _counted(meeting, seats, sat)
    for seat in seats:
        given = sat.get(seat.id, Sat(Presence.ABSENT))
        values = {"presence": Presence(given.presence), "dissent": given.dissent.strip()}
        Attendance.objects.update_or_create(meeting=meeting, seat=seat, defaults=values)
    meeting.state = MeetingState.HELD
    meeting.save(update_fields=["state"])
    record(actor.user_id, AuditEvent.MEETING_HELD, f"meeting:{meeting_id}", present=counted.present, of=counted.members)
    return counted


def _counted(meeting: Meeting, seats: list[Membership], sat: Mapping[int, Sat]) -> Quorum:
    """The quorum, or RuleBroken with its numbers."""
    voting = [seat.id for seat in seats if seat.capacity == Capacity.VOTING]
    present = sum(1 for seat in voting if seat in sat and sat[seat].presence != Presence.ABSENT)
    found = quorum(present, len(voting), meeting.forum.quorum_numerator, meeting.forum.quorum_denominator)
    if found.members == 0:
        raise RuleBroken(_("The forum had no voting member on that day, so nothing could be decided."))
    if not found.reached:
        numbers = {"present": found.present, "needed": found.needed, "members": found.members}
        raise RuleBroken(_("There is no quorum: %(present)s present, %(needed)s needed of %(members)s voting members.") % numbers)
    return found


@transaction.atomic
def write_minutes(*, actor: Actor, now: dt.datetime, meeting_id: int, text: str) -> None:
    """Write the minutes of a held meeting, until they are approved. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    if meeting.state != MeetingState.HELD:
        raise RuleBroken(_("Minutes are written after the meeting is held and before they are approved."))
    meeting.minutes = text.strip()
    meeting.save(update_fields=["minutes"])
    record(actor.user_id, AuditEvent.MINUTES_WRITTEN, f"meeting:{meeting_id}", letters=len(meeting.minutes))


@transaction.atomic
def approve_minutes(*, actor: Actor, now: dt.datetime, meeting_id: int) -> None:
    """Approve the minutes; attendance, decisions and minutes are closed with it. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.AGENDA_AGREE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    if meeting.state != MeetingState.HELD or not meeting.minutes:
        raise RuleBroken(_("There are no minutes to approve."))
    meeting.state, meeting.approved_by_id, meeting.approved_at = MeetingState.APPROVED, actor.user_id, now
    meeting.save(update_fields=["state", "approved_by", "approved_at"])
    record(actor.user_id, AuditEvent.MINUTES_APPROVED, f"meeting:{meeting_id}", tasks=meeting.tasks.count())
