"""What the sequencer keeps outside the database, where the database's administrator does not write: its key, each leaf, its last head."""

import os
import secrets
from array import array
from pathlib import Path

from config.env import home
from qalxan.kernel.checkpoints import BadNote, Signer, read_skey
from qalxan.kernel.errors import BadInput

RECORD = 40
"""Bytes of a leaf in the file: its entry's id (8, big-endian) and its hash (32)."""


class Aside:
    """A folder of the sequencer's own: `key` (0600), `leaves` (40 bytes each, in order), `head` (the last note it published)."""

    def __init__(self, folder: Path | None = None) -> None:
        named = os.environ.get("QALXAN_LOG_FOLDER")
        self.folder = folder or (Path(named) if named else home() / "log")

    def signer(self) -> Signer:
        """The signing key, made at the first call. The log's name comes from QALXAN_LOG_ORIGIN, else it is drawn once.

        Raises BadInput when the file is no key or others can read it.
        """
        self._folder()
        path = self.folder / "key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self._read(path)
        origin = os.environ.get("QALXAN_LOG_ORIGIN") or f"qalxan.invalid/log/{secrets.token_hex(4)}"
        made = Signer(origin, secrets.token_bytes(32))
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(made.skey() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        return made

    @staticmethod
    def _read(path: Path) -> Signer:
        if path.stat().st_mode & 0o077:
            raise BadInput("others can read the log's signing key", str(path), "Set its rights to 0600")
        try:
            return read_skey(path.read_text(encoding="utf-8"))
        except (BadNote, UnicodeDecodeError) as fault:
            raise BadInput(f"the log's signing key cannot be used ({fault})", str(path), "Put the right file back") from None

    def head(self) -> str | None:
        """The last note the sequencer published."""
        try:
            return (self.folder / "head").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def keep_head(self, note: str) -> None:
        """Keep a note, whole or not at all."""
        self._folder()
        fresh = self.folder / "head.new"
        with fresh.open("w", encoding="utf-8") as stream:
            stream.write(note)
            stream.flush()
            os.fsync(stream.fileno())
        fresh.replace(self.folder / "head")

    def keep_leaves(self, leaves: list[tuple[int, bytes]]) -> None:
        """Add leaves (entry id, hash) at the end."""
        if not leaves:
            return
        self._folder()
        with (self.folder / "leaves").open("ab") as stream:
            if torn := stream.tell() % RECORD:  # a crash in the midst of a record: it was never whole
                stream.truncate(stream.tell() - torn)
            stream.write(b"".join(entry.to_bytes(8, "big") + leaf for entry, leaf in leaves))
            stream.flush()
            os.fsync(stream.fileno())

    def leaves(self) -> "Leaves":
        """All leaves kept so far."""
        try:
            return Leaves((self.folder / "leaves").read_bytes())
        except FileNotFoundError:
            return Leaves(b"")

    def _folder(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)


class Leaves:
    """Leaves as kept in the file."""

    def __init__(self, data: bytes) -> None:
        self.data, self.count = data, len(data) // RECORD

    def at(self, seq: int) -> tuple[int, bytes] | None:
        """Entry id and hash of a leaf, None beyond the end."""
        if not 0 <= seq < self.count:
            return None
        record = self.data[seq * RECORD : (seq + 1) * RECORD]
        return int.from_bytes(record[:8], "big"), record[8:]

    def entries(self) -> "array[int]":
        """The entries' ids in order."""
        found = array("q", bytes(8 * self.count))
        for seq in range(self.count):
            found[seq] = int.from_bytes(self.data[seq * RECORD : seq * RECORD + 8], "big")
        return found
