"""Does the log say today what it said when it was written? Finds edits, deletions, insertions, changed order, a cut tail and forks.

Four things are compared: the rows, their hashes in the chain and tree, the signed heads, and what stands outside the database (the
sequencer's own copy of the leaves, heads that witnesses keep). Who changes the rows must change all four to stay unseen.
"""

import datetime as dt
from array import array
from dataclasses import dataclass, field
from typing import Any

import psycopg

from qalxan.foundation.audit.aside import Leaves
from qalxan.foundation.audit.canonical import COLUMNS, START, hash_of, link
from qalxan.foundation.audit.sequencer import EVERY_ROWS, TILE, restored
from qalxan.kernel.checkpoints import BadNote, Verifier, opened
from qalxan.kernel.merkle import Frontier

LATE = dt.timedelta(hours=1)
"""How much older than the head before it a row may say it is: a transaction may take a while, not an hour."""
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was: `kind` is edited, deleted, inserted, reordered, cut, forked or damaged.

    `entry` and `seq` name the row where one row can be named; `first` to `last` are the places between which the fault lies otherwise.
    """

    kind: str
    what: str
    entry: int | None = None
    seq: int | None = None
    first: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Report:
    """What a verification found: rows chained, rows under a good head, rows that wait for the sequencer, entries a restore lost, faults."""

    size: int = 0
    signed: int = 0
    waiting: int = 0
    root: bytes = b""
    lost: set[int] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)


def verify(connection: psycopg.Connection, key: Verifier, *, notes: list[str] | None = None, kept: Leaves | None = None) -> Report:
    """Check the whole log in one pass. `notes` are heads from outside (a witness's, the sequencer's), `kept` the sequencer's leaves.

    Needs to read the audit tables only. Memory: two numbers for a row.
    """
    return _Walk(connection, key, notes or [], kept or Leaves(b"")).report()


class _Walk:
    """One pass over the log."""

    def __init__(self, connection: psycopg.Connection, key: Verifier, notes: list[str], kept: Leaves) -> None:
        self.connection, self.kept, self.found = connection, kept, Report()
        self.tree, self.chain, self.entries = Frontier(), START, array("q")
        self.differs: list[int] = []
        self.edited: set[int] = set()
        self.forked = False
        self.lost = restored(connection)
        self.lost_at: list[int] = []
        self.gaps: list[tuple[int, int]] = []
        self.roots: dict[int, bytes] = {}
        self.head_times: list[tuple[int, dt.datetime]] = []
        self._heads(key, notes)
        self.nodes = {(level, place): bytes(value) for level, place, value in self._ask("SELECT level, place, hash FROM audit_node")}

    def report(self) -> Report:
        with self.connection.transaction(), self.connection.cursor("walk") as rows:
            rows.itersize = 5_000
            for row in rows.execute(
                f"SELECT l.seq, l.entry, l.leaf_hash, l.chain_hash, {COLUMNS} FROM audit_leaf l"  # noqa: S608 - our own columns
                " LEFT JOIN audit_entry e ON e.id = l.entry ORDER BY l.seq"
            ):
                self._row(row)
        self.found.size, self.found.root = self.tree.size, self.tree.root()
        for before, size in self.gaps:
            if not any(before <= seq < size for seq in self.lost_at):  # a restore takes heads with the rows they signed
                self._fault("damaged", f"heads are missing between sizes {before} and {size}", first=before, last=size - 1)
        self._against_copy()
        self._beyond()
        self._outside_the_chain()
        order = {kind: n for n, kind in enumerate(("edited", "deleted", "inserted", "reordered", "cut", "forked", "damaged"))}
        self.found.faults.sort(key=lambda fault: order[fault.kind])
        return self.found

    def _fault(self, kind: str, what: str, **place: int | None) -> None:
        if len(self.found.faults) < MOST_FAULTS:
            self.found.faults.append(Fault(kind, what, **place))

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values).fetchall()

    def _heads(self, key: Verifier, notes: list[str]) -> None:
        """All heads, ours and those from outside: signed by the key, and never two roots for one size."""
        before = 0
        for size, root, note, at in self._ask("SELECT size, root, note, at FROM audit_head ORDER BY size"):
            self._head(key, note, "the database", size, bytes(root))
            self.head_times.append((size, at))
            if size - before > EVERY_ROWS:
                self.gaps.append((before, size))
            before = size
        for number, note in enumerate(notes, 1):
            self._head(key, note, f"head {number} from outside")

    def _head(self, key: Verifier, note: str, where: str, size: int | None = None, root: bytes | None = None) -> None:
        try:
            head = opened(note, key)
        except BadNote as fault:
            self._fault("forked", f"{where}: a head {'' if size is None else f'of size {size} '}cannot be trusted: {fault}", last=size)
            return
        if (size is not None and size != head.size) or (root is not None and root != head.root):
            self._fault("forked", f"{where}: the head of size {size} does not say what its note says", last=size)
        if self.roots.setdefault(head.size, head.root) != head.root:
            self._fault("forked", f"{where}: two heads of size {head.size} were signed with different roots", last=head.size)

    def _row(self, row: tuple[Any, ...]) -> None:
        seq, entry, leaf, chain = row[0], row[1], bytes(row[2]), bytes(row[3])
        if seq - self.tree.size > MOST_FAULTS:  # a made-up place must not make us fill the way to it
            self._fault("damaged", f"the chain leaps from {self.tree.size} to {seq}", entry=entry, seq=self.tree.size)
        while self.tree.size < seq <= self.tree.size + MOST_FAULTS:
            self._missing(self.tree.size)
        if row[4] is None and self.kept.at(seq) == (entry, leaf) and any(entry in span for span in self.lost):
            self.found.lost.add(entry)
            self.lost_at.append(seq)
        elif row[4] is None:
            self._fault("deleted", f"entry {entry} was deleted", entry=entry, seq=seq)
        elif hash_of(row[4:]) != leaf:
            self.edited.add(entry)
            self._fault("edited", f"entry {entry} was changed", entry=entry, seq=seq)
        elif self.head_times and (before := self._head_before(seq)) and row[5] < before - LATE:
            self._fault(
                "inserted", f"entry {entry} says it is older than the head before it: it was added afterwards", entry=entry, seq=seq
            )
        if self.kept.at(seq) not in (None, (entry, leaf)):
            self.differs.append(seq)
        if link(self.chain, leaf) != chain:
            self._fault("damaged", f"the chain breaks at entry {entry}", entry=entry, seq=seq)
        self.chain = chain
        self._grow(entry, leaf)

    def _missing(self, seq: int) -> None:
        """A place in the chain without its leaf; the sequencer's copy may know whose it was."""
        before = self.kept.at(seq)
        told = f"entry {before[0]} was taken out of the chain" if before else f"a leaf was taken out of the chain at {seq}"
        self._fault("deleted", told, entry=before[0] if before else None, seq=seq)
        self._grow(before[0] if before else 0, before[1] if before else bytes(32))

    def _head_before(self, seq: int) -> dt.datetime | None:
        latest = None
        while self.head_times and self.head_times[0][0] <= seq:
            latest = self.head_times[0][1]
            if len(self.head_times) == 1 or self.head_times[1][0] > seq:
                break
            self.head_times.pop(0)
        return latest

    def _grow(self, entry: int, leaf: bytes) -> None:
        filled = self.tree.append(leaf)
        self.entries.append(entry)
        for height in range(TILE, len(filled), TILE):
            at = (height // TILE, (self.tree.size >> height) - 1)
            if self.nodes.get(at) != filled[height]:
                self._fault("damaged", f"the kept hash {at[0]}/{at[1]} is wrong: proofs would not hold", seq=self.tree.size - 1)
        root = self.roots.pop(self.tree.size, None)
        if root is None or self.forked:
            return
        if root == self.tree.root():
            self.found.signed = self.tree.size
            return
        self.forked = True
        first, last = self.found.signed, self.tree.size - 1
        self._fault("forked", f"rows {first} to {last} are not those that were signed", first=first, last=last)

    def _against_copy(self) -> None:
        """Where the chain itself is not the one the sequencer kept: which entries came in, went, or moved."""
        if not self.differs:
            return
        then, now = self.kept.entries(), self.entries
        before, after = set(then), set(now)
        for seq, entry in enumerate(now[: len(then)]):
            if entry not in before:
                self._fault("inserted", f"entry {entry} was put into the chain afterwards", entry=entry, seq=seq)
        for seq, entry in enumerate(then):
            if entry not in after and seq < len(now):
                self._fault("deleted", f"entry {entry} was taken out of the chain", entry=entry, seq=seq)
        if before & after == before and not after - before - set(now[len(then) :]):
            for seq in self.differs:
                if now[seq] != then[seq]:
                    self._fault("reordered", f"entry {now[seq]} stands where entry {then[seq]} stood", entry=now[seq], seq=seq)
        for seq in self.differs:
            if now[seq] == then[seq] and now[seq] not in self.edited:
                self._fault("edited", f"entry {now[seq]} was changed together with its hash", entry=now[seq], seq=seq)

    def _beyond(self) -> None:
        """Heads and kept leaves past the end: the tail was cut."""
        size = self.tree.size
        past = self.kept.count > size
        here = set(self.entries) if past else set()
        for seq in range(size, min(self.kept.count, size + MOST_FAULTS)):
            if (lost := self.kept.at(seq)) and lost[0] not in here:
                self._fault("cut", f"entry {lost[0]} was cut off the end", entry=lost[0], seq=seq)
        if self.roots and (longest := max(self.roots)) > size and not past:
            self._fault("cut", f"{longest} rows were signed, {size} are here: the end was cut", first=size, last=longest - 1)

    def _outside_the_chain(self) -> None:
        """Rows that wait for the sequencer, and rows that do not: those came in beside the log, or were taken off its queue."""
        for entry, waits in self._ask(
            "SELECT e.id, p.entry IS NOT NULL FROM audit_entry e LEFT JOIN audit_leaf l ON l.entry = e.id"
            " LEFT JOIN audit_pending p ON p.entry = e.id WHERE l.entry IS NULL ORDER BY e.id"
        ):
            if waits:
                self.found.waiting += 1
            elif not self._known(entry):
                self._fault("inserted", f"entry {entry} stands beside the chain and does not wait for it", entry=entry)

    def _known(self, entry: int) -> bool:
        """Whether a fault tells of the entry already: taken out of the chain, it stands beside it."""
        return any(fault.entry == entry for fault in self.found.faults)
