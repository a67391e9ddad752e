"""Amendments: entered by hand, read from their own text, or carried by a consolidated text; and their application."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.queries import registry
from qalxan.kernel.acts.mentions import Bodies
from qalxan.kernel.duties import CellFact, in_force
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans.choices import ActState, Column
from qalxan.modules.plans.models import Act, Cell, Measure, Plan
from qalxan.modules.plans.operations.acts import locked_draft, terms_from
from qalxan.modules.plans.operations.duties import compile_plan


def reword(column: str, value: Any, old: str, new: str, bodies: Bodies) -> Any:
    """A cell's value with words replaced; bodies and terms are read again from the new words. Words that do not occur change nothing.

    Raises RuleBroken when the new words say no term.
    """
    if column == Column.TEXT:
        return {**value, "text": _replace(value["text"], old, new)}
    if column == Column.TERMS:
        return _reworded_terms(value, old, new)
    if column == Column.RESULTS:
        return [
            {"text": _replace(r["text"], old, new), "term": _reworded_terms([r["term"]], old, new)[0] if r["term"] else None} for r in value
        ]
    return _reworded_bodies(value, old, new, bodies)


def _reworded_terms(terms: list[dict[str, Any]], old: str, new: str) -> list[dict[str, Any]]:
    out = []
    for term in terms:
        written = _replace(term["as_written"], old, new)
        out += [term] if written == term["as_written"] else terms_from(written)
    return out


def _reworded_bodies(value: list[dict[str, Any]], old: str, new: str, bodies: Bodies) -> list[dict[str, Any]]:
    out = []
    for entry in value:
        written = _replace(entry["as_written"], old, new)
        if written == entry["as_written"]:
            out.append(entry)
        elif written:
            mentions = bodies.read(written).mentions
            out += [{**entry, "body": m.code, "as_written": written[m.start : m.end]} for m in mentions] or [
                {**entry, "body": None, "as_written": written}
            ]
    return out


def _replace(text: str, old: str, new: str) -> str:
    plain = " ".join(text.replace("<i>", "").replace("</i>", "").split())
    return plain.replace(old, new).strip() if old in plain else text


def pending(act: Act, amendment: dict[str, Any], actor: Actor, now: dt.datetime) -> Act:
    """An amending act that waits to be applied to the act it changes."""
    return Act.objects.create(
        state=ActState.PENDING,
        kind=act.kind,
        number=amendment["number"] or "",
        date=amendment["date"],
        amends=act,
        adopted_by=act.adopted_by,
        in_force_from=amendment["in_force_from"] or amendment["date"],
        reading={"cells": amendment["cells"]},
        imported_by_id=actor.user_id,
        imported_at=now,
    )


@transaction.atomic
def enter_amendment(
    *, actor: Actor, now: dt.datetime, plan: Plan, number: str, date: dt.date, in_force_from: dt.date, cells: list[dict[str, str]]
) -> Act:
    """An amendment by hand (or from its own text, read into a draft): waits to be applied. Raises Refused or RuleBroken."""
    require(actor, Permission.DRAFT_CORRECT, f"plan:{plan.code}")
    known = set(Measure.objects.filter(plan=plan).values_list("number", flat=True))
    for cell in cells:
        if cell["measure"] not in known:
            raise RuleBroken(_("The plan has no measure %(number)s.") % {"number": cell["measure"]})
    if not cells:
        raise RuleBroken(_("An amendment changes at least one cell."))
    found = {"number": number, "date": date, "in_force_from": in_force_from, "cells": cells}
    act = pending(plan.act, found, actor, now)
    record(actor.user_id, AuditEvent.ACT_IMPORTED, f"act:{act.id}", amends=plan.code, cells=len(cells))
    return act


@transaction.atomic
def attach_amendment(*, actor: Actor, now: dt.datetime, act_id: int, plan: Plan, in_force_from: dt.date) -> Act:
    """Tie a draft of an amending act to the plan it changes; it then waits to be applied. Raises Refused or RuleBroken."""
    require(actor, Permission.DRAFT_CORRECT, f"act:{act_id}")
    act = locked_draft(act_id)
    cells = [cell for item in act.reading.get("amends", []) for cell in item["cells"]]
    if act.reading.get("measures") or not cells:
        raise RuleBroken(_("This act changes no cell of a plan."))
    act.state, act.amends, act.in_force_from, act.reading = ActState.PENDING, plan.act, in_force_from, {"cells": cells}
    act.save(update_fields=["state", "amends", "in_force_from", "reading"])
    record(actor.user_id, AuditEvent.ACT_IMPORTED, f"act:{act.id}", amends=plan.code, cells=len(cells))
    return act


@transaction.atomic
def apply_amendment(*, actor: Actor, now: dt.datetime, act_id: int) -> Plan:
    """Put a waiting amendment in force: new dated cells beside the old ones, and duties compiled anew.

    Each changed cell is the one in force the day before with its words replaced. Raises Refused, or RuleBroken when a
    cell's words are not there.
    """
    require(actor, Permission.PLAN_AMEND, f"act:{act_id}")
    act = Act.objects.select_for_update(of=("self",)).select_related("amends__plan").filter(id=act_id, state=ActState.PENDING).first()
    if act is None or act.amends is None:
        raise RuleBroken(_("This amendment is not waiting to be applied."))
    plan = Plan.objects.select_for_update().get(id=act.amends.plan.id)
    bodies = Bodies(registry())
    _add_cells(plan, act, bodies, now)
    act.state, act.accepted_by_id, act.accepted_at = ActState.ADOPTED, actor.user_id, now
    act.save(update_fields=["state", "accepted_by", "accepted_at"])
    record(actor.user_id, AuditEvent.AMENDMENT_APPLIED, f"plan:{plan.code}", act=act.id, cells=len(act.reading["cells"]))
    founding = act.imported_at == plan.act.accepted_at  # the plan's own text carried it: its duties were never in force without it
    compile_plan(actor=actor, now=now, plan=plan, act=act, today=dt.date(plan.first_year, 1, 1) if founding else None)
    return plan


def _add_cells(plan: Plan, act: Act, bodies: Bodies, now: dt.datetime) -> None:
    assert act.in_force_from is not None
    day = act.in_force_from
    changed: dict[tuple[int, str], Any] = {}
    clauses: dict[int, str] = {}
    measures = {m.number: m for m in Measure.objects.filter(plan=plan, occurrence=1).prefetch_related("cells")}
    for item in act.reading["cells"]:
        measure, column = measures.get(item["measure"]), item["column"]
        if measure is None or column not in (Column.TEXT, Column.EXECUTORS, Column.TERMS, Column.RESULTS):
            raise RuleBroken(_("The plan has no measure %(number)s.") % {"number": item["measure"]})
        facts = [CellFact(c.column, c.value, c.in_force_from, c.known_since, c.id, c.in_force_to) for c in measure.cells.all()]
        current = changed.get((measure.id, column))
        if current is None:
            cell = in_force(facts, column, day)
            current = cell.value if cell else None
        if any(f.column == column and f.in_force_from > day for f in facts):
            raise RuleBroken(
                _("A later act has already changed measure %(number)s; apply amendments in the order they came into force.")
                % {"number": item["measure"]}
            )
        new = reword(column, current, item["old"], item["new"], bodies) if current is not None else None
        if new is None or new == current:
            raise RuleBroken(_("Measure %(number)s does not say “%(words)s”.") % {"number": item["measure"], "words": item["old"]})
        changed[measure.id, column] = new
        clauses[measure.id] = item["measure"]
    Cell.objects.bulk_create(
        Cell(measure_id=measure_id, column=column, value=value, act=act, clause=clauses[measure_id], in_force_from=day, known_since=now)
        for (measure_id, column), value in changed.items()
    )
