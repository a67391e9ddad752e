"""Searching what is sealed: exact numbers by keyed hash, names among what the caller reaches, and "have we met this person" for the holder.

`match` is the only thing here that looks beyond the caller's reach. It opens candidates inside this process, tells those who hold a record
that fits, and tells the asker nothing but that it was done. Its answer has one shape and leaves on a beat of BEAT seconds, so a hit and a miss
look alike; what is not constant: which beat, when a very common name gives many candidates, and the load on the database.
"""

import json
import math
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import psycopg

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.vault import crypto, store
from qalxan.foundation.vault.budgets import Spend
from qalxan.foundation.vault.errors import Gone
from qalxan.foundation.vault.keyring import INDEX, Keyring
from qalxan.foundation.vault.service import Ask, Service, reach, reach_for
from qalxan.foundation.vault.wire import Fields, Malformed, Reply
from qalxan.kernel import matching
from qalxan.kernel.matching import Birth, Features, Scored
from qalxan.kernel.names import Verdict, compare_names, parts

IDENTITY = "identity"
BEAT = 0.013
"""Seconds; a match is answered at the first whole multiple after its work is done."""
TOLD = 5
"""Records whose holders hear of one match, best first."""
MOST_HITS = 50
CLEANED = {"document": matching.document, "phone": matching.phone}
_CANDIDATES = f"""
SELECT f.person, f.sealed, k.version, k.wrapped, k.key_version
FROM ({matching.LOOKUP.replace("person", "slot").replace("%(total)s", "(SELECT greatest(2, max(slot)) FROM vault_face)")}) AS l
JOIN vault_face f ON f.slot = l.slot JOIN vault_key k ON k.person = f.person AND k.compartment = 'identity' ORDER BY l.rarity DESC, l.slot
"""  # noqa: S608 - words of our own
_NOTICE = """
INSERT INTO vault_notice (id, person, asker, purpose, strength, agrees, differs, sealed)
SELECT %s, k.person, %s, %s, %s, %s::text[], %s::text[], %s FROM vault_key k WHERE k.person = %s AND k.compartment = 'identity' FOR SHARE
"""
"""A row for a holder, none for a person who has no key any more; one being erased is waited for."""


class Held(NamedTuple):
    """A person somebody holds a record of, and the key their identity is sealed with."""

    person: uuid.UUID
    key: bytes


class Matching:
    """The searching operations, beside those of Service."""

    def __init__(self, service: Service) -> None:
        self.service, self.ring, self.database = service, service.ring, service.database

    def commands(self) -> dict[str, Callable[[Fields], Reply]]:
        """The operations by name."""
        return {"index": self.index, "find": self.find, "search": self.search, "match": self.match}

    def index(self, fields: Fields) -> Reply:
        """Make a person findable by these features, in place of earlier ones: {person, features} → {}.

        The caller must reach the person's identity; so it comes after the commit that made person and grant.
        """
        person, features = fields.uuid("person"), features_of(fields)
        with self.database.acting() as connection:
            user = self.service.bind(connection, fields)
            if person not in reach(connection, IDENTITY):
                self.service.refuse(user, f"person:{person}", person, IDENTITY, "")
            self.service.pay(user, Spend.INDEX, 1)
            key = self.service.key_for(person, IDENTITY)
            if key is None:
                raise Gone
            with self.database.ledger() as own:
                if store.is_shredded(own, person):
                    raise Gone
                put(own, Index(self.ring), key, person, features)
        return {}

    def find(self, fields: Fields) -> Reply:
        """Persons in the caller's reach with exactly this document or phone number: {field, value, purpose, reason} → {persons}."""
        field, value = fields.code("field"), fields.text("value")
        if field not in CLEANED or not CLEANED[field](value):
            raise Malformed("field")
        with self.database.acting() as connection:
            ask = self._ask(connection, fields, AuditEvent.THING_FOUND, Spend.FIND)
            with self.service.ahead(ask) as done:
                rows = connection.execute(
                    "SELECT person FROM vault_blind WHERE field = %s AND mark = %s", [field, Index(self.ring).mark(field, value)]
                ).fetchall()
                mine = reach_for(connection, IDENTITY, ask.purpose)
                persons = sorted(str(person) for (person,) in rows if person in mine)
                done.counts["hits"] = len(persons)
        return {"persons": persons}

    def search(self, fields: Fields) -> Reply:
        """A name among sealed names the caller reaches: {name, items, purpose, reason} → {hits}. Others' items are passed over."""
        asked, items = parts(fields.text("name")), fields.of_persons("items")
        with self.database.acting() as connection:
            ask = self._ask(connection, fields, AuditEvent.THING_SEARCHED, Spend.SEARCH)
            with self.service.ahead(ask) as done:
                mine = reach_for(connection, IDENTITY, ask.purpose)
                within = [item for item in items if item[0] in mine]
                keys = _data_keys(connection, self.ring, {person for person, _, _ in within})
                found = []
                for person, place, sealed in within:
                    if person in keys:
                        text = crypto.unseal(keys[person], sealed, crypto.Binding(person, IDENTITY, place).data())
                        met = compare_names(asked, parts(words_of(text)))
                        asked_met = [one for one in met.meetings if one.left]
                        if met.verdict is not Verdict.DIFFERENT or (asked_met and all(one.weight > 0 for one in asked_met)):
                            found.append((met.weight, str(person), place.row, met.meetings))
                found.sort(key=lambda hit: (-hit[0], hit[1:3]))
                done.counts.update(opened=len(within), hits=len(found))
        return {
            "hits": [
                {"person": person, "row": row, "score": round(weight, 1), **_sides((f"{m.left}|{m.how}", m.weight) for m in met)}
                for weight, person, row, met in found[:MOST_HITS]
            ]
        }

    def match(self, fields: Fields) -> Reply:
        """Tell those who hold a record of this person: {features, purpose, reason} → {} always, on the beat."""
        started, features = time.monotonic(), features_of(fields)
        with self.database.acting() as connection:
            ask = self._ask(connection, fields, AuditEvent.THING_MATCHED, Spend.MATCH)
            with self.service.ahead(ask) as done:
                rows = [_notice(ask, held, features, scored) for held, scored in self._ranked(connection, features)]
                done.write = lambda own: own.cursor().executemany(_NOTICE, rows)
        elapsed = time.monotonic() - started
        time.sleep(max(0.0, math.ceil(elapsed / BEAT) * BEAT - elapsed))
        return {}

    def _ask(self, connection: psycopg.Connection, fields: Fields, what: AuditEvent, spend: Spend) -> Ask:
        """The opening to come, over no one person; refused unless one of the asker's posts may carry identity for this purpose."""
        purpose, reason = fields.code("purpose"), fields.code("reason")
        user = self.service.bind(connection, fields)
        row = connection.execute("SELECT vault_may_ask(%s)", [purpose]).fetchone()
        if row is None or not row[0]:
            self.service.refuse(user, what.value, None, IDENTITY, purpose)
        return Ask(user, None, IDENTITY, purpose, reason, None, what.value, what, spend)

    def _ranked(self, connection: psycopg.Connection, features: Features) -> list[tuple[Held, Scored]]:
        tokens = Index(self.ring).tokens(matching.probes(features))
        values = {"tokens": tokens, "per_token": matching.PER_TOKEN, "candidates": matching.CANDIDATES}
        rows = connection.execute(_CANDIDATES, values, prepare=True, binary=True).fetchall()
        return matching.rank(features, self._opened(rows), TOLD)

    def _opened(self, rows: Iterable[Sequence[Any]]) -> Iterable[tuple[Held, Features]]:
        for person, sealed, version, wrapped, key_version in rows:
            key = store.unwrap(self.ring, person, IDENTITY, store.DataKey(version, wrapped, key_version))
            yield Held(person, key), Features.unpack(crypto.unseal(key, sealed, face(person)))


def _notice(ask: Ask, held: Held, features: Features, scored: Scored) -> tuple[object, ...]:
    """The row for whoever holds the record: how strong, what agrees, and the asked description sealed for them alone."""
    row = uuid.uuid4()
    place = crypto.Place("vault_notice", str(row), "sealed", 1)
    sealed = crypto.seal(held.key, features.pack(), crypto.Binding(held.person, IDENTITY, place).data())
    strength = "probable" if scored.weight >= matching.STRICT else "possible"
    sides = _sides((f"{one.about}:{one.how}", one.weight) for one in scored.evidence)
    return row, ask.user, ask.purpose, strength, sides["agrees"], sides["differs"], sealed, held.person


class Index:
    """The keyed forms of what is searched for; the key never leaves the broker."""

    def __init__(self, ring: Keyring) -> None:
        key = ring.key(INDEX, ring.version(INDEX))
        self._token, self._mark = crypto.derive(key, "token"), crypto.derive(key, "mark")

    def tokens(self, keys: Iterable[str]) -> list[int]:
        """Compound keys as numbers."""
        return [matching.token(self._token, key) for key in keys]

    def mark(self, field: str, value: str) -> bytes:
        """A cleaned number as a keyed hash."""
        return crypto.mark(self._mark, field, CLEANED[field](value))


def put(own: psycopg.Connection, index: Index, key: bytes, person: uuid.UUID, features: Features) -> None:
    """Write a person's index rows in place of earlier ones, in the caller's transaction."""
    row = own.execute(
        "INSERT INTO vault_face (person, sealed) VALUES (%s, %s) ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed RETURNING slot",
        [person, crypto.seal(key, features.pack(), face(person))],
    ).fetchone()
    assert row is not None
    own.execute("DELETE FROM vault_token WHERE slot = %s", row)
    own.execute(
        "INSERT INTO vault_token SELECT DISTINCT t, %s::int FROM unnest(%s::bigint[]) t", [row[0], index.tokens(matching.keys(features))]
    )
    own.execute("DELETE FROM vault_blind WHERE person = %s", [person])
    marks = [
        (field, index.mark(field, value))
        for field, values in (("document", features.documents), ("phone", features.phones))
        for value in values
        if CLEANED[field](value)
    ]
    own.cursor().executemany(
        "INSERT INTO vault_blind (field, mark, person) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", [(*mark, person) for mark in marks]
    )


def features_of(fields: Fields) -> Features:
    """The features of a request. Raises Malformed unless every part has its kind and bounds."""
    value = Fields(fields.map("features"))
    names = value.texts("names", 6, 200)
    documents, phones = value.texts("documents", 12, 40), value.texts("phones", 12, 40)
    place = value.text("place") if value.has("place") else ""
    birth = Birth(
        *(
            value.number(name, least, most) if value.has(name) else None
            for name, least, most in (("year", 1850, 2200), ("month", 1, 12), ("day", 1, 31))
        )
    )
    return Features(tuple(names), birth, tuple(documents), tuple(phones), place)


def words_of(text: bytes) -> str:
    """The name in an opened thing: a JSON text, or the texts of a JSON object joined. Raises Tampered for what is neither."""
    try:
        value = json.loads(text)
    except ValueError:
        raise crypto.Tampered from None
    if isinstance(value, dict):
        value = value["name"] if isinstance(value.get("name"), str) else " ".join(v for v in value.values() if isinstance(v, str))
    return value[:400] if isinstance(value, str) else ""


def face(person: uuid.UUID) -> bytes:
    """What a person's sealed description is bound to."""
    return crypto.context("face", str(person))


def _data_keys(connection: psycopg.Connection, ring: Keyring, persons: set[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    rows = connection.execute(
        "SELECT person, version, wrapped, key_version FROM vault_key WHERE compartment = 'identity' AND person = ANY(%s)", [list(persons)]
    ).fetchall()
    return {row[0]: store.unwrap(ring, row[0], IDENTITY, store.DataKey(*row[1:])) for row in rows}


def _sides(reasons: Iterable[tuple[str, float]]) -> dict[str, list[str]]:
    reasons = list(reasons)
    return {"agrees": [code for code, weight in reasons if weight > 0], "differs": [code for code, weight in reasons if weight < 0]}
