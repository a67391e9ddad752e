"""The duty compiler: from dated cells of a plan to what each body owes in each period. Pure, so its laws can be tested."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qalxan.kernel.bodies import GROUP, OPEN_LIST, Registry

Key = tuple[int, int, str, dt.date, dt.date]
RANK = {"executor": 0, "involved": 1, "recommended": 2}


@dataclass(frozen=True, slots=True)
class CellFact:
    """A measure's cell as a dated fact: in force from (and to, exclusive), and known since."""

    column: str
    value: Any
    in_force_from: dt.date
    known_since: dt.datetime
    id: int = 0
    in_force_to: dt.date | None = None


@dataclass(frozen=True)
class MeasureFacts:
    """A measure with all its cells and the bodies someone named for its open lists (written form → codes)."""

    id: int
    cells: tuple[CellFact, ...]
    resolved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanFacts:
    """A plan: its years (the last is None where the act does not say), the day it was adopted, its rosters by (year, group)."""

    first_year: int
    last_year: int | None
    adopted_on: dt.date
    measures: tuple[MeasureFacts, ...]
    rosters: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """When a duty is to be done: first and last day, and the day it is due (None where the act sets no term)."""

    start: dt.date
    end: dt.date
    due: dt.date | None = field(compare=False)
    kind: str = "years"


@dataclass(frozen=True, slots=True)
class DutyFact:
    """What a body owes: a measure (and which of its results, 0 for the measure as a whole) in a period, in a role."""

    measure: int
    result: int
    body: str
    role: str
    period: Period
    named_as: str = ""
    via: str = ""

    @property
    def key(self) -> Key:
        """What makes two duties the same one."""
        return (self.measure, self.result, self.body, self.period.start, self.period.end)


def in_force(cells: Iterable[CellFact], column: str, day: dt.date, known: dt.datetime | None = None) -> CellFact | None:
    """The cell in force on a day, as known at a moment (now when None): the latest to come into force, then the latest known."""
    found = [
        cell
        for cell in cells
        if cell.column == column
        and cell.in_force_from <= day
        and (cell.in_force_to is None or day < cell.in_force_to)
        and (known is None or cell.known_since <= known)
    ]
    return max(found, key=lambda cell: (cell.in_force_from, cell.known_since, cell.id), default=None)


def last_year(plan: PlanFacts) -> int:
    """The plan's last year; where the act states none, the last year any of its terms names."""
    if plan.last_year is not None:
        return plan.last_year
    years = [plan.first_year]
    for measure in plan.measures:
        for cell in measure.cells:
            for term in _all_terms(cell):
                years += [int(str(term[edge])[:4]) for edge in ("from", "to") if term.get(edge)]
    return max(years)


def _all_terms(cell: CellFact) -> list[dict[str, Any]]:
    if cell.column == "terms":
        return list(cell.value)
    if cell.column == "results":
        return [result["term"] for result in cell.value if result.get("term")]
    return []


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def _add_months(day: dt.date, months: int) -> dt.date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return dt.date(year, month, min(day.day, _month_end(year, month).day))


def _year(year: int, kind: str, due: dt.date | None = None) -> Period:
    end = dt.date(year, 12, 31)
    return Period(dt.date(year, 1, 1), end, due or end, kind)


def periods(term: Mapping[str, Any], plan: PlanFacts) -> list[Period]:
    """The periods of one term within the plan's years. Years outside the plan are kept: the act wrote them."""
    kind = term["kind"]
    first, last = plan.first_year, last_year(plan)
    if kind == "years":
        return [_year(year, kind) for year in range(int(term["from"]), int(term["to"] or last) + 1)]
    if kind in ("continuous", "yearly"):
        return [_year(year, kind) for year in range(first, last + 1)]
    if kind == "yearly_month":
        later = 1 if term.get("following") else 0
        return [_year(year, kind, _month_end(year + later, int(term["month"]))) for year in range(first, last + 1)]
    if kind == "month":
        year, month = map(int, term["from"].split("-"))
        end = _month_end(*map(int, (term.get("to") or term["from"]).split("-")))
        return [Period(dt.date(year, month, 1), end, end, kind)]
    if kind == "within":
        end = (
            plan.adopted_on + dt.timedelta(days=int(term["days"]))
            if term.get("days")
            else _add_months(plan.adopted_on, int(term["months"]))
        )
        return [Period(plan.adopted_on, end, end, kind)]
    return [Period(dt.date(first, 1, 1), dt.date(last, 12, 31), None, "unset")]


def compile_duties(plan: PlanFacts, registry: Registry) -> list[DutyFact]:
    """Every duty of the plan: measure × body × role × period, by the cells in force on the period's last day.

    A body that no longer exists when a period begins is followed by its successor; a group is the roster of that year;
    a body named twice for one measure and period owes it once, in its strongest role.
    """
    duties: dict[Key, DutyFact] = {}
    for measure in plan.measures:
        for result, period in _periods_of(measure, plan):
            executors, recommended = (_at(measure, column, period.end) for column in ("executors", "recommended"))
            named = list(executors.value) if executors else []
            named += [{**r, "role": "recommended"} for r in recommended.value] if recommended else []
            for entry in named:
                for body, via in _bodies(entry, measure, plan, registry, period):
                    duty = DutyFact(measure.id, result, body, entry["role"], period, entry["body"] or "", via)
                    before = duties.get(duty.key)
                    if before is None or RANK[duty.role] < RANK[before.role]:
                        duties[duty.key] = duty
    return list(duties.values())


def _at(measure: MeasureFacts, column: str, day: dt.date) -> CellFact | None:
    """The cell in force on the day, or the first there is where the period ended before the plan came into force."""
    starts = [cell.in_force_from for cell in measure.cells if cell.column == column]
    return in_force(measure.cells, column, max(day, min(starts))) if starts else None


def _periods_of(measure: MeasureFacts, plan: PlanFacts) -> list[tuple[int, Period]]:
    """The measure's periods; those of results with terms of their own carry the result's place from 1.

    The terms are those known last; a period is kept where the terms in force on its own last day still give it.
    """
    found: dict[tuple[int, dt.date, dt.date], Period] = {}
    moments = sorted({cell.in_force_from for cell in measure.cells if cell.column in ("terms", "results")})
    for place, moment in enumerate(moments):
        until = moments[place + 1] if place + 1 < len(moments) else None
        for result, term in _terms_at(measure, moment):
            for period in periods(term, plan):
                early = period.end < moment and place > 0
                late = until is not None and period.end >= until
                if not (early or late):
                    found[(result, period.start, period.end)] = period
    return [(key[0], period) for key, period in found.items()]


def _terms_at(measure: MeasureFacts, day: dt.date) -> list[tuple[int, Mapping[str, Any]]]:
    terms = in_force(measure.cells, "terms", day)
    results = in_force(measure.cells, "results", day)
    found = [(0, term) for term in (terms.value if terms else [])]
    if results:
        found += [(place, result["term"]) for place, result in enumerate(results.value, 1) if result.get("term")]
    return found


def _bodies(entry: Mapping[str, Any], measure: MeasureFacts, plan: PlanFacts, registry: Registry, period: Period) -> list[tuple[str, str]]:
    """(body, the group it was named through) for one entry of an executor cell; an unknown body owes nothing yet."""
    code = entry["body"]
    if code is None:
        resolved = measure.resolved.get(entry.get("as_written", ""), ())
        return [(registry.in_office(body, period.start), "") for body in resolved]
    kind = registry.kind(code)
    if kind == OPEN_LIST:
        members: Sequence[str] = measure.resolved.get(entry.get("as_written", ""), ()) or measure.resolved.get(code, ())
    elif kind == GROUP:
        members = plan.rosters.get((period.start.year, code), ()) or measure.resolved.get(code, ())
    else:
        return [(registry.in_office(code, period.start), "")]
    if not members:
        return [(code, "")]
    return [(registry.in_office(member, period.start), code) for member in members]


@dataclass(frozen=True)
class Change:
    """What a regeneration does: duties to add, and ids of duties to withdraw; everything else stays untouched."""

    add: tuple[DutyFact, ...]
    withdraw: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredDuty:
    """A duty as stored: its id, its key, its role, whether it was answered, and the last day of its period."""

    id: int
    key: Key
    role: str
    answered: bool
    end: dt.date
    due: dt.date | None = None
    kind: str = "years"


def regenerate(
    stored: Sequence[StoredDuty], compiled: Sequence[DutyFact], today: dt.date, *, first: bool, expanding: frozenset[str] = frozenset()
) -> Change:
    """Compare stored with compiled duties. Answered duties and those of ended periods never change.

    The `first` compilation of a plan makes ended periods too: their duties have existed since the plan was in force.
    `expanding` are groups and open lists whose members someone just named: what stood under the group's own name,
    unanswered, gives way to its members in every period.
    """
    wanted = {duty.key: duty for duty in compiled}
    fixed: set[Key] = set()
    withdraw = []
    opened: set[tuple[int, int, dt.date, dt.date]] = set()
    for duty in stored:
        new = wanted.get(duty.key)
        measure, result, body, start, end = duty.key
        if body in expanding and new is None and not duty.answered:
            withdraw.append(duty.id)
            opened.add((measure, result, start, end))
        elif duty.answered or duty.end < today or (new is not None and _same(duty, new)):
            fixed.add(duty.key)
        else:
            withdraw.append(duty.id)
    add = [
        duty
        for key, duty in wanted.items()
        if key not in fixed and (first or duty.period.end >= today or (key[0], key[1], key[3], key[4]) in opened)
    ]
    return Change(tuple(add), tuple(withdraw))


def _same(stored: StoredDuty, new: DutyFact) -> bool:
    return (stored.role, stored.due, stored.kind) == (new.role, new.period.due, new.period.kind)
