"""Dates, names and measures as people read them in their language."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils import formats
from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.kernel.names import lower
from qalxan.modules.plans.public import MeasureRef, measure_index


def day_words(day: dt.date | None) -> str:
    """A date such as "21 noyabr 2026"; empty for none."""
    return formats.date_format(day, "DATE_FORMAT") if day else ""


def written_words(written: str) -> str:
    """A date as precise as its source: "2023", "may 2023", or the full day."""
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    if len(parts) == 3:
        return day_words(dt.date(*parts))
    month = formats.date_format(dt.date(parts[0], parts[1], 1), "F Y")
    return month if get_language() == "en" else lower(month)


def in_language(row: Any, field: str) -> str:
    """A field kept in three languages, in the reader's, else in Azerbaijani."""
    return str(getattr(row, f"{field}_{get_language() or 'az'}", "") or getattr(row, f"{field}_az"))


def measures_of(actor: Actor, links: type[Model], owner: str, ids: Iterable[int]) -> dict[int, list[MeasureRef]]:
    """Row id → its measures, through the table that ties them (`Task.measures.through`, "task"); two queries."""
    pairs = list(links._default_manager.filter(**{f"{owner}__in": list(ids)}).values_list(f"{owner}_id", "measure_id"))
    found: dict[int, list[MeasureRef]] = defaultdict(list)
    for measure in measure_index(actor, {measure for _, measure in pairs}):
        for row, linked in pairs:
            if linked == measure.id:
                found[row].append(measure)
    return found


def measure_choices(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """All measures for a form, in groups by plan."""
    plans: dict[str, list[tuple[str, str]]] = {}
    for m in measure_index(actor):
        plans.setdefault(m.plan, []).append((str(m.id), f"{m.label} {m.title}"))
    return list(plans.items())
