"""The sequencer: chains committed rows in order, grows the tree, signs its heads. One process, its own database role, its own key.

Rows wait in `audit_pending`, which `audit_append` fills in the writer's transaction: a row that is not committed is not seen, and
one that commits late is seen late, so none is skipped however transactions overlap, and no writer waits for another.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

from qalxan.foundation.audit.aside import Aside, Leaves
from qalxan.foundation.audit.canonical import COLUMNS, START, hash_of, link
from qalxan.foundation.audit.events import AuditEvent
from qalxan.kernel.checkpoints import BadNote, Checkpoint, Signer, opened, signed
from qalxan.kernel.errors import BadInput
from qalxan.kernel.merkle import Frontier

EVERY_ROWS, EVERY_SECONDS = 1000, 60.0
"""A head is signed at least so often, whichever comes first."""
LEAP = 1_000_000
"""Ids that a restore leaves out after the backup's last entry, so that no row it lost shares its id with a later one."""
TILE = 8
"""Heights at which subtree roots are kept: 8, 16, 24 …, that is of 256, 65 536 … leaves."""


@dataclass
class Sequencer:
    """The state between two steps: the tree's frontier, the chain's last value, the last head."""

    connection: psycopg.Connection
    signer: Signer
    aside: Aside | None = None
    tree: Frontier = field(default_factory=Frontier)
    chain: bytes = START
    head_size: int = 0
    head_at: float = float("-inf")

    def load(self, *, short: bool = False) -> None:
        """Read the log as it stands, and refuse to go on from one that is not the log this key signed before. Raises BadInput.

        `short`: it may end before what was chained (`regrow` puts the end back).
        """
        with self.connection.transaction():
            self._key()
            heads = {
                size: (root, note) for size, root, note in self._ask("SELECT size, root, note FROM audit_head ORDER BY size DESC LIMIT 1")
            }
            wanted = [note for _, note in heads.values()] + ([last] if self.aside and (last := self.aside.head()) else [])
            signed_before = {head.size: head.root for head in map(self._opened, wanted)}
            kept = self.aside.leaves() if self.aside else None
            behind: list[tuple[int, bytes]] = []
            with self.connection.cursor("leaves") as rows:
                rows.itersize = 20_000
                for seq, entry, leaf, chain in rows.execute("SELECT seq, entry, leaf_hash, chain_hash FROM audit_leaf ORDER BY seq"):
                    if seq != self.tree.size or link(self.chain, leaf) != chain:
                        raise _broken(f"leaf {self.tree.size} is not what follows")
                    before = kept.at(seq) if kept else None
                    if before and before != (entry, leaf):
                        raise _broken(f"leaf {seq} is not the one that was chained")
                    if kept and before is None:
                        behind.append((entry, leaf))
                    self.tree.append(leaf)
                    self.chain = chain
                    if signed_before.pop(seq + 1, None) not in (None, self.tree.root()):
                        raise _broken(f"the head of size {seq + 1} does not fit")
        if not short and ([size for size in signed_before if size] or (kept and kept.count > self.tree.size)):
            raise BadInput(
                f"the log ends at row {self.tree.size}, before what was signed", "sequencer",
                "Nothing is signed. Run `qalxan audit verify`; where a restore lost the rows, `qalxan audit regrow`",
            )  # fmt: skip
        if self.aside:
            self.aside.keep_leaves(behind)
        self.head_size = max(heads, default=0)

    def step(self, now: float | None = None) -> int:
        """Chain what waits, up to the next due head, and sign it when it is due; gives the number of rows chained.

        `now` is seconds of a clock that only goes forward.
        """
        now = time.monotonic() if now is None else now
        with self.connection.transaction():
            rows = self._ask(
                f"SELECT {COLUMNS} FROM audit_pending p JOIN audit_entry e ON e.id = p.entry ORDER BY e.id LIMIT %s",  # noqa: S608 - our own columns
                EVERY_ROWS - (self.tree.size - self.head_size),
            )
            chained = [(row[0], hash_of(row)) for row in rows]
            tree, chain = self._chained(chained)
            due = tree.size - self.head_size >= EVERY_ROWS or (tree.size > self.head_size and now - self.head_at >= EVERY_SECONDS)
            note = self._sign(tree) if due else None
        self.tree, self.chain = tree, chain
        if self.aside:
            self.aside.keep_leaves(chained)
        if note:
            self.head_size, self.head_at = tree.size, now
            if self.aside:
                self.aside.keep_head(note)
        return len(chained)

    def regrow(self) -> int:
        """Put back the leaves, as hashes, of rows that a restore lost, from the copy beside the database; gives how many.

        The tree stays the one that was signed, so no head and no witness contradicts it. Raises BadInput for rows that no restore of this
        database lost.
        """
        self.load(short=True)
        kept, head = (self.aside.leaves(), self.aside.head()) if self.aside else (Leaves(b""), None)
        behind = [leaf for seq in range(self.tree.size, kept.count) if (leaf := kept.at(seq))]
        with self.connection.transaction():
            lost = restored(self.connection)
            here = {entry for (entry,) in self._ask("SELECT id FROM audit_entry WHERE id = ANY(%s)", [entry for entry, _ in behind])}
            unknown = [entry for entry, _ in behind if entry not in here and not any(entry in span for span in lost)]
            if unknown:
                raise BadInput(f"no restore lost entry {unknown[0]}", "audit regrow", "Run `qalxan audit verify`; nothing was changed")
            tree, _chain = self._chained(behind)
            if head and (last := self._opened(head)).size <= tree.size:
                self.connection.execute(
                    "INSERT INTO audit_head (size, root, note, at) SELECT %s, %s, %s, coalesce(max(at), 'epoch') FROM audit_head"
                    " ON CONFLICT DO NOTHING",
                    [last.size, last.root, head],
                )
        return len(behind)

    def _chained(self, rows: list[tuple[int, bytes]]) -> tuple[Frontier, bytes]:
        """Write rows (entry, hash) behind the last leaf; gives tree and chain as they are then."""
        tree, chain = Frontier(self.tree.size, list(self.tree.peaks)), self.chain
        leaves, nodes = [], []
        for entry, leaf in rows:
            chain = link(chain, leaf)
            leaves.append((tree.size, entry, leaf, chain))
            filled = tree.append(leaf)
            nodes += [(height // TILE, (tree.size >> height) - 1, filled[height]) for height in range(TILE, len(filled), TILE)]
        self._write(leaves, nodes)
        return tree, chain

    def _write(self, leaves: list[tuple[int, int, bytes, bytes]], nodes: list[tuple[int, int, bytes]]) -> None:
        if not leaves:
            return
        with self.connection.cursor() as cursor:
            with cursor.copy("COPY audit_leaf (seq, entry, leaf_hash, chain_hash) FROM STDIN") as into:
                for leaf in leaves:
                    into.write_row(leaf)
            if nodes:
                cursor.executemany("INSERT INTO audit_node (level, place, hash) VALUES (%s, %s, %s)", nodes)
            cursor.execute("DELETE FROM audit_pending WHERE entry = ANY(%s)", [[entry for _, entry, _, _ in leaves]])

    def _sign(self, tree: Frontier) -> str:
        root = tree.root()
        note = signed(Checkpoint(self.signer.name, tree.size, root), self.signer)
        self.connection.execute("INSERT INTO audit_head (size, root, note) VALUES (%s, %s, %s)", [tree.size, root, note])
        return note

    def _key(self) -> None:
        vkey = self.signer.verifier().vkey()
        if not self._ask("SELECT 1 FROM audit_key WHERE vkey = %s", vkey):
            self.connection.execute("INSERT INTO audit_key (vkey) VALUES (%s)", [vkey])

    def _opened(self, note: str) -> Checkpoint:
        try:
            return opened(note, self.signer.verifier())
        except BadNote as fault:
            raise _broken(str(fault)) from None

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values).fetchall()


def restored(connection: psycopg.Connection) -> list[range]:
    """The ids of entries that restores of this database may have lost: what came after the backup, as each restore wrote into the log."""
    rows = connection.execute("SELECT id, detail -> 'last' FROM audit_entry WHERE event = %s ORDER BY id", [AuditEvent.LOG_RESTORED.value])
    return [range(last + 1, id_) for id_, last in rows if isinstance(last, int) and id_ == last + LEAP + 1]


def _broken(what: str) -> BadInput:
    return BadInput(f"the log was changed: {what}", "sequencer", "Nothing is signed. Run `qalxan audit verify`")


def run(dsn: str, signer: Signer, aside: Aside, *, pause: float = 0.5) -> None:
    """Chain and sign until the process ends; a second sequencer waits until the first is gone. Raises psycopg.Error, BadInput."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('qalxan sequencer'))")
        sequencer = Sequencer(connection, signer, aside)
        sequencer.load()
        while True:
            if not sequencer.step():
                time.sleep(pause)
