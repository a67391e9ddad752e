"""The broker's own tables, reached as `qalxan_broker` alone: data keys, erasures, blind indexes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from qalxan.foundation.vault import crypto
from qalxan.foundation.vault.keyring import Keyring

POOL = 6
"""Calls served at once; each takes one connection to look and one to write the log."""
WAIT = 3.0


class DatabaseAway(Exception):
    """The database does not answer in time."""


class Database:
    """Two pools: `acting` for the transaction in which the asker is bound, `ledger` for what must be committed at once."""

    def __init__(self, dsn: str) -> None:
        options = {"options": "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"}
        check = ConnectionPool.check_connection
        self._pools = [
            ConnectionPool(dsn, kwargs=options, min_size=1, max_size=POOL, timeout=WAIT, open=False, check=check, name=name)
            for name in ("acting", "ledger")
        ]

    def open(self) -> None:
        """Start connecting, without waiting for the database."""
        for pool in self._pools:
            pool.open(wait=False)

    def close(self) -> None:
        """End all connections."""
        for pool in self._pools:
            pool.close(timeout=1)

    @contextmanager
    def acting(self) -> Iterator[psycopg.Connection]:
        """A transaction to look in; committed at the end, so that the binding of the asker ends with it."""
        with self._connection(0) as connection:
            yield connection

    @contextmanager
    def ledger(self) -> Iterator[psycopg.Connection]:
        """A transaction to write in; what it wrote is on disk when the block is left."""
        with self._connection(1) as connection:
            yield connection

    @contextmanager
    def _connection(self, number: int) -> Iterator[psycopg.Connection]:
        try:
            with self._pools[number].connection() as connection:
                yield connection
        except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError):
            raise DatabaseAway from None


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key as it stands in its table."""

    version: int
    wrapped: bytes
    key_version: int


def bound(person: UUID, compartment: str, version: int) -> bytes:
    """What a wrapped data key is bound to; the wrapping key's version is not part of it, its key is."""
    return crypto.context("data key", str(person), compartment, version)


def data_key(connection: psycopg.Connection, ring: Keyring, person: UUID, compartment: str) -> bytes | None:
    """The data key of a person's compartment, unwrapped; None when there is none (never sealed, or erased)."""
    row = connection.execute(
        "SELECT version, wrapped, key_version FROM vault_key WHERE person = %s AND compartment = %s FOR SHARE", [person, compartment]
    ).fetchone()
    return None if row is None else unwrap(ring, person, compartment, DataKey(*row))


def unwrap(ring: Keyring, person: UUID, compartment: str, key: DataKey) -> bytes:
    """The data key itself. Raises Tampered when the row was moved or changed."""
    return crypto.unseal(ring.key(compartment, key.key_version), bytes(key.wrapped), bound(person, compartment, key.version))


def ensure_key(connection: psycopg.Connection, ring: Keyring, person: UUID, compartment: str) -> bytes | None:
    """The data key, made when there is none; None for a person who was erased. Two at once get the same key."""
    found = data_key(connection, ring, person, compartment)
    if found is not None:
        return found
    if is_shredded(connection, person):
        return None
    key_version = ring.version(compartment)
    wrapped = crypto.seal(ring.key(compartment, key_version), crypto.new_key(), bound(person, compartment, 1))
    connection.execute(
        "INSERT INTO vault_key (person, compartment, version, wrapped, key_version) VALUES (%s, %s, 1, %s, %s) ON CONFLICT DO NOTHING",
        [person, compartment, wrapped, key_version],
    )
    return data_key(connection, ring, person, compartment)


def is_shredded(connection: psycopg.Connection, person: UUID) -> bool:
    """Whether the person was erased; waits for an erasure under way."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 4))", [str(person)])
    return connection.execute("SELECT 1 FROM vault_shredded WHERE person = %s", [person]).fetchone() is not None


def destroy(connection: psycopg.Connection, person: UUID, reference: str) -> int | None:
    """Take a person's keys and index rows away; gives how many data keys were destroyed, None when nothing was left to do."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4))", [str(person)])
    keys = connection.execute("DELETE FROM vault_key WHERE person = %s", [person]).rowcount
    connection.execute("DELETE FROM vault_token t USING vault_face f WHERE f.person = %s AND t.slot = f.slot", [person])
    rows = keys
    for table in ("vault_face", "vault_blind", "vault_notice"):
        rows += connection.execute(f"DELETE FROM {table} WHERE person = %s", [person]).rowcount  # noqa: S608 - three fixed names
    new = connection.execute(
        "INSERT INTO vault_shredded (person, reference) VALUES (%s, %s) ON CONFLICT DO NOTHING", [person, reference]
    ).rowcount
    return keys if rows or new else None


def rewrap(
    connection: psycopg.Connection, ring: Keyring, compartment: str, to: int, after: UUID, batch: int = 2000
) -> tuple[int, int, UUID | None]:
    """Wrap up to `batch` data keys of a compartment, beyond a person, under a newer key; the data itself is not touched.

    Gives how many were wrapped, how many could not be read (their rows stay as they are), and the last person; None when none were left.
    """
    rows = connection.execute(
        "SELECT person, version, wrapped, key_version FROM vault_key WHERE compartment = %s AND key_version < %s AND person > %s"
        " ORDER BY person LIMIT %s FOR UPDATE",
        [compartment, to, after, batch],
    ).fetchall()
    key, fresh = ring.key(compartment, to), []
    for person, version, wrapped, old in rows:
        with suppress(crypto.Tampered):
            data = unwrap(ring, person, compartment, DataKey(version, wrapped, old))
            fresh.append((crypto.seal(key, data, bound(person, compartment, version)), person))
    connection.execute(
        "UPDATE vault_key k SET wrapped = n.wrapped, key_version = %s FROM unnest(%s::bytea[], %s::uuid[]) AS n(wrapped, person)"
        " WHERE k.person = n.person AND k.compartment = %s",
        [to, [w for w, _ in fresh], [p for _, p in fresh], compartment],
    )
    return len(fresh), len(rows) - len(fresh), rows[-1][0] if rows else None
