"""Duties by body, by measure, by year; the heat map; the calendar feed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import get_language
from icalendar import Calendar, Event

from qalxan.foundation.access.actor import Actor, HeldPost
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.queries import lineage, names
from qalxan.kernel.names import sort_key
from qalxan.modules.plans import policy
from qalxan.modules.plans.choices import Column, DutyRole, DutyState
from qalxan.modules.plans.models import Cell, Duty, DutyRun, Measure, Plan
from qalxan.modules.plans.queries.plans import act_label, plan_of
from qalxan.modules.plans.queries.words import day_words, measure_label, period_words


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty, ready to print."""

    body: str
    body_name: str
    plan: str
    number: str
    occurrence: int
    label: str
    title: str
    role: str
    role_label: str
    period: str
    year: int
    due: str
    overdue: bool
    state: str
    state_label: str
    named_as: str
    via: str
    clause: str


_FIELDS = ("body_id", "plan__code", "measure_id", "measure__number", "measure__occurrence", "measure__position", "result", "role", "period_start",
           "period_end", "due_on", "state", "named_as", "via")  # fmt: skip


def visible(actor: Actor) -> QuerySet[Duty]:
    """The standing duties the actor may see."""
    require(actor, Permission.DUTY_VIEW)
    return Duty.objects.filter(policy.duty_scope(actor)).exclude(state=DutyState.WITHDRAWN)


def _rows(duties: QuerySet[Duty], today: dt.date) -> list[DutyRow]:
    language = get_language() or "az"
    bodies = names()
    values = list(duties.order_by("period_start", "plan__code", "measure__position", "result", "body_id").values(*_FIELDS))
    titles = {
        m["id"]: m
        for m in Measure.objects.filter(id__in={v["measure_id"] for v in values}).values("id", f"short_{language}", "short_az", "search")
    }
    clauses = _clauses(set(titles))
    return [_row(v, titles[v["measure_id"]], clauses.get(v["measure_id"], []), bodies, today, language) for v in values]


def _clauses(measures: set[int]) -> dict[int, list[tuple[dt.date, str]]]:
    """Measure → (in force from, "№ act, clause") of its executor cells, oldest first."""
    found: dict[int, list[tuple[dt.date, str]]] = {}
    cells = Cell.objects.filter(measure__in=measures, column=Column.EXECUTORS).order_by("in_force_from", "known_since")
    for measure, start, number, clause in cells.values_list("measure_id", "in_force_from", "act__number", "clause"):
        found.setdefault(measure, []).append((start, ", ".join(filter(None, (f"№ {number}" if number else "", clause)))))
    return found


def _row(
    v: dict[str, Any], title: dict[str, Any], clauses: list[tuple[dt.date, str]], bodies: dict[str, str], today: dt.date, language: str
) -> DutyRow:
    number = v["measure__number"]
    label = measure_label(number, v["measure__occurrence"], v["result"])
    overdue = v["state"] == DutyState.OPEN and v["due_on"] is not None and v["due_on"] < today
    standing = [words for start, words in clauses if start <= v["period_end"]] or [words for _, words in clauses[:1]]
    return DutyRow(
        body=v["body_id"], body_name=bodies.get(v["body_id"], v["body_id"]), plan=v["plan__code"], number=number or "-", occurrence=v["measure__occurrence"],
        label=label, title=title[f"short_{language}"] or title["short_az"] or title["search"][:110], role=v["role"], role_label=str(DutyRole(v["role"]).label),
        period=period_words(v["period_start"], v["period_end"]), year=v["period_start"].year, due=day_words(v["due_on"]), overdue=overdue, state=v["state"],
        state_label=str(DutyState(v["state"]).label), named_as=bodies.get(v["named_as"], v["named_as"]), via=bodies.get(v["via"], v["via"]),
        clause=standing[-1] if standing else "",
    )  # fmt: skip


def in_year(duties: QuerySet[Duty], year: int | None) -> QuerySet[Duty]:
    """Duties whose period touches the year."""
    if year is None:
        return duties
    return duties.filter(period_start__lte=dt.date(year, 12, 31), period_end__gte=dt.date(year, 1, 1))


def of_body(actor: Actor, body: str, *, plan: str | None, year: int | None, today: dt.date) -> list[DutyRow]:
    """A body's duties with those of the bodies it follows. Raises Absent when the actor may not see them."""
    require(actor, Permission.DUTY_VIEW, f"body:{body}")
    if not policy.may_see_body_duties(actor, body):
        raise Absent(body)
    found = in_year(visible(actor).filter(body_id__in=lineage(body)), year)
    return _rows(found.filter(plan__code=plan) if plan else found, today)


def of_measure(actor: Actor, measure: Measure, *, year: int | None, today: dt.date) -> list[DutyRow]:
    """The duties of a measure that the actor may see."""
    return _rows(in_year(visible(actor).filter(measure=measure), year), today)


def of_year(actor: Actor, code: str, year: int, today: dt.date) -> list[DutyRow]:
    """The duties of a plan in a year that the actor may see."""
    plan = plan_of(actor, code)
    return _rows(in_year(visible(actor).filter(plan=plan), year), today)


def open_count(actor: Actor, body: str) -> int:
    """How many open duties a body has."""
    return visible(actor).filter(body_id__in=lineage(body), state=DutyState.OPEN).count()


def owed_in(plan_id: int, year: int) -> list[tuple[int, str]]:
    """The standing duties of a plan that touch a year: (duty id, body). For modules that build on duties; no person reads it."""
    standing = Duty.objects.filter(plan=plan_id).exclude(state=DutyState.WITHDRAWN)
    return list(in_year(standing, year).order_by("id").values_list("id", "body_id"))


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many duties a body has in a measure (0 is none), how dark that is (1-5), and its strongest role."""

    count: int
    level: int
    strongest: str


@dataclass(frozen=True)
class HeatMap:
    """Bodies × measures, bodies with most duties first."""

    plan: Plan
    year: int | None
    years: tuple[int, ...]
    columns: tuple[tuple[str, int, str], ...]
    rows: tuple[tuple[str, str, int, tuple[HeatCell, ...]], ...]
    total: int


_EMPTY = HeatCell(0, 0, "")


def heat_map(actor: Actor, code: str, year: int | None) -> HeatMap:
    """The duty heat map of a plan, all years or one; three queries."""
    plan = plan_of(actor, code)
    counts = in_year(visible(actor).filter(plan=plan), year).values_list("body_id", "measure_id").annotate(n=Count("id"), role=Min("role"))
    bodies = names()
    measures = list(plan.measures.values_list("id", "number", "occurrence"))
    grid: dict[str, dict[int, tuple[int, str]]] = {}
    for body, measure, n, role in counts:
        grid.setdefault(body, {})[measure] = (n, role)
    most = max((n for row in grid.values() for n, _ in row.values()), default=1)
    columns = tuple((number or "–", occurrence, number or "-") for _, number, occurrence in measures)
    rows = []
    for body, cells in grid.items():
        line = tuple(HeatCell(*_heat(cells[m], most)) if m in cells else _EMPTY for m, _, _ in measures)
        rows.append((body, bodies.get(body, body), sum(n for n, _ in cells.values()), line))
    rows.sort(key=lambda row: (-row[2], sort_key(row[1])))
    return HeatMap(plan, year, plan_years(plan), columns, tuple(rows), sum(row[2] for row in rows))


def _heat(cell: tuple[int, str], most: int) -> tuple[int, int, str]:
    return cell[0], max(1, round(5 * cell[0] / most)), cell[1]


def plan_years(plan: Plan) -> tuple[int, ...]:
    """The years in which the plan has duties."""
    edges = (
        Duty.objects.filter(plan=plan).exclude(state=DutyState.WITHDRAWN).values_list("period_start__year", "period_end__year").distinct()
    )
    found = {year for start, end in edges for year in range(start, end + 1)}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A compilation of duties and what it changed."""

    at: dt.datetime
    act: str
    added: int
    withdrawn: int
    kept: int
    changes: list[list[str]]


def runs(actor: Actor, code: str) -> list[RunRow]:
    """What each compilation of a plan changed, newest first."""
    plan = plan_of(actor, code)
    require(actor, Permission.DUTY_VIEW, f"plan:{code}")
    found = DutyRun.objects.filter(plan=plan).select_related("act").order_by("-id")
    own = None if actor.roles() & policy.OVERSEERS else policy.own_bodies(actor)
    return [
        RunRow(r.at, act_label(r.act) if r.act else "", r.added, r.withdrawn, r.kept, [c for c in r.changes if own is None or c[2] in own])
        for r in found
    ]


def calendar(post: HeldPost, host: str, now: dt.datetime) -> bytes:
    """The calendar of a focal point's body: a day for every dated duty (RFC 5545)."""
    actor = Actor(0, (post,))
    body = post.body or ""
    feed = Calendar()
    feed.add("prodid", "-//Qalxan//duties//AZ")
    feed.add("version", "2.0")
    feed.add("x-wr-calname", names().get(body, body))
    duties = visible(actor).filter(body_id__in=lineage(body), due_on__isnull=False)
    for row, due, key in _feed_rows(duties, now.date()):
        event = Event()
        event.add("uid", f"duty-{key}@{host}")
        event.add("dtstamp", now)
        event.add("dtstart", due)
        event.add("summary", f"{row.label} {row.title}")
        event.add("description", f"{row.plan} · {row.period} · {row.role_label} · {row.clause}")
        event.add("transp", "TRANSPARENT")
        feed.add_component(event)
    return bytes(feed.to_ical())


def _feed_rows(duties: QuerySet[Duty], today: dt.date) -> Iterable[tuple[DutyRow, dt.date | None, int]]:
    keys = duties.order_by("period_start", "plan__code", "measure__position", "result", "body_id").values_list("due_on", "id")
    return ((row, due, key) for row, (due, key) in zip(_rows(duties, today), keys, strict=True))
