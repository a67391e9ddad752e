"""Indicators as data: defined, and defined again without harm."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.modules.reporting.models import Indicator

_FIELDS = ("label_az", "label_en", "label_ru", "definition_az", "definition_en", "definition_ru", "unit", "dimensions")


@transaction.atomic
def set_indicators(*, actor: Actor, now: dt.datetime, rows: list[dict[str, Any]]) -> int:
    """Define indicators by code, all or none; gives how many were new or changed. Rows are checked by the caller. Raises Refused.

    A row holds code, label_*, definition_*, unit (of `choices.Unit`) and dimensions (names of `qalxan.kernel.figures.DIMENSIONS`).
    """
    require(actor, Permission.INDICATOR_EDIT)
    known = {i.code: i for i in Indicator.objects.select_for_update().filter(code__in=[row["code"] for row in rows])}
    changed = 0
    for row in rows:
        values = {name: row[name] for name in _FIELDS}
        indicator = known.get(row["code"])
        if indicator is None:
            Indicator.objects.create(code=row["code"], **values)
        elif any(getattr(indicator, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(indicator, name, value)
            indicator.save(update_fields=list(_FIELDS))
        else:
            continue
        changed += 1
        record(actor.user_id, AuditEvent.INDICATOR_SET, f"indicator:{row['code']}")
    return changed


@dataclass(frozen=True, slots=True)
class IndicatorWords:
    """An indicator in the reader's language."""

    code: str
    label: str
    definition: str
    unit: str
    unit_label: str
    dimensions: tuple[str, ...]


def indicator_words() -> dict[str, IndicatorWords]:
    """Every indicator by its code, in the reader's language; one query. Definitions are no secret of anyone."""
    language = get_language() or "az"
    found = {}
    for i in Indicator.objects.order_by("code"):
        label, definition = getattr(i, f"label_{language}", "") or i.label_az, getattr(i, f"definition_{language}", "") or i.definition_az
        found[i.code] = IndicatorWords(i.code, label, definition, i.unit, i.get_unit_display(), tuple(i.dimensions))
    return found
