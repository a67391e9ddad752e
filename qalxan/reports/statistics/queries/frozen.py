"""Figures as an edition freezes them: everything a reader may ask of a number later, in three languages, as plain data."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import translation

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.foundation.bodies.queries import names
from qalxan.kernel.figures import Slot, settle
from qalxan.modules.reporting.choices import Unit
from qalxan.modules.reporting.public import indicator_words
from qalxan.reports.statistics.models import Choice, Fact
from qalxan.reports.statistics.queries.current import Period, fact_value, standing_facts
from qalxan.webkit.words import KeyWords

LANGUAGES = ("az", "en", "ru")


def plain(value: Decimal | None) -> str | None:
    """A number as text that no reader of JSON rounds."""
    return None if value is None else format(value.normalize() + 0, "f")


def frozen(actor: Actor, years: Iterable[int]) -> list[dict[str, Any]]:
    """Every figure that stands for the years, settled or disputed, in a fixed order; a constant number of queries. Raises Refused."""
    require(actor, Permission.FACT_VIEW)
    condition = Q(year__in=list(years))
    grouped: dict[tuple[Slot, Period], list[Fact]] = {}
    for fact in standing_facts(condition):
        grouped.setdefault((Slot(fact.indicator_id, fact.key, fact.year), (fact.period_start, fact.period_end)), []).append(fact)
    choices = {c.fact_id: c for c in Choice.objects.filter(fact__in=[f.id for group in grouped.values() for f in group]).order_by("id")}
    known = _Known({f.approved_by_id for group in grouped.values() for f in group if f.approved_by_id})
    rows = [_row(slot, period, facts, choices, known) for (slot, period), facts in grouped.items()]
    return sorted(rows, key=lambda r: (r["code"], r["year"], r["key"], r["from"] or ""))


class _Known:
    """What the rows need, read once: definitions, splits, bodies and approvers in three languages."""

    def __init__(self, approvers: set[int]) -> None:
        self.indicators = {}
        for language in LANGUAGES:
            with translation.override(language):
                self.indicators[language] = indicator_words()
        self.bodies = {language: names(language) for language in LANGUAGES}
        self.people = names_of(approvers)
        self._units: dict[str, dict[str, str]] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self._words: dict[str, KeyWords] = {}

    def unit(self, code: str) -> dict[str, str]:
        """A unit in three languages."""
        if code not in self._units:
            self._units[code] = {}
            for language in LANGUAGES:
                with translation.override(language):
                    self._units[code][language] = str(Unit(code).label)
        return self._units[code]

    def key(self, key: str) -> dict[str, str]:
        """A split in three languages."""
        if key not in self._keys:
            self._keys[key] = {}
            for language in LANGUAGES:
                with translation.override(language):
                    self._keys[key][language] = self._words.setdefault(language, KeyWords()).key(key)
        return self._keys[key]


def _row(slot: Slot, period: Period, facts: list[Fact], choices: dict[int, Choice], known: _Known) -> dict[str, Any]:
    newest = max((c for f in facts if (c := choices.get(f.id))), key=lambda c: c.id, default=None)
    settled = settle([fact_value(f) for f in facts], newest.fact_id if newest else None)
    taken = settled.fact.id if settled.fact else None
    unit = known.indicators["az"][slot.indicator].unit
    return {
        "code": slot.indicator,
        "key": slot.key,
        "year": slot.year,
        "from": period[0].isoformat() if period[0] else None,
        "to": period[1].isoformat() if period[1] else None,
        "label": {language: known.indicators[language][slot.indicator].label for language in LANGUAGES},
        "definition": {language: known.indicators[language][slot.indicator].definition for language in LANGUAGES},
        "split": known.key(slot.key),
        "unit": unit,
        "unit_label": known.unit(unit),
        "standing": settled.standing.value,
        "reason": newest.reason if newest and newest.fact_id == taken else "",
        "taken": taken,
        "stated": [_stated(f, known) for f in facts],
    }


def _stated(fact: Fact, known: _Known) -> dict[str, Any]:
    """One statement with its source, its contributors and who approved it."""
    return {
        "fact": fact.id,
        "qualifier": fact.qualifier,
        "value": plain(fact.value),
        "decimals": fact.decimals,
        "date": fact.date.isoformat() if fact.date else None,
        "origin": fact.origin,
        "source": {language: getattr(fact.source, f"title_{language}") for language in LANGUAGES} if fact.source else None,
        "source_code": fact.source.code if fact.source else "",
        "place": fact.place,
        "note": fact.note,
        "contributors": [
            {**c, "name": {language: known.bodies[language].get(str(c.get("body")), str(c.get("body", ""))) for language in LANGUAGES}}
            for c in fact.contributors
        ],
        "approved_by": known.people.get(fact.approved_by_id or 0, ""),
        "approved_at": fact.approved_at.isoformat() if fact.approved_at else None,
    }
