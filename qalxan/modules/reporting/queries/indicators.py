"""What is counted, and by whom."""

from dataclasses import dataclass
from decimal import Decimal

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.names import search_key
from qalxan.modules.reporting.models import Indicator
from qalxan.modules.reporting.queries.rows import body_names
from qalxan.modules.reporting.queries.words import key_words, local


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator with who counts it."""

    code: str
    label: str
    definition: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    measures: tuple[tuple[str, str, int], ...]
    counters: tuple[tuple[str, str], ...]


def indicator_rows(actor: Actor, text: str = "") -> list[IndicatorRow]:
    """Every indicator, or those whose name holds the words; four queries."""
    require(actor, Permission.BOARD_VIEW)
    bodies, wanted = body_names(), search_key(text)
    found = []
    for i in Indicator.objects.prefetch_related("measures__plan", "counters"):
        label = local(i, "label")
        if wanted and wanted not in search_key(f"{label} {i.code}"):
            continue
        measures = tuple((m.plan.code, m.number or "-", m.occurrence) for m in i.measures.all())
        counters = tuple(sorted((bodies.get(c.body_id, c.body_id), key_words(c.slice)) for c in i.counters.all()))
        found.append(
            IndicatorRow(i.code, label, local(i, "definition"), str(i.get_unit_display()), i.baseline, i.target, measures, counters)
        )
    return found
