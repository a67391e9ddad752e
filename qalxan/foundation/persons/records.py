"""Writing a person's record whole: register with the first sealed things, add a thing, correct one. Words go to the broker, never to a table in clear.

Each operation binds its own transaction (`acting`), so a broken rule half way leaves nothing behind; inside another it is a part of it.
What is findable is filed after the commit: the broker sees only what stands.
"""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting, bearer
from qalxan.foundation.access.choices import CONSENTED, Compartment
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.operations import Agreement, record_consent
from qalxan.foundation.access.queries import why
from qalxan.foundation.access.rules import CEILING
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.persons import operations
from qalxan.foundation.persons.choices import FINDABLE, KINDS, REBUILD, Kind
from qalxan.foundation.persons.models import Item
from qalxan.foundation.vault import client
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.matching import Birth, Features

Content = Mapping[str, str | int | None]
"""What a thing says, by field; see `shell.persons.forms` for the fields of each kind. A name carries "name", the whole name as written."""


@dataclass(frozen=True, slots=True)
class New:
    """A thing to be sealed: its room, its kind, what it says."""

    room: Compartment
    kind: Kind
    content: Content


@dataclass(frozen=True, slots=True)
class Registered:
    """A person registered, with the case when one was opened; `findable` unless the index could not be written (see `make_findable`)."""

    person: UUID
    case: UUID | None
    findable: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A thing that was sealed and stands; `findable` as in Registered."""

    item: UUID
    findable: bool


def register_person(
    *,
    actor: Actor,
    now: dt.datetime,
    post: int,
    reference: str,
    until: dt.datetime,
    things: Sequence[New],
    lead: str | None = None,
    agreed: Agreement | None = None,
    once: UUID | None = None,
) -> Registered:
    """Register a person in one of the actor's posts, seal the first things, and open a case that `lead` (a body's code; None: no case) leads.

    `agreed` is recorded first: a post that opens identity by consent alone (`consent_first`) cannot add a thing before. `once` names this
    registration: a second one of the same name is refused, so a form sent twice registers one person. Acts for the bearer
    (`access.binding.bearing`). Raises Absent, RuleBroken (BrokerAway, OverBudget among them); then nothing stands.
    """
    with acting(), _said_once():
        person = operations.register(actor=actor, post=post, reference=reference, until=until)
        if agreed is not None:
            record_consent(actor=actor, person=person, said=agreed)
        case = None
        if lead is not None:
            case = operations.open_case(actor=actor, post=post, person=person, opened=now.date(), lead=lead)
        _add(actor, now, person, things, case, first=once)
    identity = [(new.kind, new.content) for new in things if new.room is Compartment.IDENTITY]
    return Registered(person, case, _file(person, identity))


def add_thing(*, actor: Actor, now: dt.datetime, person: UUID, new: New, once: UUID | None = None) -> Kept:
    """Seal a thing into a room one reaches; `once` as in `register_person`. Raises Absent, RuleBroken."""
    with acting(), _said_once():
        made = _add(actor, now, person, [new], None, first=once)[0]
    return Kept(made, _refile(actor, person, new.room, new.kind))


def correct_thing(*, actor: Actor, now: dt.datetime, item: UUID, content: Content) -> Kept:
    """Seal a new version in place of a thing one reaches; the old one stays in its history. Raises Absent, RuleBroken (corrected meanwhile)."""
    with acting(), _said_once():
        old = Item.objects.scope(actor).filter(id=item).values("person_id", "case_id", "compartment", "kind", "version").first()
        if old is None:
            raise Absent
        if Item.objects.scope(actor).filter(replaces=item).exists():
            raise RuleBroken(_corrected())
        new = New(Compartment(old["compartment"]), Kind(old["kind"]), content)
        made = _write(actor, now, old["person_id"], [new], old["case_id"], [uuid4()], replaces=item, version=old["version"] + 1)[0]
        record(
            actor.user_id, AuditEvent.THING_CORRECTED, f"person:{old['person_id']}", thing=str(made), replaces=str(item),
            compartment=old["compartment"], kind=old["kind"], version=old["version"] + 1,
        )  # fmt: skip
    return Kept(made, _refile(actor, old["person_id"], new.room, new.kind))


def make_findable(*, actor: Actor, person: UUID) -> bool:
    """File a person anew from the identity as it stands: the broker opens it (an intent of its own) and nothing is shown. Raises Absent, RuleBroken."""
    with acting():
        reasons = why(person, Compartment.IDENTITY)
        rows = list(
            Item.objects.scope(actor)
            .filter(person=person, compartment=Compartment.IDENTITY.value, kind__in=[k.value for k in FINDABLE], replaced_by=None)
            .order_by("made_at", "id")
        )
    if not reasons:
        raise Absent
    if not rows:
        return True
    texts = client.open(
        bearer(), person, Compartment.IDENTITY.value, [(place(r), bytes(r.sealed)) for r in rows], reasons[0].purpose.value, REBUILD
    )
    client.index(bearer(), person, features([(Kind(r.kind), json.loads(t)) for r, t in zip(rows, texts, strict=True)]))
    return True


def consent_first(actor: Actor) -> frozenset[int]:
    """The actor's posts that open identity by consent alone: they record one before they can write a name."""
    found = set()
    for post in actor.posts:
        bound = CEILING[post.role].get(Compartment.IDENTITY)
        if bound and all(purpose in CONSENTED for purpose in bound.purposes):
            found.add(post.id)
    return frozenset(found)


def place(item: Item) -> Place:
    """Where a sealed thing was sealed for."""
    return Place("persons_item", str(item.id), "sealed", item.version)


def features(things: Sequence[tuple[Kind, Content]]) -> Features:
    """By what a person is found, from the things of their identity, oldest first; the latest birth counts, of the others the last few."""

    def texts(kind: Kind, field: str, letters: int) -> list[str]:
        return [str(c[field])[:letters] for k, c in things if k is kind and c.get(field)]

    birth = Birth()
    for kind, content in things:
        if kind is Kind.BIRTH:
            birth = Birth(*(int(value) if (value := content.get(name)) else None for name in ("year", "month", "day")))
    return Features(
        tuple(texts(Kind.NAME, "name", 200)[-6:]), birth, tuple(texts(Kind.DOCUMENT, "number", 40)[-12:]), tuple(texts(Kind.PHONE, "number", 40)[-12:])
    )  # fmt: skip


def _add(actor: Actor, now: dt.datetime, person: UUID, things: Sequence[New], case: UUID | None, *, first: UUID | None) -> list[UUID]:
    for new in things:
        if new.kind not in KINDS[new.room]:
            raise Absent
    ids = [first if first and n == 0 else uuid4() for n in range(len(things))]
    made = _write(actor, now, person, things, case, ids)
    for new, item in zip(things, made, strict=True):
        record(actor.user_id, AuditEvent.THING_ADDED, f"person:{person}", thing=str(item), compartment=new.room.value, kind=new.kind.value)
    return made


def _write(
    actor: Actor,
    now: dt.datetime,
    person: UUID,
    things: Sequence[New],
    case: UUID | None,
    ids: Sequence[UUID],
    *,
    replaces: UUID | None = None,
    version: int = 1,
) -> list[UUID]:
    """Seal room by room, then add the rows; the database lets a row pass only in a room the actor reaches."""
    for room in dict.fromkeys(new.room for new in things):
        here = [(item, new) for item, new in zip(ids, things, strict=True) if new.room is room]
        rows = [(Place("persons_item", str(item), "sealed", version), _plain(new.content)) for item, new in here]
        sealed = client.seal_all(bearer(), person, room.value, rows)
        for (item, new), text in zip(here, sealed, strict=True):
            row: dict[str, Any] = {"id": item, "person_id": person, "case_id": case, "compartment": room.value, "kind": new.kind.value}
            Item(**row, sealed=text, version=version, replaces_id=replaces, made_by=actor.user_id or 0, made_at=now).save(force_insert=True)
    return list(ids)


def _plain(content: Content) -> bytes:
    return json.dumps({k: v for k, v in content.items() if v not in ("", None)}, ensure_ascii=False).encode()


@contextmanager
def _said_once() -> Iterator[None]:
    """A row that is there already becomes a sentence; a row that the database does not let pass is an absent room."""
    try:
        yield
    except IntegrityError:
        raise RuleBroken(_corrected()) from None
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == "42501":
            raise Absent from None
        raise


def _corrected() -> str:
    return _("This was saved already, by you or by somebody else. Look at the record as it stands now.")


def _refile(actor: Actor, person: UUID, room: Compartment, kind: Kind) -> bool:
    if room is not Compartment.IDENTITY or kind not in FINDABLE:
        return True
    try:
        return make_findable(actor=actor, person=person)
    except (RuleBroken, Absent):
        return False  # the thing stands; the person can be filed again


def _file(person: UUID, things: Sequence[tuple[Kind, Content]]) -> bool:
    try:
        client.index(bearer(), person, features(things))
    except (RuleBroken, Absent):
        return False
    return True
