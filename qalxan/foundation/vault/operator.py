"""What only the operator may ask of the broker: erase, rotate, and take the keys into a backup."""

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.vault import store
from qalxan.foundation.vault.keyring import Keyring
from qalxan.foundation.vault.service import compartment_of
from qalxan.foundation.vault.shredding import Shred
from qalxan.foundation.vault.wire import Fields, Reply, to_text

LOGGED = "SELECT audit_append('entry', NULL, %s, %s, %s, NULL, %s, '', NULL, '')"


class Operator:
    """Commands of the person who runs the installation; `qalxan` on the same machine calls them."""

    def __init__(self, ring: Keyring, database: store.Database, root_file: Path) -> None:
        self.ring, self.database, self.root_file = ring, database, root_file
        self._one = threading.Lock()

    def commands(self) -> dict[str, Callable[[Fields], Reply]]:
        """The commands by name."""
        return {"erase": self.erase, "rotate": self.rotate, "rotate_root": self.rotate_root, "export_keys": self.export_keys}

    def erase(self, fields: Fields) -> Reply:
        """Destroy a person's data keys and index rows: {person, reference} → the certificate, which also stands in the log.

        The shred list is on disk first, so an erasure that was cut off is finished at the next start.
        """
        person, reference = fields.uuid("person"), fields.code("reference")
        shred = self.ring.shredded.read().get(person) or Shred(person, dt.datetime.now(dt.UTC), reference)
        with self._one:
            self.ring.shredded.add(shred)
            return self._destroy(shred) or self._certificate(shred, 0, None)

    def replay(self) -> int:
        """Finish every erasure of the shred list, as after a restore of an older database; gives how many had to be."""
        return sum(self._destroy(shred) is not None for shred in self.ring.shredded.read().values())

    def _destroy(self, shred: Shred) -> Reply | None:
        with self.database.ledger() as connection:
            keys = store.destroy(connection, shred.person, shred.reference)
            if keys is None:
                return None
            entry = self._log(
                connection, AuditEvent.PERSON_ERASED, f"person:{shred.person}", shred.person, keys=keys, reference=shred.reference
            )
        return self._certificate(shred, keys, entry)

    @staticmethod
    def _certificate(shred: Shred, keys: int, entry: int | None) -> Reply:
        return {"person": str(shred.person), "at": shred.at.isoformat(), "reference": shred.reference, "keys": keys, "entry": entry}

    def rotate(self, fields: Fields) -> Reply:
        """A new key for a compartment, every data key wrapped anew, the old keys destroyed: {compartment} → {version, rewrapped, unreadable, retired}.

        Data keys and data stay. Cut off half-way, both keys are kept and the next rotation goes on; so they are when a row cannot be read. A copy of the key table that an
        erasure missed (a dead row on disk, a backup) cannot be unwrapped once the key it was wrapped under is destroyed.
        """
        compartment = compartment_of(fields)
        with self._one:
            version = self.ring.renew(compartment)
            done, unreadable = self._rewrap(compartment, version)
            with self.ring.making:  # a data key being made under the older key is in the table before this last look
                last, unreadable = self._rewrap(compartment, version)
                retired = 0 if unreadable else self.ring.retire(compartment, version)
            with self.database.ledger() as connection:
                counts = {"version": version, "rewrapped": done + last, "unreadable": unreadable}
                self._log(connection, AuditEvent.KEYS_ROTATED, f"compartment:{compartment}", None, **counts)
        return {**counts, "retired": retired}

    def _rewrap(self, compartment: str, version: int) -> tuple[int, int]:
        after, done, unreadable = UUID(int=0), 0, 0
        while True:
            with self.database.ledger() as connection:
                moved, bad, last = store.rewrap(connection, self.ring, compartment, version, after)
            if last is None:
                return done, unreadable
            done, unreadable, after = done + moved, unreadable + bad, last

    def rotate_root(self, fields: Fields) -> Reply:
        """A new root key; the compartment keys stay. Old shares and old backups of keys need the old root key."""
        with self._one:
            self.ring.change_root(self.root_file)
            with self.database.ledger() as connection:
                self._log(connection, AuditEvent.KEYS_ROTATED, "root", None, version=0, rewrapped=len(self.ring.names()))
        return {}

    def export_keys(self, fields: Fields) -> Reply:
        """A page of the data-key table for a backup, still wrapped: {after} → {rows, keyring, shredded}; empty rows end it.

        Wrapped data keys are worth nothing without the keyring, and the keyring nothing without the root key, which is in no backup.
        """
        after = fields.uuid("after")
        with self.database.acting() as connection:
            rows = connection.execute(
                "SELECT person, compartment, version, wrapped, key_version FROM vault_key"
                " WHERE person IN (SELECT DISTINCT person FROM vault_key WHERE person > %s ORDER BY person LIMIT 2000) ORDER BY person",
                [after],
            ).fetchall()
        shreds = self.ring.shredded.path
        return {
            "rows": [[str(person), name, version, to_text(wrapped), key] for person, name, version, wrapped, key in rows],
            "keyring": to_text(self.ring.wrapped()),
            "shredded": to_text(shreds.read_bytes() if shreds.exists() else b""),
        }

    @staticmethod
    def _log(connection: psycopg.Connection, event: AuditEvent, subject: str, person: UUID | None, **detail: str | int) -> int:
        row = connection.execute(LOGGED, [event.value, subject, Jsonb(detail), person]).fetchone()
        assert row is not None
        return int(row[0])
