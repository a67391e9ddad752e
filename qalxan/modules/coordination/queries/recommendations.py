"""Outside recommendations: the list with its filters, and one with its history, answers and the filings at hand."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.modules.coordination.choices import RecommendationStatus, Source
from qalxan.modules.coordination.models import Recommendation, RecommendationAnswer, RecommendationStep
from qalxan.modules.coordination.queries.filings import Filing, Filings, Offered
from qalxan.modules.coordination.queries.words import day_words, in_language, measures_of, written_words
from qalxan.modules.plans.public import MeasureRef

_LATEST = RecommendationStep.objects.filter(recommendation=OuterRef("pk")).order_by("-id").values("status")[:1]


def _all(actor: Actor) -> QuerySet[Recommendation]:
    require(actor, Permission.COORDINATION_VIEW)
    return Recommendation.objects.annotate(status=Coalesce(Subquery(_LATEST), Value(RecommendationStatus.OPEN.value)))


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation in a list; `years` is empty where the copy shows none."""

    id: int
    source: str
    source_label: str
    document: str
    years: str
    text: str
    note: str
    status: str
    status_label: str
    measures: tuple[MeasureRef, ...]
    answers: int


def _row(r: Recommendation, measures: list[MeasureRef]) -> RecommendationRow:
    status = r.status  # type: ignore[attr-defined]  # annotated in _all
    years = "" if r.year is None else str(r.year) if r.last_year in (None, r.year) else f"{r.year}–{r.last_year}"
    return RecommendationRow(
        r.id, r.source, str(Source(r.source).label), r.document, years, in_language(r, "text"), in_language(r, "note"), status,
        str(RecommendationStatus(status).label), tuple(measures), r.answer_count,  # type: ignore[attr-defined]
    )  # fmt: skip


def recommendation_list(actor: Actor, *, source: str = "", status: str = "", measure: int | None = None) -> list[RecommendationRow]:
    """Recommendations by source, status and measure (None for all), newest report first, those without a year last; four queries."""
    found = _all(actor)
    if source in Source.values:
        found = found.filter(source=source)
    if status in RecommendationStatus.values:
        found = found.filter(status=status)  # type: ignore[misc]  # annotated in _all
    if measure is not None:
        found = found.filter(id__in=Recommendation.measures.through._default_manager.filter(measure_id=measure).values("recommendation_id"))
    rows = list(found.annotate(answer_count=Count("answers")).order_by("source", "-id"))
    rows.sort(key=lambda r: -(r.last_year or r.year or 0))
    linked = measures_of(actor, Recommendation.measures.through, "recommendation", [r.id for r in rows])
    return [_row(r, linked.get(r.id, [])) for r in rows]


def linked_measures(actor: Actor) -> list[MeasureRef]:
    """The measures that any recommendation names, in printed order."""
    found = measures_of(actor, Recommendation.measures.through, "recommendation", _all(actor).values_list("id", flat=True))
    by_id = {m.id: m for measures in found.values() for m in measures}
    order = [m.id for measures in found.values() for m in measures]
    return sorted(by_id.values(), key=lambda m: (m.plan, [int(p) if p.isdecimal() else 0 for p in m.number.split(".")], order.index(m.id)))


def status_counts(actor: Actor) -> list[tuple[str, str, int]]:
    """Status, its name, and how many recommendations stand there; one query."""
    counted = Counter(_all(actor).values_list("status", flat=True))  # type: ignore[misc]  # annotated in _all
    return [(s.value, str(s.label), counted[s.value]) for s in RecommendationStatus]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A status with its day and reason."""

    status: str
    label: str
    day: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer given, with the filings it was made of (those that can still be read here; `filings` counts all)."""

    addressee: str
    document: str
    day: str
    text: str
    filings: int
    cited: tuple[Filing, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class RecommendationPage:
    """A recommendation with all that followed it."""

    row: RecommendationRow
    history: tuple[JudgedRow, ...]
    answers: tuple[AnswerRow, ...]


def recommendation_of(actor: Actor, recommendation_id: int) -> Recommendation:
    """The recommendation with its status. Raises Refused or Absent."""
    found = _all(actor).annotate(answer_count=Count("answers")).filter(id=recommendation_id).first()
    if found is None:
        raise Absent("recommendation")
    return found


def recommendation_page(actor: Actor, recommendation_id: int, source: Filings) -> RecommendationPage:
    """Everything a recommendation's page shows; the source of filings is asked once for each year that answers rest on."""
    found = recommendation_of(actor, recommendation_id)
    linked = measures_of(actor, Recommendation.measures.through, "recommendation", [found.id]).get(found.id, [])
    steps, answers = list(found.steps.all()), list(found.answers.all())
    persons = names_of({s.by_id for s in steps if s.by_id})
    known = {f.id: f for year in {a.year for a in answers if a.year} for f in source(actor, [m.id for m in linked], year)}
    return RecommendationPage(
        _row(found, linked),
        tuple(
            JudgedRow(s.status, str(RecommendationStatus(s.status).label), day_words(s.day), s.reason, persons.get(s.by_id or 0, ""))
            for s in reversed(steps)
        ),
        tuple(_answer(a, known) for a in reversed(answers)),
    )


def _answer(a: RecommendationAnswer, known: dict[int, Filing]) -> AnswerRow:
    cited = tuple(known[f] for f in a.filings if f in known)
    return AnswerRow(a.addressee, a.document, written_words(a.given_on), in_language(a, "text"), len(a.filings), cited, a.year)


def filings(actor: Actor, recommendation_id: int, source: Filings, year: int) -> list[Offered]:
    """The filings of a year on the recommendation's measures, with how many answers each stands in already; one place fetches them."""
    found = recommendation_of(actor, recommendation_id)
    offered = source(actor, list(found.measures.values_list("id", flat=True)), year)
    if not offered:
        return []
    used = Counter(f for ids in RecommendationAnswer.objects.filter(year=year).values_list("filings", flat=True) for f in ids)
    return [Offered(f.id, f.body_name, f.year, f.measure_label, f.text, used[f.id]) for f in offered]


def recommendation_words(actor: Actor, recommendation_id: int) -> dict[str, object]:
    """What is written down of a recommendation, to start the form with."""
    found = recommendation_of(actor, recommendation_id)
    plain = {key: getattr(found, key) for key in ("source", "document", "year", "last_year", "text_az", "text_en", "text_ru")}
    return {**plain, "note": in_language(found, "note"), "measures": [str(m) for m in found.measures.values_list("id", flat=True)]}


def answer_years(today: dt.date) -> list[int]:
    """The years an answer may report on: this one and the four before."""
    return [today.year - back for back in range(5)]
