"""Reading stored files, for modules that have checked who may."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.files.models import StoredContent, StoredFile


@dataclass(frozen=True, slots=True)
class Content:
    """A stored file to be handed out: always as an attachment (`webkit.downloads.attachment`)."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Described:
    """What is told of a stored file in a list; `size` in bytes, `sha256` of the stored bytes."""

    id: uuid.UUID
    name: str
    kind: str
    size: int
    sha256: str
    stored_at: dt.datetime
    stored_by: int | None


def content(file_id: uuid.UUID) -> Content:
    """A file with its bytes. Checks no right: the module that asks has done so. Raises Absent."""
    row = StoredContent.objects.select_related("file").filter(file_id=file_id).first()
    if row is None:
        raise Absent
    return Content(row.file.name, row.file.media_type, bytes(row.data))


def described(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Described]:
    """What is told of each file, by id, in one query and without bytes; unknown ids are left out. Checks no right."""
    rows = StoredFile.objects.filter(id__in=list(ids))
    return {r.id: Described(r.id, r.name, r.kind, r.size, r.sha256, r.stored_at, r.stored_by_id) for r in rows}
