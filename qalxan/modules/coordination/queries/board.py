"""The coordination board: what is next, which periods passed without a meeting, what is overdue, how far recommendations are met."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.meetings import Period, PeriodState, periods
from qalxan.modules.coordination import policy
from qalxan.modules.coordination.choices import HELD_STATES, MeetingState, TaskState
from qalxan.modules.coordination.models import Forum, Meeting, Membership
from qalxan.modules.coordination.queries.meetings import MeetingRow, meeting_rows
from qalxan.modules.coordination.queries.recommendations import status_counts
from qalxan.modules.coordination.queries.tasks import TaskRow, task_rows
from qalxan.modules.coordination.queries.words import day_words, in_language


def quarters_without_meeting(forum: Forum, year: int, today: dt.date) -> list[Period]:
    """The periods of a year that ended without a meeting of the forum; the running one is not among them. One query."""
    held = Meeting.objects.filter(forum=forum, state__in=HELD_STATES, day__year=year).values_list("day", flat=True)
    return [p for p in periods(year, forum.meets_every, forum.since, held, today) if p.state == PeriodState.MISSING]


@dataclass(frozen=True, slots=True)
class PeriodCell:
    """A period of the board: its number (quarter 1-4 where a forum meets every three months), last day in words, state."""

    place: int
    end: str
    state: str


@dataclass(frozen=True, slots=True)
class ForumCard:
    """A forum on the board. Without sight of its meetings `sees` is false and only the name and seats are told."""

    code: str
    name: str
    sees: bool
    seats: int
    quarterly: bool
    upcoming: MeetingRow | None
    last: MeetingRow | None
    periods: tuple[PeriodCell, ...]
    missing: int
    due_by: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a year."""

    year: int
    forums: tuple[ForumCard, ...]
    overdue: tuple[TaskRow, ...]
    open_tasks: int
    statuses: tuple[tuple[str, str, int], ...]


def board(actor: Actor, year: int, today: dt.date) -> Board:
    """The board of a year as the actor may see it; the number of queries does not grow with what is on it. Raises Refused."""
    require(actor, Permission.COORDINATION_VIEW)
    meetings = meeting_rows(actor)
    tasks = task_rows(actor, Q(state=TaskState.OPEN), today)
    standing = list(Membership.objects.filter(Q(until=None) | Q(until__gte=today)).values_list("forum_id", "body_id"))
    own = policy.bodies_with(actor, Permission.COORDINATION_VIEW)
    cards = []
    for forum in Forum.objects.all():
        seated = [body for f, body in standing if f == forum.id]
        sees = policy.oversees(actor) or bool(own & set(seated))
        cards.append(_card(forum, sees, len(seated), [m for m in meetings if m.forum == forum.code], year, today))
    return Board(year, tuple(cards), tuple(t for t in tasks if t.overdue), len(tasks), tuple(status_counts(actor)))


def _card(forum: Forum, sees: bool, seats: int, meetings: list[MeetingRow], year: int, today: dt.date) -> ForumCard:
    held = [m for m in meetings if m.state in HELD_STATES]
    ahead = [m for m in meetings if m.state in (MeetingState.PLANNED, MeetingState.AGREED)]
    found = periods(year, forum.meets_every, forum.since, (m.day for m in held), today) if sees else ()
    due = next((p.end for p in found if p.state == PeriodState.DUE), None)
    return ForumCard(
        forum.code, in_language(forum, "name"), sees, seats, forum.meets_every == 3, min(ahead, key=lambda m: m.day, default=None),
        max(held, key=lambda m: m.day, default=None), tuple(PeriodCell(p.place, day_words(p.end), p.state.value) for p in found),
        sum(p.state == PeriodState.MISSING for p in found), day_words(due),
    )  # fmt: skip
