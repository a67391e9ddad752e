"""Who else may know: rooms given on a ground, consents with the person's own words, seals. Each is one bound transaction: whole or not at all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from qalxan.foundation.access import operations as access
from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Compartment, Ground, Purpose
from qalxan.foundation.persons import operations, queries
from qalxan.foundation.persons.choices import Kind
from qalxan.foundation.persons.records import New, add_thing
from qalxan.kernel.errors import RuleBroken

Rooms = Sequence[tuple[Compartment, Purpose]]


def share(
    *, actor: Actor, kind: Ground, post: int, person: UUID | None, case: UUID | None, rooms: Rooms, until: dt.datetime, reference: str
) -> int:
    """Make a ground for a post and give rooms on it, all or none; gives the ground's id. Raises Absent, RuleBroken (over the post's ceiling, too long).

    A shift is not made here: its head made it (`put_on_shift`), and what is given on it ends with it at the latest.
    """
    with acting():
        if kind is Ground.SHIFT:
            ground = access.on_shift(actor=actor, post=post)
        else:
            ground = access.make_ground(actor=actor, kind=kind, post=post, person=person, case=case, until=until, reference=reference)
        for room, purpose in rooms:
            access.give(actor=actor, ground=ground, person=person, case=case, compartment=room, purpose=purpose, until=until)
        return ground


def withdraw(*, actor: Actor, grant: int) -> bool:
    """Take a grant back at once; False when it had ended. Raises Absent."""
    with acting():
        return access.withdraw(actor=actor, grant=grant)


def agree(*, actor: Actor, now: dt.datetime, person: UUID, said: access.Agreement, words: str = "") -> int:
    """Record a consent, with what the person said sealed in a room one reaches; gives its id. Raises Absent, RuleBroken."""
    note = uuid4() if words else None
    with acting():
        made = access.record_consent(actor=actor, person=person, said=replace(said, words=note))
        if note:
            there = queries.rooms_of(actor, person)
            room = next((r for r in (Compartment.SUPPORT, Compartment.IDENTITY) if r in there), None)
            if room is None:
                raise RuleBroken(_("You reach no room of this record in which words can be kept. Record the consent without them."))
            add_thing(actor=actor, now=now, person=person, new=New(room, Kind.NOTE, {"words": words}), once=note)
        return made


def withdraw_consent(*, actor: Actor, consent: int) -> bool:
    """Record that the person takes a consent back. Raises Absent."""
    with acting():
        return access.withdraw_consent(actor=actor, consent=consent)


def seal_case(*, actor: Actor, case: UUID, authority: str, decision: str, named: Sequence[int]) -> int:
    """Suspend all access to a case's persons but the named posts', by a decision. Raises Absent, RuleBroken."""
    with acting():
        return access.seal(actor=actor, person=None, case=case, authority=authority, decision=decision, named=named)


def seal_numbered(*, actor: Actor, number: str, authority: str, decision: str, named: Sequence[int]) -> int:
    """The same for a case or a single person, by the number in the decision. Raises Absent, RuleBroken."""
    with acting():
        return access.seal_numbered(actor=actor, number=number, authority=authority, decision=decision, named=named)


def lift_seal(*, actor: Actor, seal: int, authority: str, decision: str) -> bool:
    """Lift a seal by another decision. Raises Absent, RuleBroken."""
    with acting():
        return access.lift(actor=actor, seal=seal, authority=authority, decision=decision)


def put_on_shift(*, actor: Actor, post: int, until: dt.datetime, reference: str) -> int:
    """Give a post of one's own body the shift from now on, for at most sixteen hours; gives the ground's id. Raises Absent, RuleBroken."""
    with acting():
        return access.make_ground(actor=actor, kind=Ground.SHIFT, post=post, person=None, case=None, until=until, reference=reference)


def close_case(*, actor: Actor, case: UUID, day: dt.date, reference: str) -> None:
    """Close a case one leads: what was given on it ends this second. Raises Absent, RuleBroken."""
    with acting():
        operations.close_case(actor=actor, case=case, day=day, reference=reference)


def place(*, actor: Actor, case: UUID, person: UUID) -> None:
    """Put a person one reaches into a case one works on. Raises Absent, RuleBroken."""
    with acting():
        operations.place(actor=actor, case=case, person=person)


def take_out(*, actor: Actor, case: UUID, person: UUID) -> bool:
    """Take a person one reaches out of a case one works on; False when they were not in it. Raises Absent, RuleBroken."""
    with acting():
        return operations.remove(actor=actor, case=case, person=person)


def open_case(*, actor: Actor, post: int, person: UUID, opened: dt.date, lead: str) -> UUID:
    """Open a case for a person one reaches. Raises Absent, RuleBroken."""
    with acting():
        return operations.open_case(actor=actor, post=post, person=person, opened=opened, lead=lead)


def join(*, actor: Actor, kept: UUID, gone: UUID) -> UUID:
    """Note that two records one reaches are one person. Raises Absent, RuleBroken."""
    with acting():
        return operations.merge(actor=actor, kept=kept, gone=gone)


def part(*, actor: Actor, merge: UUID) -> bool:
    """Take that back; nothing was lost. Raises Absent."""
    with acting():
        return operations.unmerge(actor=actor, merge=merge)


def end(*, actor: Actor, ground: int) -> bool:
    """End a ground and every grant on it: by who made it, who holds it, or the head. Raises Absent."""
    with acting():
        return access.end_ground(actor=actor, ground=ground)
