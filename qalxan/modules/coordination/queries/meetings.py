"""Meetings: lists, and one with its agenda, attendance, decisions and minutes."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils import formats

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.foundation.bodies.queries import names
from qalxan.kernel.meetings import Quorum, quorum
from qalxan.modules.coordination import policy
from qalxan.modules.coordination.choices import HELD_STATES, Capacity, MeetingState, Presence
from qalxan.modules.coordination.models import AgendaItem, Attendance, Meeting, Membership
from qalxan.modules.coordination.queries.tasks import TaskRow, task_rows
from qalxan.modules.coordination.queries.words import day_words, in_language, measures_of
from qalxan.modules.plans.public import MeasureRef


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in a list; `when` is the day with the hour where one is set."""

    id: int
    forum: str
    forum_name: str
    day: dt.date
    when: str
    place: str
    state: str
    state_label: str


def _row(meeting: Meeting) -> MeetingRow:
    hour = f", {formats.time_format(meeting.time, 'H:i')}" if meeting.time else ""
    return MeetingRow(
        meeting.id, meeting.forum.code, in_language(meeting.forum, "name"), meeting.day, day_words(meeting.day) + hour, meeting.place,
        meeting.state, str(MeetingState(meeting.state).label),
    )  # fmt: skip


def meeting_rows(actor: Actor, *, forum: str = "") -> list[MeetingRow]:
    """The meetings the actor may see, the latest day first; one query and those of the policy."""
    require(actor, Permission.COORDINATION_VIEW)
    found = Meeting.objects.filter(policy.meeting_scope(actor)).select_related("forum")
    return [_row(m) for m in (found.filter(forum__code=forum) if forum else found)]


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda."""

    id: int
    title: str
    measures: tuple[MeasureRef, ...]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat in force on the meeting's day, and who sat in it ("" before the meeting is held)."""

    seat: int
    body: str
    body_name: str
    votes: bool
    capacity_label: str
    member: str
    alternate: str
    presence: str
    presence_label: str
    dissent: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting, ready to print. Before it is held the quorum says how many are needed; present is then 0."""

    row: MeetingRow
    agreed_by: str
    agreed_at: dt.datetime | None
    agenda: tuple[Point, ...]
    quorum: Quorum
    sittings: tuple[Sitting, ...]
    tasks: tuple[TaskRow, ...]
    minutes: str
    approved_by: str
    approved_at: dt.datetime | None
    cancel_reason: str
    today: bool
    open: bool
    held: bool


def meeting_of(actor: Actor, meeting_id: int) -> Meeting:
    """The meeting, or Absent when the actor may not know of it. Raises Refused."""
    require(actor, Permission.COORDINATION_VIEW, f"meeting:{meeting_id}")
    meeting = Meeting.objects.select_related("forum").filter(id=meeting_id).first()
    if meeting is None or not policy.may_see_meeting(actor, meeting):
        raise Absent("meeting")
    return meeting


def meeting_page(actor: Actor, meeting_id: int, today: dt.date) -> MeetingPage:
    """Everything a meeting's page shows. Raises Refused or Absent."""
    meeting = meeting_of(actor, meeting_id)
    sittings = _sittings(meeting)
    voting = [s for s in sittings if s.votes]
    present = sum(s.presence in (Presence.MEMBER, Presence.ALTERNATE) for s in voting)
    items = list(meeting.agenda.all())
    linked = measures_of(actor, AgendaItem.measures.through, "agendaitem", [item.id for item in items])
    persons = names_of({p for p in (meeting.agreed_by_id, meeting.approved_by_id) if p})
    return MeetingPage(
        _row(meeting), persons.get(meeting.agreed_by_id or 0, ""), meeting.agreed_at,
        tuple(Point(item.id, item.title, tuple(linked.get(item.id, ()))) for item in items),
        quorum(present, len(voting), meeting.forum.quorum_numerator, meeting.forum.quorum_denominator), tuple(sittings),
        tuple(task_rows(actor, Q(meeting=meeting), today)), meeting.minutes, persons.get(meeting.approved_by_id or 0, ""), meeting.approved_at,
        meeting.cancel_reason, meeting.day <= today, meeting.state in (MeetingState.PLANNED, MeetingState.AGREED), meeting.state in HELD_STATES,
    )  # fmt: skip


def _sittings(meeting: Meeting) -> list[Sitting]:
    begun, not_over = Q(since=None) | Q(since__lte=meeting.day), Q(until=None) | Q(until__gte=meeting.day)
    seats = list(Membership.objects.filter(begun, not_over, forum_id=meeting.forum_id))
    sat = {a.seat_id: a for a in Attendance.objects.filter(meeting=meeting)}
    bodies, persons = names(), names_of({p for seat in seats for p in (seat.member_id, seat.alternate_id) if p})
    found = []
    for seat in seats:
        given = sat.get(seat.id)
        found.append(Sitting(
            seat.id, seat.body_id, bodies.get(seat.body_id, seat.body_id), seat.capacity == Capacity.VOTING, str(Capacity(seat.capacity).label),
            persons.get(seat.member_id or 0, ""), persons.get(seat.alternate_id or 0, ""), given.presence if given else "",
            str(Presence(given.presence).label) if given else "", given.dissent if given else "",
        ))  # fmt: skip
    return sorted(found, key=lambda s: (not s.votes, s.body_name))
