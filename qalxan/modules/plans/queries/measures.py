"""A short index of measures, for other modules that tie their own records to them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.modules.plans.models import Measure
from qalxan.modules.plans.queries.words import measure_label, short


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """A measure in a list: its id, plan, number ("-" where the act prints none), occurrence, and label and title as people read them."""

    id: int
    plan: str
    number: str
    occurrence: int
    label: str
    title: str


def measure_index(actor: Actor, ids: Collection[int] | None = None) -> list[MeasureRef]:
    """The measures of plans in force (only those of `ids` when given), newest plan first, in printed order; one query."""
    require(actor, Permission.PLAN_VIEW)
    language = get_language() or "az"
    found = Measure.objects.order_by("-plan__first_year", "plan__code", "position")
    if ids is not None:
        found = found.filter(id__in=ids)
    rows = found.values("id", "plan__code", "number", "occurrence", f"short_{language}", "short_az", "search")
    return [
        MeasureRef(
            r["id"], r["plan__code"], r["number"] or "-", r["occurrence"], measure_label(r["number"], r["occurrence"]),
            r[f"short_{language}"] or r["short_az"] or short(r["search"]),
        )
        for r in rows
    ]  # fmt: skip
