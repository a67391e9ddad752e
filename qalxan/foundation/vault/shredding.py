"""The shred list: who was erased, kept in a file beside the keys so that no restore of a database brings a person back.

One line for each erasure: the person's id, the moment, the reference of the decision. Lines are only added, and reach the disk before the
first key is destroyed: should the broker die in between, its next start finishes the erasure from this list.
"""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from qalxan.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Shred:
    """An erasure: the person, when it was ordered, and the reference of the decision (a code)."""

    person: UUID
    at: dt.datetime
    reference: str

    def line(self) -> str:
        """The line of the list."""
        return f"{self.person} {self.at.isoformat()} {self.reference}\n"


class ShredList:
    """The list in a file (0600). Raises BadInput for a line it cannot read: an unreadable erasure must stop a restore, not pass."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[UUID, Shred]:
        """Every erasure by person; the first line of a person counts."""
        try:
            return parse(self.path.read_bytes(), self.path.name)
        except FileNotFoundError:
            return {}

    def add(self, shred: Shred) -> None:
        """Add a line and wait until the disk holds it."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, shred.line().encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(self.path.parent)

    def join(self, other: dict[UUID, Shred]) -> int:
        """Add what another list holds beyond this one; gives how many were added."""
        known = self.read()
        added = [shred for person, shred in other.items() if person not in known]
        for shred in added:
            self.add(shred)
        return len(added)


def parse(written: bytes, name: str) -> dict[UUID, Shred]:
    """Every erasure of a list's bytes by person; the first line of a person counts. Raises BadInput for a line that is none."""
    found: dict[UUID, Shred] = {}
    for number, line in enumerate(written.splitlines(), 1):
        try:
            person, at, reference = line.decode("ascii").split(" ")
            shred = Shred(UUID(person), dt.datetime.fromisoformat(at), reference)
        except ValueError:
            raise BadInput("this line is no erasure", f"{name}, line {number}", "Mend it by the certificate in the log") from None
        found.setdefault(shred.person, shred)
    return found


def sync_folder(folder: Path) -> None:
    """Wait until the disk holds a folder's names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
