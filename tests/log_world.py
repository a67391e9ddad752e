"""A log of its own for a test: temporary tables that stand before the real ones, without triggers, as an administrator would want them."""

import datetime as dt
import json
import uuid
from pathlib import Path

import psycopg
from django.db import connections

from config.postgres import OWNER, server
from qalxan.foundation.audit.aside import Aside, Leaves
from qalxan.foundation.audit.canonical import COLUMNS, START, hash_of, link
from qalxan.foundation.audit.sequencer import Sequencer
from qalxan.foundation.audit.verify import Report, verify
from qalxan.kernel.checkpoints import Checkpoint, Signer, signed
from qalxan.kernel.merkle import Frontier

TABLES = ("audit_entry", "audit_pending", "audit_leaf", "audit_node", "audit_head", "audit_key")


def dsn(role: str) -> str:
    """The test database as a role."""
    return server().dsn(role, connections["default"].settings_dict["NAME"])


def as_role(role: str) -> psycopg.Connection:
    """A connection in autocommit as a role."""
    return psycopg.connect(dsn(role), autocommit=True)


class World:
    """A small log, its sequencer, and an administrator who may change any table of the database."""

    def __init__(self, folder: Path) -> None:
        self.connection = as_role(OWNER)
        for name in TABLES:
            self.connection.execute(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING ALL)")
        self.aside = Aside(folder)
        self.signer = self.aside.signer()
        self.next = 1
        self.now = 0.0
        self.sequencer = self.started()

    def started(self) -> Sequencer:
        """A sequencer that has read the log."""
        made = Sequencer(self.connection, self.signer, self.aside)
        made.load()
        return made

    def write(self, many: int = 1) -> None:
        """Rows as `audit_append` writes them."""
        for _ in range(many):
            self.row(self.next)
            self.connection.execute("INSERT INTO audit_pending VALUES (%s)", [self.next])
            self.next += 1

    def row(self, entry: int, at: dt.datetime | None = None) -> None:
        """A row alone."""
        self.connection.execute(
            'INSERT INTO audit_entry (id, at, "user", event, subject, detail, kind, compartment, purpose, salt)'
            " VALUES (%s, coalesce(%s, clock_timestamp()), 1, 'vault.open', 'item:1', %s, 'entry', '', '', %s)",
            [entry, at, json.dumps({"n": entry}), uuid.uuid4()],
        )

    def chain(self, *, head: bool = False) -> None:
        """Let the sequencer work; `head` makes a minute pass."""
        self.now += 61 if head else 0
        while self.sequencer.step(self.now):
            pass

    def verify(self, *, copy: bool = True, notes: list[str] | None = None) -> Report:
        """What verification finds, with or without the sequencer's copy of the leaves."""
        kept = self.aside.leaves() if copy else Leaves(b"")
        return verify(self.connection, self.signer.verifier(), notes=notes, kept=kept)

    def entries(self) -> list[int]:
        """The entries in the order of the chain."""
        return [entry for (entry,) in self.connection.execute("SELECT entry FROM audit_leaf ORDER BY seq")]

    def rebuild(self, order: list[int], *, heads: Signer | None = None) -> None:
        """Write the whole chain anew over these entries, as a skilled administrator would; with a stolen key the heads too."""
        rows = {row[0]: row for row in self.connection.execute(f"SELECT {COLUMNS} FROM audit_entry e")}
        sizes = [size for (size,) in self.connection.execute("SELECT size FROM audit_head ORDER BY size")]
        tree, chain, made, roots = Frontier(), START, [], {}
        for entry in order:
            leaf = hash_of(rows[entry])
            chain = link(chain, leaf)
            made.append((tree.size, entry, leaf, chain))
            tree.append(leaf)
            roots[tree.size] = tree.root()
        self.connection.execute("DELETE FROM audit_leaf")
        self.connection.cursor().executemany("INSERT INTO audit_leaf VALUES (%s, %s, %s, %s)", [(s, le, c, e) for s, e, le, c in made])
        if heads:
            for size in sizes:
                if size in roots:
                    note = signed(Checkpoint(heads.name, size, roots[size]), heads)
                    self.connection.execute("UPDATE audit_head SET root = %s, note = %s WHERE size = %s", [roots[size], note, size])
                else:
                    self.connection.execute("DELETE FROM audit_head WHERE size = %s", [size])

    def close(self) -> None:
        """End the world."""
        self.connection.close()
