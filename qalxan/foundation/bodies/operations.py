"""Loading the registry of bodies."""

import hashlib
from pathlib import Path

from django.db import transaction

from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.models import Entry
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body, BodyAlias, BodyName, BodyParent
from qalxan.kernel.bodies import BodyRecord, load_registry
from qalxan.kernel.names import sort_key

DATA = Path(__file__).parent / "data"
FILES = ("bodies.csv", "local_executives.csv")


@transaction.atomic
def load_bodies() -> int:
    """Bring the shipped registry into the database: new bodies are added, shipped ones brought up to date; gives the number of bodies.

    Files that were the last to be loaded are not loaded again.

    Names that were shipped before under other dates stay as history; nothing is deleted. Raises BadInput for a faulty file.
    """
    mark = hashlib.sha256(b"".join((DATA / name).read_bytes() for name in FILES)).hexdigest()
    if Entry.objects.filter(event=AuditEvent.BODIES_LOADED.value).order_by("-id").values_list("detail__mark", flat=True).first() == mark:
        return Body.objects.count()
    records = load_registry(*(DATA / name for name in FILES)).records
    for item in records:
        Body.objects.update_or_create(
            code=item.code, defaults={"kind": item.kind, "valid_from": item.valid_from, "valid_to": item.valid_to}
        )
    for item in records:
        _details(item)
    record(None, AuditEvent.BODIES_LOADED, "bodies", count=len(records), mark=mark)
    return len(records)


def _details(item: BodyRecord) -> None:
    if item.successor:
        Body.objects.filter(code=item.code).update(successor=item.successor)
    BodyName.objects.update_or_create(
        body_id=item.code,
        valid_from=item.valid_from,
        defaults={
            "az": item.name_az,
            "en": item.name_en,
            "ru": item.name_ru,
            "valid_to": item.valid_to,
            "sort_key": sort_key(item.name_az),
        },
    )
    if item.parent:
        BodyParent.objects.get_or_create(body_id=item.code, parent_id=item.parent)
    for text, short in [*((a, False) for a in item.aliases), *((a, True) for a in item.abbreviations)]:
        BodyAlias.objects.get_or_create(body_id=item.code, text=text, is_abbreviation=short)
