"""Forums and their seats."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of, people
from qalxan.foundation.bodies.queries import directory, names
from qalxan.modules.coordination.choices import Capacity, ForumKind
from qalxan.modules.coordination.models import Forum, Membership
from qalxan.modules.coordination.queries.meetings import MeetingRow, meeting_rows
from qalxan.modules.coordination.queries.words import day_words, in_language, written_words


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A body's seat and who sits in it; empty names and days are not known."""

    body: str
    body_name: str
    capacity: str
    capacity_label: str
    member: str
    alternate: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class ForumPage:
    """A forum with its rules, seats that stand, seats that ended, and the meetings the reader may see."""

    code: str
    kind: str
    name: str
    ground: str
    chair: str
    chair_name: str
    quorum: tuple[int, int]
    meets_every: int
    since: str
    voting: int
    seats: tuple[SeatRow, ...]
    past: tuple[SeatRow, ...]
    meetings: tuple[MeetingRow, ...]


def forum_of(actor: Actor, code: str) -> Forum:
    """The forum. Raises Refused or Absent."""
    require(actor, Permission.COORDINATION_VIEW, f"forum:{code[:40]}")
    forum = Forum.objects.filter(code=code).first()
    if forum is None:
        raise Absent(code)
    return forum


def forum_page(actor: Actor, code: str, today: dt.date) -> ForumPage:
    """Everything a forum's page shows. Raises Refused or Absent."""
    forum = forum_of(actor, code)
    bodies = names()
    seats = list(forum.seats.order_by(F("until").desc(nulls_first=True), "body_id", "-id"))
    persons = names_of({p for seat in seats for p in (seat.member_id, seat.alternate_id) if p})
    standing = [seat for seat in seats if seat.until is None or seat.until >= today]
    return ForumPage(
        forum.code, str(ForumKind(forum.kind).label), in_language(forum, "name"), in_language(forum, "ground"), forum.chair_id or "",
        bodies.get(forum.chair_id or "", ""), (forum.quorum_numerator, forum.quorum_denominator), forum.meets_every, written_words(forum.since),
        sum(seat.capacity == Capacity.VOTING for seat in standing),
        tuple(sorted((_seat(s, bodies, persons) for s in standing), key=lambda s: (s.capacity != Capacity.VOTING, s.body_name))),
        tuple(_seat(s, bodies, persons) for s in seats if s not in standing),
        tuple(meeting_rows(actor, forum=code)),
    )  # fmt: skip


def _seat(seat: Membership, bodies: dict[str, str], persons: dict[int, str]) -> SeatRow:
    return SeatRow(
        seat.body_id, bodies.get(seat.body_id, seat.body_id), seat.capacity, str(Capacity(seat.capacity).label),
        persons.get(seat.member_id or 0, ""), persons.get(seat.alternate_id or 0, ""), day_words(seat.since), day_words(seat.until),
    )  # fmt: skip


def seat_values(actor: Actor, code: str, body: str) -> dict[str, Any]:
    """What a body's standing seat says, to start the form with; empty for a body without one."""
    require(actor, Permission.COORDINATION_MANAGE, f"forum:{code[:40]}")
    seat = Membership.objects.filter(forum__code=code, body_id=body, until=None).first()
    if seat is None:
        return {}
    return {"body": seat.body_id, "capacity": seat.capacity, "member": seat.member_id or "", "alternate": seat.alternate_id or ""}


def body_choices() -> list[tuple[str, str]]:
    """Bodies that have no successor, by name."""
    return [(row.code, row.name) for row in directory() if not row.successor]


def person_choices() -> list[tuple[str, str]]:
    """People with accounts, and nobody."""
    return [("", "–"), *((str(id_), name) for id_, name in people())]
