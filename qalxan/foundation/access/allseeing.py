"""The check that there is no all-seeing body: every role, and every lawful combination of posts, with what it can reach and over whose records."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.access.rules import APART, CEILING, Bound, How

Rooms = dict[Compartment, How]
RULERS = frozenset({Role.HEAD_OF_BODY, Role.COORDINATOR, Role.COORDINATOR_OFFICE})
"""Roles that fill posts, assign cases or record seals: with a room of their own they could deal themselves every case."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """A set of roles one person may hold at the same time, what they carry at most, and over whose records."""

    roles: tuple[Role, ...]
    rooms: tuple[tuple[Compartment, How], ...]

    def how(self, compartment: Compartment) -> How | None:
        """Over whose records a compartment is reached; None is never."""
        return dict(self.rooms).get(compartment)


def lawful(roles: frozenset[Role], apart: frozenset[frozenset[Role]] = APART) -> bool:
    """Whether one person may hold these posts at the same time."""
    return not any(pair <= roles for pair in apart)


def combinations(apart: frozenset[frozenset[Role]] = APART) -> Iterator[frozenset[Role]]:
    """Every lawful combination of roles, one by one; unlawful ones are cut off with all that contain them."""
    order = list(Role)

    def grow(held: frozenset[Role], rest: int) -> Iterator[frozenset[Role]]:
        yield held
        for place in range(rest, len(order)):
            if lawful(held | {order[place]}, apart):
                yield from grow(held | {order[place]}, place + 1)

    return (held for held in grow(frozenset(), 0) if held)


def rooms_of(roles: frozenset[Role], ceiling: dict[Role, dict[Compartment, Bound]] | None = None) -> Rooms:
    """What a combination carries at most; the wider way counts where two roles differ."""
    reached: Rooms = {}
    for role in roles:
        for room, bound in (ceiling or CEILING)[role].items():
            reached[room] = How.CASE if How.CASE in (bound.how, reached.get(room)) else bound.how
    return reached


def faults(
    ceiling: dict[Role, dict[Compartment, Bound]] | None = None, apart: frozenset[frozenset[Role]] = APART
) -> list[tuple[str, tuple[Role, ...]]]:
    """What breaks the founding rule, with the smallest combinations that break it; empty when nothing does.

    Codes: `everybody` (a reach wider than own case), `whereabouts` (a hiding place outside one's own care), `therapy` (health with inquiry),
    `whole` (all six rooms), `ruler` (who appoints, assigns or seals carries a room).
    """
    found: list[tuple[str, tuple[Role, ...]]] = []
    for roles in sorted(combinations(apart), key=len):
        rooms = rooms_of(roles, ceiling)
        codes = {
            "everybody": any(how not in (How.CARE, How.CASE) for how in rooms.values()),
            "whereabouts": rooms.get(Compartment.WHEREABOUTS, How.CARE) is not How.CARE,
            "therapy": Compartment.HEALTH in rooms and Compartment.INQUIRY in rooms,
            "whole": set(rooms) == set(Compartment),
            "ruler": bool(rooms) and bool(roles & RULERS),
        }
        for code, broken in codes.items():
            if broken and not any(code == known and set(less) <= roles for known, less in found):
                found.append((code, tuple(sorted(roles))))
    return found


@cache
def table() -> tuple[Reachable, ...]:
    """Each role, then each largest lawful combination of roles that carry rooms; other posts add nothing to a reach."""
    seeing = frozenset(role for role in Role if CEILING[role])
    alone = [frozenset({role}) for role in Role]
    wide = {roles & seeing for roles in combinations() if len(roles & seeing) > 1}
    largest = [roles for roles in wide if not any(roles < other for other in wide)]
    return tuple(_row(roles) for roles in [*alone, *sorted(largest, key=sorted)])


@cache
def counted() -> int:
    """How many lawful combinations were looked at."""
    return sum(1 for _ in combinations())


def _row(roles: frozenset[Role]) -> Reachable:
    rooms = rooms_of(roles)
    return Reachable(tuple(r for r in Role if r in roles), tuple((c, rooms[c]) for c in Compartment if c in rooms))


def document() -> str:
    """The table as docs/dev/need-to-know.md."""
    said = {How.CARE: "own care", How.CASE: "own case", None: "never"}
    head = " | ".join(c.value for c in Compartment)
    lines = [
        "# Who can reach what",
        "",
        "Written by `python manage.py need_to_know`; a test compares it with the code. *own care*: only a person the post itself houses or keeps safe, by a",
        "ground of care that names the person. *own case*: only persons that a standing ground binds to the post. There is no third way: nobody reaches",
        "everybody's record, and each opening needs a living grant on top of what stands here.",
        "",
        f"| posts held together | {head} |",
        f"| --- |{' --- |' * len(Compartment)}",
    ]
    for row in table():
        lines.append(f"| {' + '.join(row.roles)} | {' | '.join(said[row.how(c)] for c in Compartment)} |")
    pairs = "; ".join(f"{a} / {b}" for a, b in sorted(tuple(sorted(pair)) for pair in APART))
    lines += [
        "",
        f"{counted()} lawful combinations of posts were looked at; {len(faults()) or 'none'} break the rule. Checked of each: no reach wider than own case; whereabouts by own care",
        "alone; health never with inquiry; never all six; who appoints, assigns or seals carries no room.",
        "",
        f"Never held together (the database refuses the second post): {pairs}.",
        "",
    ]
    return "\n".join(lines)
