"""Compiling a plan's duties and keeping what changed."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.queries import registry
from qalxan.kernel.duties import CellFact, DutyFact, MeasureFacts, PlanFacts, StoredDuty, compile_duties, regenerate
from qalxan.modules.plans.choices import DutyState
from qalxan.modules.plans.models import Act, Cell, Duty, DutyRun, Plan, Resolution, RosterEntry


def plan_facts(plan: Plan) -> PlanFacts:
    """A plan as the compiler wants it (four queries)."""
    cells: dict[int, list[CellFact]] = {}
    for c in Cell.objects.filter(measure__plan=plan).order_by("id"):
        cells.setdefault(c.measure_id, []).append(CellFact(c.column, c.value, c.in_force_from, c.known_since, c.id, c.in_force_to))
    resolved: dict[int, dict[str, tuple[str, ...]]] = {}
    for r in Resolution.objects.filter(measure__plan=plan).order_by("id"):
        resolved.setdefault(r.measure_id, {})[r.as_written] = tuple(r.bodies)
    rosters: dict[tuple[int, str], tuple[str, ...]] = {}
    for year, group, member in RosterEntry.objects.filter(plan=plan).order_by("member_id").values_list("year", "group_id", "member_id"):
        rosters[year, group] = (*rosters.get((year, group), ()), member)
    act = plan.act
    adopted = act.date or act.in_force_from or dt.date(plan.first_year, 1, 1)
    measures = tuple(MeasureFacts(m, tuple(cells.get(m, ())), resolved.get(m, {})) for m in plan.measures.values_list("id", flat=True))
    return PlanFacts(plan.first_year, plan.last_year, adopted, measures, rosters)


@transaction.atomic
def compile_plan(
    *,
    actor: Actor,
    now: dt.datetime,
    plan: Plan,
    act: Act | None = None,
    today: dt.date | None = None,
    expanding: frozenset[str] = frozenset(),
) -> DutyRun:
    """Bring a plan's duties in line with its cells in force; answered duties and ended periods stay as they are.

    `today` is the day from which periods may change (this day when None); `expanding` are groups and open lists whose
    members were just named: their own unanswered duties give way to the members' even in ended periods.

    Called by the operations that change a plan, each of which has checked its own right. The run tells every change.
    """
    Plan.objects.select_for_update().get(id=plan.id)
    today = today or now.date()
    stored = [
        StoredDuty(
            id=d.id,
            key=(d.measure_id, d.result, d.body_id, d.period_start, d.period_end),
            role=d.role,
            answered=d.state == DutyState.ANSWERED,
            end=d.period_end,
            due=d.due_on,
            kind=d.term_kind,
        )
        for d in Duty.objects.filter(plan=plan).exclude(state=DutyState.WITHDRAWN)
    ]
    first = not DutyRun.objects.filter(plan=plan).exists()
    change = regenerate(stored, compile_duties(plan_facts(plan), registry()), today, first=first, expanding=expanding)
    run = DutyRun.objects.create(
        plan=plan,
        act=act,
        at=now,
        by_id=actor.user_id,
        added=len(change.add),
        withdrawn=len(change.withdraw),
        kept=len(stored) - len(change.withdraw),
        changes=[],
    )
    gone = list(Duty.objects.filter(id__in=change.withdraw).values_list("measure_id", "body_id", "period_start", "period_end"))
    Duty.objects.filter(id__in=change.withdraw).update(state=DutyState.WITHDRAWN, withdrawn_by=run)
    Duty.objects.bulk_create([_row(plan, run, duty) for duty in change.add], batch_size=2000)
    if not first:
        run.changes = [["-", m, b, s.isoformat(), e.isoformat()] for m, b, s, e in gone]
        run.changes += [["+", d.measure, d.body, d.period.start.isoformat(), d.period.end.isoformat()] for d in change.add]
        run.save(update_fields=["changes"])
    record(
        actor.user_id, AuditEvent.DUTIES_COMPILED, f"plan:{plan.code}", run=run.id, added=run.added, withdrawn=run.withdrawn, kept=run.kept
    )
    return run


def set_answered(duties: Iterable[int], *, answered: bool) -> int:
    """Mark standing duties as answered, or open again; an answered duty is never withdrawn by a later amendment. Gives their number.

    Called by the operation that approves or re-opens a return, which has checked its own right.
    """
    state, before = (DutyState.ANSWERED, DutyState.OPEN) if answered else (DutyState.OPEN, DutyState.ANSWERED)
    return Duty.objects.filter(id__in=list(duties), state=before).update(state=state)


def _row(plan: Plan, run: DutyRun, duty: DutyFact) -> Duty:
    return Duty(
        plan=plan, measure_id=duty.measure, result=duty.result, body_id=duty.body, role=duty.role, term_kind=duty.period.kind,
        period_start=duty.period.start, period_end=duty.period.end, due_on=duty.period.due,
        named_as="" if duty.named_as == duty.body else duty.named_as, via=duty.via, made_by=run,
    )  # fmt: skip
