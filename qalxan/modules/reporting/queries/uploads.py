"""What an uploaded workbook says."""

import datetime as dt
from dataclasses import dataclass

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.modules.reporting.models import Upload
from qalxan.modules.reporting.queries.rows import body_names


@dataclass(frozen=True)
class UploadPage:
    """An upload waiting for its person: good rows counted, bad cells by sheet, row and column."""

    id: int
    return_id: int
    body_name: str
    at: dt.datetime
    answers: int
    figures: int
    faults: tuple[tuple[str, int, str, str], ...]


def upload_page(actor: Actor, upload_id: int) -> UploadPage:
    """One's own upload. Raises Refused or Absent."""
    require(actor, Permission.RETURN_WRITE, f"upload:{upload_id}")
    found = Upload.objects.select_related("of").filter(id=upload_id, by_id=actor.user_id, settled_at=None).first()
    if found is None:
        raise Absent(f"upload:{upload_id}")
    faults = tuple((sheet, row, column, what) for sheet, row, column, what in found.faults)
    name = body_names().get(found.of.body_id, found.of.body_id)
    return UploadPage(found.id, found.of_id, name, found.at, len(found.rows["answers"]), len(found.rows["figures"]), faults)
