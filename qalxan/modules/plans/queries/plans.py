"""Plans as in force on a day, compared between two days, and each measure through time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count
from django.utils.translation import get_language

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.queries import names
from qalxan.kernel.duties import CellFact, in_force
from qalxan.kernel.names import search_key
from qalxan.modules.plans.choices import ActState, Column, DutyRole
from qalxan.modules.plans.models import Act, Cell, Measure, Plan
from qalxan.modules.plans.queries.words import day_words, measure_label, short, terms_words


def _in_language(row: Any, field: str) -> str:
    language = get_language() or "az"
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_az")


def plan_of(actor: Actor, code: str) -> Plan:
    """A plan in force by its code. Raises Refused, or Absent when there is none."""
    require(actor, Permission.PLAN_VIEW, f"plan:{code}")
    plan = Plan.objects.select_related("act").filter(code=code).first()
    if plan is None:
        raise Absent(code)
    return plan


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list."""

    code: str
    title: str
    years: str
    act: str
    measures: int
    pending: int


def plan_list(actor: Actor) -> list[PlanRow]:
    """All plans in force, newest first, with how many amendments wait."""
    require(actor, Permission.PLAN_VIEW)
    plans = Plan.objects.select_related("act").annotate(count=Count("measures")).order_by("-first_year")
    waiting = dict(Act.objects.filter(state=ActState.PENDING).values_list("amends").annotate(Count("id")))
    return [PlanRow(p.code, _in_language(p, "title"), years(p), act_label(p.act), p.count, waiting.get(p.act_id, 0)) for p in plans]


def years(plan: Plan) -> str:
    """The plan's years; an open end stays open."""
    if plan.last_year is None:
        return f"{plan.first_year}–"
    return str(plan.first_year) if plan.first_year == plan.last_year else f"{plan.first_year}–{plan.last_year}"


def act_label(act: Act) -> str:
    """An act in a few words: "Sərəncam № 2173, 22 iyul 2020"."""
    kind = act.get_kind_display() if act.kind else ""
    number = f"№ {act.number}" if act.number else ""
    return ", ".join(filter(None, (f"{kind} {number}".strip(), day_words(act.date))))


@dataclass(frozen=True, slots=True)
class Named:
    """A body as a measure names it: code (None when unknown), name in the reader's language, role, and the act's own words."""

    body: str | None
    name: str
    role: str
    role_label: str
    as_written: str
    condition: str = ""


@dataclass(frozen=True)
class MeasureRow:
    """A measure as in force on a day, ready to print; `changed` names the columns that a later act changed, with that act."""

    id: int
    label: str
    number: str
    occurrence: int
    title: str
    text: str
    sublines: tuple[tuple[str, str], ...]
    executors: tuple[Named, ...]
    recommended: tuple[Named, ...]
    terms: str
    results: tuple[tuple[str, str], ...]
    decided_by: tuple[str, ...]
    changed: dict[str, str]
    marks: dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class SectionRows:
    """A section with its measures."""

    number: str
    title: str
    full_title: str
    rows: tuple[MeasureRow, ...]


@dataclass(frozen=True)
class Consolidation:
    """A plan's text as in force on a day."""

    plan: Plan
    title: str
    day: dt.date
    sections: tuple[SectionRows, ...]
    amendments: tuple[tuple[int, str, str, str], ...]


def _facts(cells: Iterable[Cell]) -> list[CellFact]:
    return [CellFact(c.column, c.value, c.in_force_from, c.known_since, c.id, c.in_force_to) for c in cells]


def _named(entries: list[dict[str, Any]], bodies: dict[str, str]) -> tuple[Named, ...]:
    out = []
    for e in entries:
        role = e.get("role", "recommended")
        written = " ".join(e["as_written"].replace("<i>", "").replace("</i>", "").split())
        out.append(Named(e["body"], bodies.get(e["body"], written), role, str(DutyRole(role).label), written, e.get("condition") or ""))
    return tuple(out)


def consolidation(actor: Actor, code: str, day: dt.date, known: dt.datetime | None = None) -> Consolidation:
    """The plan as in force on the day, as known at a moment (now when None); four queries whatever its size."""
    plan = plan_of(actor, code)
    bodies = names()
    acts = {a.id: a for a in Act.objects.filter(amends=plan.act) | Act.objects.filter(id=plan.act_id)}
    measures = list(Measure.objects.filter(plan=plan).select_related("section").prefetch_related("cells"))
    groups: dict[int | None, list[MeasureRow]] = {}
    heads: dict[int | None, Any] = {}
    for measure in measures:
        heads.setdefault(measure.section_id, measure.section)
        groups.setdefault(measure.section_id, []).append(_row(measure, plan, day, known, bodies, acts))
    sections = tuple(
        SectionRows(head.number, _in_language(head, "short") or head.title, head.title, tuple(rows))
        if head
        else SectionRows("", "", "", tuple(rows))
        for head, rows in ((heads[key], rows) for key, rows in groups.items())
    )
    amendments = tuple(
        (a.id, act_label(a), a.state, day_words(a.in_force_from)) for a in acts.values() if a.amends_id and a.state != ActState.DISCARDED
    )
    return Consolidation(plan, _in_language(plan, "title"), day, sections, amendments)


def _row(measure: Measure, plan: Plan, day: dt.date, known: dt.datetime | None, bodies: dict[str, str], acts: dict[int, Act]) -> MeasureRow:
    cells = list(measure.cells.all())
    owner = {c.id: c.act_id for c in cells}
    facts = _facts(cells)
    now = {column: in_force(facts, column, max(day, plan.act.in_force_from or day), known) for column in Column.values}
    value = {column: cell.value for column, cell in now.items() if cell}
    text = value.get(Column.TEXT) or {"text": "", "sublines": []}
    changed, marks = {}, {}
    for column, cell in now.items():
        if cell and owner[cell.id] != plan.act_id and owner[cell.id] in acts:
            changed[column] = act_label(acts[owner[cell.id]])
            first = in_force(facts, column, plan.act.in_force_from or day)
            marks[column] = diff(cell_text(column, first.value, bodies) if first else "", cell_text(column, cell.value, bodies))
    return MeasureRow(
        id=measure.id, label=measure_label(measure.number, measure.occurrence), number=measure.number, occurrence=measure.occurrence,
        title=_in_language(measure, "short") or short(text["text"]), text=text["text"],
        sublines=tuple((s["letter"], s["text"]) for s in text.get("sublines", ())),
        executors=_named(value.get(Column.EXECUTORS, []), bodies), recommended=_named(value.get(Column.RECOMMENDED, []), bodies),
        terms=terms_words(value.get(Column.TERMS, [])),
        results=tuple((r["text"], terms_words([r["term"]]) if r["term"] else "") for r in value.get(Column.RESULTS, [])),
        decided_by=tuple(bodies.get(code, code) for code in value.get(Column.DECIDED_BY, [])), changed=changed, marks=marks,
    )  # fmt: skip


def cell_text(column: str, value: Any, bodies: dict[str, str]) -> str:
    """A cell's value as one run of words."""
    if column == Column.TEXT:
        return " ".join([value["text"], *(f"{s['letter']}) {s['text']}" for s in value.get("sublines", []))])
    if column in (Column.EXECUTORS, Column.RECOMMENDED):
        return ", ".join(n.name + (f" ({n.role_label})" if n.role == "involved" else "") for n in _named(value, bodies))
    if column == Column.TERMS:
        return terms_words(value)
    if column == Column.RESULTS:
        return "; ".join(r["text"] + (f" ({terms_words([r['term']])})" if r["term"] else "") for r in value)
    return ", ".join(bodies.get(code, code) for code in value)


def diff(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Word by word what stays ("same"), goes ("out") and comes ("in")."""
    a, b = old.split(), new.split()
    out: list[tuple[str, str]] = []
    for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            out.append(("same", " ".join(a[i:j])))
            continue
        if j > i:
            out.append(("out", " ".join(a[i:j])))
        if m > k:
            out.append(("in", " ".join(b[k:m])))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that differs between two days."""

    label: str
    number: str
    title: str
    column: str
    act: str
    marks: tuple[tuple[str, str], ...]


def comparison(actor: Actor, code: str, earlier: dt.date, later: dt.date) -> tuple[Plan, list[ChangedCell]]:
    """Every cell of the plan that differs between two days, with the act that changed it."""
    plan = plan_of(actor, code)
    bodies = names()
    out = []
    start = plan.act.in_force_from or earlier
    for measure in Measure.objects.filter(plan=plan).prefetch_related("cells__act"):
        cells = list(measure.cells.all())
        facts = _facts(cells)
        for column in Column.values:
            old, new = in_force(facts, column, max(earlier, start)), in_force(facts, column, max(later, start))
            if old == new:
                continue
            words = [cell_text(column, cell.value, bodies) if cell else "" for cell in (old, new)]
            act = next((act_label(c.act) for c in cells if new and c.id == new.id), "")
            out.append(
                ChangedCell(
                    measure_label(measure.number, measure.occurrence),
                    measure.number,
                    _in_language(measure, "short"),
                    str(Column(column).label),
                    act,
                    diff(*words),
                )
            )
    return plan, out


@dataclass(frozen=True, slots=True)
class DatedCell:
    """A cell in a measure's history."""

    column: str
    words: str
    act: str
    clause: str
    in_force_from: str
    in_force_to: str
    known_since: dt.datetime


@dataclass(frozen=True)
class MeasurePage:
    """A measure with its cells through time."""

    plan: Plan
    measure: Measure
    row: MeasureRow
    history: tuple[DatedCell, ...]


def measure_page(actor: Actor, code: str, number: str, occurrence: int, day: dt.date) -> MeasurePage:
    """A measure's page; `number` "-" stands for a measure without one. Raises Absent."""
    plan = plan_of(actor, code)
    measure = (
        Measure.objects.select_related("section", "plan")
        .filter(plan=plan, number="" if number == "-" else number, occurrence=occurrence)
        .first()
    )
    if measure is None:
        raise Absent(number)
    bodies = names()
    cells = list(measure.cells.select_related("act").order_by("column", "in_force_from", "known_since"))
    history = []
    for place, cell in enumerate(cells):
        after = next((c for c in cells[place + 1 :] if c.column == cell.column), None)
        until = cell.in_force_to or (after.in_force_from if after else None)
        history.append(
            DatedCell(
                str(Column(cell.column).label),
                cell_text(cell.column, cell.value, bodies),
                act_label(cell.act),
                cell.clause,
                day_words(cell.in_force_from),
                day_words(until),
                cell.known_since,
            )
        )
    acts = {c.act_id: c.act for c in cells}
    return MeasurePage(plan, measure, _row(measure, plan, day, None, bodies, acts), tuple(history))


@dataclass(frozen=True, slots=True)
class Hit:
    """A measure found by words."""

    plan: str
    plan_title: str
    number: str
    occurrence: int
    label: str
    title: str


def search_measures(actor: Actor, words: str, limit: int = 50) -> list[Hit]:
    """Measures of plans in force whose text or title holds all the words (prefixes count), any spelling of ə/e, ı/i."""
    require(actor, Permission.PLAN_VIEW)
    terms = [t for t in search_key(words).split() if t]
    if not terms:
        return []
    query = SearchQuery(" & ".join(f"'{t}':*" for t in terms if t.isalnum()), config="simple", search_type="raw")
    found = (
        Measure.objects.annotate(vector=SearchVector("search", config="simple"))
        .filter(vector=query)
        .select_related("plan")
        .order_by("-plan__first_year", "position")
    )
    return [
        Hit(
            m.plan.code,
            _in_language(m.plan, "title"),
            m.number or "-",
            m.occurrence,
            measure_label(m.number, m.occurrence),
            _in_language(m, "short") or m.search[:100],
        )
        for m in found[:limit]
    ]
