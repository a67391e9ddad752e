"""The same declaration evaluated in Python, over rows that were read: for explaining, for checking, for tests."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from qalxan.foundation.access.formula import Row, World
from qalxan.foundation.access.rules import LIVE


def clauses(world: World, grant: Row, person: UUID, now: dt.datetime) -> dict[str, bool]:
    """Each clause of liveness for a grant over a person: which hold, which do not. Unknown counts as not."""
    post = _one(world, "accounts_post", grant["post"])
    env = {
        "g": grant,
        "p": post,
        "u": _one(world, "accounts_user", post["user_id"]),
        "r": _one(world, "access_ground", grant["ground_id"]),
        "x": {"person": person},
    }
    return {name: clause.holds(env, world, now) is True for name, clause in LIVE.items()}


def covers(world: World, grant: Row) -> Iterator[UUID]:
    """The persons under a grant: the one it names, or those in its case now."""
    if grant["person"] is not None:
        yield grant["person"]
    for place in world["persons_caseperson"]:
        if grant["case_id"] is not None and place["case_id"] == grant["case_id"] and place["removed_at"] is None:
            yield place["person_id"]


def living(world: World, user_id: int, now: dt.datetime) -> Iterator[tuple[Row, UUID]]:
    """Each living grant of a user with each person under it."""
    posts = {post["id"] for post in world["accounts_post"] if post["user_id"] == user_id}
    for grant in world["access_grant"]:
        if grant["post"] in posts:
            for person in covers(world, grant):
                if all(clauses(world, grant, person, now).values()):
                    yield grant, person


def reach(world: World, user_id: int, compartment: str, now: dt.datetime) -> set[UUID]:
    """Whom the user reaches in a compartment."""
    return {person for grant, person in living(world, user_id, now) if grant["compartment"] == compartment}


def may_open(world: World, user_id: int, person: UUID, compartment: str, purpose: str, now: dt.datetime) -> int | None:
    """The first living grant under which the user may open a room of a person for a purpose."""
    fitting = [
        g["id"] for g, p in living(world, user_id, now) if p == person and (g["compartment"], g["purpose"]) == (compartment, purpose)
    ]
    return min(fitting, default=None)


def _one(world: World, table: str, id_: int) -> Row:
    return next(row for row in world[table] if row["id"] == id_)
