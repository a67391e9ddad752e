"""What the broker does for a caller. The order is the promise: who asks, may they, does the budget hold, is the intent on disk - then open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import psycopg

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.intents import intent, outcome, refusal
from qalxan.foundation.vault import crypto, journal, store
from qalxan.foundation.vault.budgets import OverBudget, SiteBudget, Spend, spend
from qalxan.foundation.vault.errors import Broken, Gone, NoGrant, Spent
from qalxan.foundation.vault.keyring import Keyring
from qalxan.foundation.vault.wire import Fields, Reply, to_text

COMPARTMENTS = frozenset({"identity", "whereabouts", "health", "support", "inquiry", "justice"})
"""As `access.choices.Compartment`; a test holds both to the same names (this process loads no Django)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """An opening about to happen: who, whose, which compartment, why, under which grant, of what."""

    user: int
    person: UUID | None
    compartment: str
    purpose: str
    reason: str
    grant: int | None
    subject: str
    what: AuditEvent
    spend: Spend
    units: int = 1


@dataclass(slots=True)
class Done:
    """What an opening came to: counts for the log, and what is to be written together with its outcome."""

    counts: dict[str, int] = field(default_factory=dict)
    write: Callable[[psycopg.Connection], None] | None = None


class Service:
    """The operations, over a keyring and a database. Every one raises Told or gives a reply."""

    def __init__(self, ring: Keyring, database: store.Database) -> None:
        self.ring, self.database, self.site = ring, database, SiteBudget()

    def commands(self) -> dict[str, Callable[[Fields], Reply]]:
        """The operations by name."""
        return {"open": self.open, "seal": self.seal}

    def open(self, fields: Fields) -> Reply:
        """Open things of one person's compartment: {person, compartment, items, purpose, reason} → {texts}."""
        person, compartment, items = fields.uuid("person"), compartment_of(fields), fields.sealed("items")
        purpose, reason = fields.code("purpose"), fields.code("reason")
        subject = f"{items[0][0].table}:{items[0][0].row}" if len(items) == 1 else f"person:{person}"
        with self.database.acting() as connection:
            user = self.bind(connection, fields)
            grant = may_open(connection, person, compartment, purpose)
            if grant is None:
                self.refuse(user, f"person:{person}", person, compartment, purpose)
            ask = Ask(user, person, compartment, purpose, reason, grant, subject, AuditEvent.THING_OPENED, Spend.OPEN, len(items))
            with self.ahead(ask) as done:
                key = store.data_key(connection, self.ring, person, compartment)
                if key is None:
                    raise Gone if store.is_shredded(connection, person) else Broken
                texts = [to_text(crypto.unseal(key, sealed, crypto.Binding(person, compartment, place).data())) for place, sealed in items]
                done.counts["things"] = len(texts)
        return {"texts": texts}

    def seal(self, fields: Fields) -> Reply:
        """Seal things of one person's compartment: {person, compartment, items: [[place, text]]} → {sealed}.

        Needs a live session and no grant: what is sealed was known to the caller, and a new person has no grant yet.
        """
        person, compartment, items = fields.uuid("person"), compartment_of(fields), fields.sealed("items")
        with self.database.acting() as connection:
            user = self.bind(connection, fields)
            self.pay(user, Spend.SEAL, len(items))
            key = self.key_for(person, compartment)
            if key is None:
                raise Gone
            sealed = [to_text(crypto.seal(key, text, crypto.Binding(person, compartment, place).data())) for place, text in items]
        return {"sealed": sealed}

    def key_for(self, person: UUID, compartment: str) -> bytes | None:
        """The data key of a person's compartment, made and on disk when there was none; None for an erased person."""
        with self.database.ledger() as own:
            key = store.data_key(own, self.ring, person, compartment)
        if key is None:
            with self.ring.making, self.database.ledger() as own:
                key = store.ensure_key(own, self.ring, person, compartment)
        return key

    def pay(self, user: int, kind: Spend, units: int) -> None:
        """Take units from the account and the site, on disk at once. Raises Spent and logs it."""
        with self._paid(user, kind, units) as paid, self.database.ledger() as own:
            paid(own)

    @contextmanager
    def _paid(self, user: int, kind: Spend, units: int) -> Iterator[Callable[[psycopg.Connection], None]]:
        """Take units from the site, and give what takes them from the account in a transaction of the block."""
        try:
            self.site.take(kind, units)
            yield lambda own: spend(own, user, kind, units)
        except OverBudget as over:
            with self.database.ledger() as own:
                refusal(own, actor=user, subject=f"budget:{kind}", span=str(over), units=units)
            raise Spent from None

    @contextmanager
    def ahead(self, ask: Ask) -> Iterator[Done]:
        """Budget, intent and the broker's own note of it on disk before the block; after it the outcome, in one transaction with what the block left to write.

        A block whose outcome cannot be written gives nothing away.
        """
        with self._paid(ask.user, ask.spend, ask.units) as paid, self.database.ledger() as own:
            number = intent(own, actor=ask.user, person=ask.person, compartment=ask.compartment, purpose=ask.purpose, grant=ask.grant,
                            subject=ask.subject, what=ask.what, reason_code=ask.reason, units=ask.units, beside=paid)  # fmt: skip
        done = Done()
        try:
            journal.note(number, ask.user, ask.what.value)
            yield done
            with self.database.ledger() as own:
                outcome(own, number, "opened", beside=done.write, **done.counts)
        except (crypto.Tampered, Broken, Gone) as fault:
            result = "erased" if isinstance(fault, Gone) else "tampered"
            self._close(number, result)
            raise (Gone if isinstance(fault, Gone) else Broken) from None
        except Exception:
            self._close(number, "failed")
            raise

    def _close(self, number: int, result: str) -> None:
        with self.database.ledger() as own:
            outcome(own, number, result)

    def bind(self, connection: psycopg.Connection, fields: Fields) -> int:
        """The account the session token stands for, bound to this transaction.

        Raises NoGrant for a token that is not live, and, with a row in the log, for one of a session that no passkey opened: whatever is asked,
        a password alone is not enough here.
        """
        user, bound = connection.execute("SELECT user_id, bound FROM access_begin_by_passkey(%s)", [fields.text("token")]).fetchone() or (
            None,
            False,
        )
        if user is None:
            raise NoGrant
        if not bound:
            self.refuse(int(user), "session:passkey", None, "", "")
        return int(user)

    def refuse(self, user: int, subject: str, person: UUID | None, compartment: str, purpose: str) -> None:
        """Log a refusal, then raise NoGrant."""
        with self.database.ledger() as own:
            refusal(own, actor=user, subject=subject, person=person, compartment=compartment, purpose=purpose)
        raise NoGrant


def may_open(connection: psycopg.Connection, person: UUID, compartment: str, purpose: str) -> int | None:
    """The grant under which the bound account may open a person's compartment for a purpose; None when there is none."""
    row = connection.execute("SELECT access_may_open(%s, %s, %s)", [person, compartment, purpose]).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def reach(connection: psycopg.Connection, compartment: str) -> frozenset[UUID]:
    """The persons whose compartment the bound account reaches."""
    row = connection.execute("SELECT access_reach(%s)", [compartment]).fetchone()
    return frozenset(row[0] or ()) if row else frozenset()


def reach_for(connection: psycopg.Connection, compartment: str, purpose: str) -> frozenset[UUID]:
    """The persons whose compartment the bound account reaches for this purpose: a grant for another purpose does not count."""
    rows = connection.execute("SELECT DISTINCT person FROM access_living_grants(%s) WHERE purpose = %s", [compartment, purpose]).fetchall()
    return frozenset(person for (person,) in rows)


def compartment_of(fields: Fields) -> str:
    """The compartment asked for. Raises NoGrant for a word that is none: it is as closed as any other."""
    word = fields.code("compartment")
    if word not in COMPARTMENTS:
        raise NoGrant
    return word
