"""Opening what is sealed, and looking for somebody: each call is one intent in the log, written by the broker before a word is read."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting, bearer
from qalxan.foundation.access.choices import Compartment, Purpose
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.persons.choices import Kind, Reason
from qalxan.foundation.persons.models import Item
from qalxan.foundation.persons.records import place
from qalxan.foundation.vault import client
from qalxan.foundation.vault.crypto import Place
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.matching import Features, document, phone

MOST = 500
MOST_NAMES = 5000


@dataclass(frozen=True, slots=True)
class Opened:
    """A thing in plain words, for the answer to one request and nothing else: never stored, logged or put into an address."""

    item: UUID
    kind: Kind
    version: int
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody asked whether anybody has met a person, and a record one holds fits. `agrees` and `differs`: "about:how" codes of kernel.matching."""

    id: UUID
    at: dt.datetime
    person: UUID
    asker: int
    purpose: Purpose
    strength: str
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


def open_things(
    *, actor: Actor, person: UUID, room: Compartment, purpose: Purpose, reason: Reason, only: Sequence[UUID] = ()
) -> list[Opened]:
    """Open the things of a room as they stand, or `only` some of its things (earlier versions too), oldest first; at most 500.

    One intent and as many units of budget as things. Raises Absent (no such room or thing for this actor, or no grant for the purpose),
    RuleBroken (BrokerAway, OverBudget, Erased, Tampered).
    """
    with acting():
        rows = Item.objects.scope(actor).filter(person=person, compartment=room.value)
        rows = rows.filter(id__in=only) if only else rows.filter(replaced_by=None)
        found = list(rows.order_by("made_at", "id")[:MOST])
    if not found or (only and len(found) != len(set(only))):
        raise Absent
    texts = client.open(bearer(), person, room.value, [(place(row), bytes(row.sealed)) for row in found], purpose.value, reason.value)
    return [Opened(row.id, Kind(row.kind), row.version, json.loads(text)) for row, text in zip(found, texts, strict=True)]


def find(*, field: str, value: str, purpose: Purpose, reason: Reason) -> list[UUID]:
    """Persons one reaches who carry exactly this number; `field`: "document" or "phone". Raises RuleBroken, Absent (no right to ask)."""
    if not {"document": document, "phone": phone}[field](value):
        raise RuleBroken(_("Write the number with its digits."))
    return client.find(bearer(), field, value, purpose.value, reason.value)


def search(*, actor: Actor, name: str, purpose: Purpose, reason: Reason) -> list[client.Hit]:
    """A name among the names one reaches, as they stand, the newest 5,000, best first. Raises as `find`."""
    with acting():
        rows = Item.objects.scope(actor).filter(compartment=Compartment.IDENTITY.value, kind=Kind.NAME.value, replaced_by=None)
        items = [(row.person_id, place(row), bytes(row.sealed)) for row in rows.order_by("-made_at")[:MOST_NAMES]]
    return client.search(bearer(), name, items, purpose.value, reason.value)


def met(*, features: Features, purpose: Purpose, reason: Reason) -> None:
    """Ask whether anybody has met this person: who holds a record that fits is told, the asker learns nothing. Raises as `find`."""
    client.match(bearer(), features, purpose.value, reason.value)


def notices(actor: Actor) -> list[Notice]:
    """What the actor is told as a holder: the newest hundred notices about persons whose identity they reach now. One query."""
    if actor.user_id is None:
        return []
    with acting(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, at, person, asker, purpose, strength, agrees, differs FROM vault_notice"
            " WHERE person = ANY((SELECT access_reach('identity'))::uuid[]) AND asker <> %s ORDER BY at DESC, id LIMIT 100",
            [actor.user_id],
        )
        return [Notice(r[0], r[1], r[2], r[3], Purpose(r[4]), r[5], tuple(r[6]), tuple(r[7])) for r in cursor.fetchall()]


def open_notice(*, notice: UUID, purpose: Purpose, reason: Reason) -> Features:
    """The description somebody asked about, for the holder. Raises Absent, RuleBroken."""
    with acting(), connection.cursor() as cursor:
        cursor.execute("SELECT person, sealed FROM vault_notice WHERE id = %s", [notice])
        row = cursor.fetchone()
    if row is None:
        raise Absent
    where = Place("vault_notice", str(notice), "sealed", 1)
    return Features.unpack(
        client.open(bearer(), row[0], Compartment.IDENTITY.value, [(where, bytes(row[1]))], purpose.value, reason.value)[0]
    )
