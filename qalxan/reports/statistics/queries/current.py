"""The one value of a figure: chosen, or agreed, or none. Everything that quotes a figure asks here."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.figures import FactValue, Settled, Slot, Standing, read_key, settle, settle_all
from qalxan.modules.reporting.public import IndicatorWords, indicator_words
from qalxan.reports.statistics.choices import Origin, StandingWord
from qalxan.reports.statistics.models import Choice, Fact
from qalxan.reports.statistics.queries.words import period_words, value_words
from qalxan.webkit.words import KeyWords

Period = tuple[dt.date | None, dt.date | None]
WHOLE_YEAR: Period = (None, None)


def fact_value(fact: Fact, source: str = "") -> FactValue:
    """A stored fact as the kernel knows it."""
    slot = Slot(fact.indicator_id, fact.key, fact.year)
    return FactValue(fact.id, slot, fact.value, fact.qualifier, fact.date, fact.decimals, source, fact.origin == Origin.COMPUTED)


def source_title(fact: Fact) -> str:
    """The title of a fact's source in the reader's language, or where it comes from. The source must be loaded with the fact."""
    if fact.source is None:
        return str(fact.get_origin_display())
    return str(getattr(fact.source, f"title_{get_language() or 'az'}", "") or fact.source.title_az)


def standing_facts(condition: Q) -> QuerySet[Fact]:
    """Approved facts that nobody withdrew, in the order they became known."""
    return Fact.objects.filter(condition, approved_at__isnull=False, withdrawn_at=None).select_related("source").order_by("id")


def chosen_facts(condition: Q) -> dict[tuple[Slot, Period], int]:
    """Slot and period → the fact last chosen for it, while that fact stands; one query."""
    found: dict[tuple[Slot, Period], int] = {}
    fields = ("fact_id", "fact__indicator_id", "fact__key", "fact__year", "fact__period_start", "fact__period_end")
    on_fact = Q(fact__in=Fact.objects.filter(condition).values("id"))
    for fact, code, key, year, start, end in Choice.objects.filter(on_fact).order_by("id").values_list(*fields):
        found[Slot(code, key, year), (start, end)] = fact
    return found


def table_of(condition: Q) -> dict[Slot, Settled]:
    """Whole-year figures settled slot by slot, each fact with its source's code; two queries."""
    whole = condition & Q(period_start=None)
    facts = [fact_value(fact, fact.source.code if fact.source else "") for fact in standing_facts(whole)]
    chosen = {slot: fact for (slot, period), fact in chosen_facts(whole).items() if period == WHOLE_YEAR}
    return settle_all(facts, chosen)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one source states."""

    fact: int
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure ready to quote. `value` and `date` are None where sources disagree or none knows; `words` is "" then.

    `value` is exact, `decimals` the printed precision; `period` is "" for the whole year; `candidates` are all standing statements.
    """

    code: str
    label: str
    key: str
    key_words: str
    year: int
    period: str
    value: Decimal | None
    date: dt.date | None
    qualifier: str
    decimals: int
    words: str
    unit: str
    unit_label: str
    standing: str
    standing_label: str
    fact: int | None
    source: str
    candidates: tuple[Candidate, ...]

    @property
    def disputed(self) -> bool:
        """Whether sources disagree and nobody chose."""
        return self.standing == Standing.DISPUTED


def _view(slot: Slot, facts: Sequence[Fact], chosen: int | None, indicators: dict[str, IndicatorWords], keys: KeyWords) -> FigureView:
    settled = settle([fact_value(fact) for fact in facts], chosen)
    by_id = {fact.id: fact for fact in facts}
    taken = by_id[settled.fact.id] if settled.fact else None
    about = indicators[slot.indicator]
    candidates = tuple(
        Candidate(f.id, value_words(f.value, f.date, f.qualifier, f.decimals), source_title(f))
        for f in (by_id[c.id] for c in settled.candidates)
    )
    return FigureView(
        slot.indicator, about.label, slot.key, keys.key(slot.key), slot.year, period_words(facts[0].period_start, facts[0].period_end),
        taken.value if taken else None, taken.date if taken else None, taken.qualifier if taken else Standing.NONE.value, taken.decimals if taken else 0,
        value_words(taken.value, taken.date, taken.qualifier, taken.decimals) if taken else "",
        about.unit, about.unit_label, settled.standing.value, str(StandingWord(settled.standing.value).label),
        taken.id if taken else None, source_title(taken) if taken else "", candidates,
    )  # fmt: skip


def _by_period(condition: Q) -> dict[Slot, dict[Period, list[Fact]]]:
    """What is stated, slot by slot and period by period."""
    stated: dict[Slot, dict[Period, list[Fact]]] = {}
    for fact in standing_facts(condition):
        periods = stated.setdefault(Slot(fact.indicator_id, fact.key, fact.year), {})
        periods.setdefault((fact.period_start, fact.period_end), []).append(fact)
    return stated


def _period_of(periods: dict[Period, list[Fact]], parts: bool) -> Period | None:
    """The whole year where it is stated; else, where parts will do, the one period that is."""
    if WHOLE_YEAR in periods:
        return WHOLE_YEAR
    return next(iter(periods)) if parts and len(periods) == 1 else None


def figures(actor: Actor, wanted: Iterable[tuple[str, str, int]], *, parts: bool = False) -> dict[tuple[str, str, int], FigureView]:
    """Figures by (code, key, year), those that nobody states left out; at most four queries for any number.

    Whole-year figures only; with `parts`, for texts that name the period, a figure stated for a single period alone stands in and
    says so in its `period`. Keys may be written in any order; the answer carries them as asked. Raises Refused, ValueError on a
    split that does not exist.
    """
    require(actor, Permission.FACT_VIEW)
    asked = {(code, key, year): Slot(code, read_key(key), year) for code, key, year in wanted}
    if not asked:
        return {}
    codes, years = {slot.indicator for slot in asked.values()}, {slot.year for slot in asked.values()}
    condition = Q(indicator_id__in=codes, year__in=years) & (Q() if parts else Q(period_start=None))
    stated = _by_period(condition)
    chosen, indicators, keys = chosen_facts(condition), indicator_words(), KeyWords()
    found = {}
    for name, slot in asked.items():
        period = _period_of(stated.get(slot, {}), parts)
        if period is not None:
            found[name] = _view(slot, stated[slot][period], chosen.get((slot, period)), indicators, keys)
    return found


def figure(actor: Actor, code: str, key: str, year: int, period: Period = WHOLE_YEAR) -> FigureView | None:
    """One figure, of the whole year or a period; None when nobody states it. Raises Refused, ValueError on a split that does not exist."""
    require(actor, Permission.FACT_VIEW)
    slot = Slot(code, read_key(key), year)
    condition = Q(indicator_id=code, key=slot.key, year=year, period_start=period[0], period_end=period[1])
    facts = list(standing_facts(condition))
    if not facts:
        return None
    return _view(slot, facts, chosen_facts(condition).get((slot, period)), indicator_words(), KeyWords())


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a series: None where nothing is known or sources disagree; nothing is interpolated."""

    year: int
    value: Decimal | None
    qualifier: str
    disputed: bool
    fact: int | None


def series(actor: Actor, code: str, keys: Sequence[str], years: Sequence[int]) -> dict[str, tuple[Point, ...]]:
    """Key → one point for each year asked; at most four queries. Raises Refused, ValueError on a split that does not exist."""
    found = figures(actor, [(code, key, year) for key in keys for year in years])
    empty = {(key, year): Point(year, None, "", False, None) for key in keys for year in years}
    for (_code, key, year), view in found.items():
        empty[key, year] = Point(year, view.value, view.qualifier, view.disputed, view.fact)
    return {key: tuple(empty[key, year] for year in years) for key in keys}


def facts_of_year(actor: Actor, year: int, *, parts: bool = False) -> list[FigureView]:
    """Every figure that somebody states for a whole year (with `parts`, also those of its periods), by indicator and split.

    At most four queries. Raises Refused.
    """
    require(actor, Permission.FACT_VIEW)
    condition = Q(year=year) & (Q() if parts else Q(period_start=None))
    stated = _by_period(condition)
    chosen, indicators, keys = chosen_facts(condition), indicator_words(), KeyWords()
    return [
        _view(slot, facts, chosen.get((slot, period)), indicators, keys)
        for slot in sorted(stated)
        for period, facts in stated[slot].items()
    ]
