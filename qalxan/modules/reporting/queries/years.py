"""A measure through the years; filings that every outside answer reuses; figures and silence for the report."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.names import sort_key
from qalxan.kernel.silence import Silence
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import FINAL, SILENCE_LABELS, SILENCE_TAGS, RatingValue, Stance, Voice
from qalxan.modules.reporting.models import Answer, Return, Value, Verifiability, Window
from qalxan.modules.reporting.queries.returns import newest_ratings
from qalxan.modules.reporting.queries.rows import ANSWER_FIELDS, answer_row, body_names, counted, return_row, standing_answers
from qalxan.modules.reporting.queries.words import key_words, local, value_words


@dataclass(frozen=True, slots=True)
class YearAnswer:
    """What one body said of a measure in one year, with the three ratings. The words are there only for those who may read them."""

    year: int
    body: str
    body_name: str
    silence_label: str
    tag: str
    narrative: str
    ratings: tuple[str, str, str]
    return_id: int | None
    answer_id: int | None


@dataclass(frozen=True, slots=True)
class YearValue:
    """A figure of the measure in one year, summed over the bodies that count it."""

    year: int
    label: str
    words: str
    target: str


@dataclass(frozen=True)
class MeasureYears:
    """A measure through the years."""

    answers: tuple[YearAnswer, ...]
    values: tuple[YearValue, ...]
    checkable: bool | None
    reason: str


def measure_years(actor: Actor, measure_id: int, today: dt.date) -> MeasureYears:
    """What bodies answered to a measure, year by year, newest first; approved words only, except one's own."""
    require(actor, Permission.RETURN_VIEW, f"measure:{measure_id}")
    bodies = body_names()
    returns = {r["id"]: return_row(r, today, bodies) for r in counted(Return.objects.filter(answers__duty__measure=measure_id))}
    readable = set(Return.objects.filter(policy.return_scope(actor), id__in=returns).values_list("id", flat=True))
    board = Permission.BOARD_VIEW in actor.permissions
    found = list(standing_answers(duty__measure=measure_id).values(*ANSWER_FIELDS))
    ratings = newest_ratings([v["id"] for v in found if v["of_id"] in readable])
    answers = []
    for v in found:
        of = returns.get(v["of_id"])
        if of is None or not (v["of_id"] in readable or board):
            continue
        row, open_ = answer_row(v, of.silence, of.year), v["of_id"] in readable
        others = ratings.get(row.id, {})
        three = (
            row.rating_label,
            *(str(RatingValue(others[x].value).label) if x in others else "" for x in (Voice.COORDINATOR, Voice.EVALUATOR)),
        )
        answers.append(
            YearAnswer(
                of.year, of.body, of.body_name, row.silence_label, row.tag, row.narrative if open_ else "", (three[0] if open_ else "", three[1], three[2]),
                of.id if open_ else None, row.id if open_ else None,
            )
        )  # fmt: skip
    answers.sort(key=lambda a: (-a.year, sort_key(a.body_name)))
    judged = Verifiability.objects.filter(measure=measure_id).order_by("-id").first()
    return MeasureYears(tuple(answers), tuple(_values(measure_id)), judged.checkable if judged else None, judged.reason if judged else "")


@dataclass(frozen=True, slots=True)
class CheckableRow:
    """A measure and whether it can be checked; None while nobody has judged it."""

    id: int
    label: str
    title: str
    checkable: bool | None
    reason: str


def checkable_measures(actor: Actor, code: str) -> tuple[str, list[CheckableRow]]:
    """A plan's title and each of its measures with the newest judgement. Raises Refused, or Absent for no such plan."""
    require(actor, Permission.VERIFIABILITY_SET, f"plan:{code}")
    title = next((row.title for row in plans.plan_list(actor) if row.code == code), None)
    if title is None:
        raise Absent(f"plan:{code}")
    measures = [m for m in plans.measure_index(actor) if m.plan == code]
    newest = {v.measure_id: v for v in Verifiability.objects.filter(measure__in=[m.id for m in measures]).order_by("id")}
    return title, [
        CheckableRow(
            m.id, m.label, m.title, newest[m.id].checkable if m.id in newest else None, newest[m.id].reason if m.id in newest else ""
        )
        for m in measures
    ]


def _values(measure_id: int) -> Iterable[YearValue]:
    found: dict[tuple[int, int, str], list[Value]] = {}
    rows = (
        Value.objects.filter(indicator__measures=measure_id, of__state__in=FINAL)
        .select_related("indicator", "of__window")
        .order_by("-of__window__year", "indicator__code", "key")
    )
    for value in rows:
        found.setdefault((value.of.window.year, value.indicator_id, value.key), []).append(value)
    for (year, _indicator, key), values in found.items():
        indicator = values[0].indicator
        qualifier, total = add((v.qualifier, v.value) for v in values)
        label = ": ".join(filter(None, (local(indicator, "label"), key_words(key))))
        target = value_words("exact", indicator.target, indicator.unit) if indicator.target is not None else ""
        yield YearValue(year, label, value_words(qualifier, total, indicator.unit), target)


def add(values: Iterable[tuple[str, Decimal | None]]) -> tuple[str, Decimal | None]:
    """The sum of qualified values. An unknown part makes "more than" what is known (unknown when nothing is); "about" stays about.

    >>> add([("exact", Decimal(80)), ("exact", Decimal(14))])
    ('exact', Decimal('94'))
    """
    listed = list(values)
    known = [v for _q, v in listed if v is not None]
    if not known:
        return "unknown", None
    qualifiers = {q for q, _v in listed}
    if "unknown" in qualifiers or "more_than" in qualifiers:
        return "more_than", sum(known, Decimal(0))
    return ("about" if "about" in qualifiers else "exact"), sum(known, Decimal(0))


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure of a year computed from approved returns: indicator, slice, qualifier, value, and who contributed what."""

    indicator: str
    key: str
    qualifier: str
    value: Decimal | None
    contributors: tuple[dict[str, str | int | None], ...]


def counted_figures(actor: Actor, year: int) -> list[Counted]:
    """Every figure of a year, summed over the approved returns of the bodies declared to count it; two queries, nothing stored."""
    require(actor, Permission.FACT_VIEW, f"year:{year}")
    found: dict[tuple[str, str], list[Value]] = {}
    rows = (
        Value.objects.filter(of__window__year=year, of__state__in=FINAL)
        .select_related("indicator", "of")
        .order_by("indicator__code", "key", "of__body_id")
    )
    for value in rows:
        found.setdefault((value.indicator.code, value.key), []).append(value)
    told = []
    for (code, key), values in found.items():
        qualifier, total = add((v.qualifier, v.value) for v in values)
        parts: tuple[dict[str, str | int | None], ...] = tuple(
            {
                "return": v.of_id,
                "body": v.of.body_id,
                "qualifier": v.qualifier,
                "value": None if v.value is None else format(v.value.normalize(), "f"),
            }
            for v in values
        )
        told.append(Counted(code, key, qualifier, total, parts))
    return told


@dataclass(frozen=True, slots=True)
class Filing:
    """An approved answer that outside answers and reports reuse."""

    id: int
    body: str
    body_name: str
    year: int
    measure: int
    measure_label: str
    text: str


def filings_for_measures(actor: Actor, measure_ids: Iterable[int], year: int | None = None) -> list[Filing]:
    """The approved filings on some measures, newest year first; None for all years."""
    require(actor, Permission.RETURN_VIEW)
    bodies = body_names()
    rows = Answer.objects.filter(policy_scope(actor), duty__measure__in=list(measure_ids), of__state__in=FINAL, stance=Stance.DONE)
    if year is not None:
        rows = rows.filter(of__window__year=year)
    found = rows.order_by("-of__window__year", "duty__measure__position", "of__body_id").values_list(
        "id",
        "of__body_id",
        "of__window__year",
        "duty__measure_id",
        "duty__measure__number",
        "duty__measure__occurrence",
        "duty__result",
        "narrative",
    )
    return [Filing(i, b, bodies.get(b, b), y, m, plans.measure_label(n, o, r), text) for i, b, y, m, n, o, r, text in found]


def policy_scope(actor: Actor) -> Q:
    """Answers whose return the actor may read."""
    return Q(of__in=Return.objects.filter(policy.return_scope(actor)))


@dataclass(frozen=True, slots=True)
class SilenceRow:
    """What one body's answering in a year came to, for the report: it prints itself, silence included."""

    body: str
    body_name: str
    plan: str
    silence: Silence
    label: str
    tag: str
    days_late: int
    answered: int
    nothing: int
    total: int


def silence_table(actor: Actor, year: int, today: dt.date) -> list[SilenceRow]:
    """Every body's answering in a year, over all plans with a window; the gravest first."""
    require(actor, Permission.BOARD_VIEW, f"year:{year}")
    bodies = body_names()
    order = [Silence.NO_ANSWER, Silence.REFUSED, Silence.LATE, Silence.DUE, Silence.NOT_DUE, Silence.NOTHING, Silence.ANSWERED]
    rows = []
    for found in counted(Return.objects.filter(window__in=Window.objects.filter(year=year))):
        row = return_row(found, today, bodies)
        rows.append(
            SilenceRow(row.body, row.body_name, row.plan, row.silence, str(SILENCE_LABELS[row.silence]), SILENCE_TAGS.get(row.silence, ""), row.days_late, row.done - found["nothing"], found["nothing"], row.total)
        )  # fmt: skip
    return sorted(rows, key=lambda r: (order.index(r.silence), sort_key(r.body_name)))
