"""Why can I see this? The living grants behind a thing, with the ground each stands on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Compartment, Ground, Purpose
from qalxan.foundation.access.guard import Absent


@dataclass(frozen=True, slots=True)
class Why:
    """A living grant: for what, on which ground and reference, since when, until when, given by whom."""

    grant: int
    purpose: Purpose
    ground: Ground
    reference: str
    since: dt.datetime
    until: dt.datetime
    given_by: int


def why(person: UUID, compartment: Compartment) -> list[Why]:
    """The bound actor's living grants over a room of a person, the longest-lasting first; empty when there is none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT g.id, g.purpose, r.kind, r.reference, g.from_at, least(g.until_at, r.until_at), g.given_by"
            " FROM access_living_grants(%s) l JOIN access_grant g ON g.id = l.grant_id JOIN access_ground r ON r.id = g.ground_id"
            " WHERE l.person = %s ORDER BY 6 DESC, 1",
            [compartment.value, person],
        )
        return [Why(row[0], Purpose(row[1]), Ground(row[2]), *row[3:]) for row in cursor.fetchall()]


def still(token: str, *, user: int | None, persons: Sequence[UUID], room: Compartment | None, case: UUID | None) -> bool:
    """Whether what an open page shows is still the token's to see: the session lives and is `user`'s, and the persons (their room) and the case are reached.

    Opens nothing and does not count as use of the session. One transaction, two queries.
    """
    try:
        with acting(token) as here, connection.cursor() as cursor:
            cursor.execute(
                "SELECT %(persons)s::uuid[] <@ ARRAY(SELECT access_reached(%(room)s))"
                " AND (%(case)s::uuid IS NULL OR EXISTS (SELECT 1 FROM persons_case WHERE id = %(case)s))",
                {"persons": list(persons), "room": room.value if room else None, "case": case},
            )
            return bool(cursor.fetchone() == (True,)) and user in (None, here)
    except Absent:
        return False
