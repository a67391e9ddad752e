"""Putting acts in force: a plan by adoption, a change by applying an amendment."""

import datetime as dt
from dataclasses import dataclass
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
from qalxan.kernel.names import search_key
from qalxan.modules.plans.choices import ActState, Column
from qalxan.modules.plans.models import Act, Cell, Measure, Plan, Section, Treaty
from qalxan.modules.plans.operations.acts import locked_draft
from qalxan.modules.plans.operations.duties import compile_plan


@dataclass(frozen=True)
class PlanIdentity:
    """What a person says of a plan when adopting it: its code, names, and years (the last None where the act names no end)."""

    code: str
    title_az: str
    title_en: str
    title_ru: str
    first_year: int
    last_year: int | None
    in_force_from: dt.date


@transaction.atomic
def adopt(*, actor: Actor, now: dt.datetime, act_id: int, version: int, identity: PlanIdentity) -> Plan:
    """Put a draft in force as a plan: sections, measures, dated cells, duties; amendments it mentions wait to be applied.

    A consolidated text already carries its amendments: their cells are turned back to the older wording, and each
    amending act waits as an act of its own. Raises Refused or RuleBroken.
    """
    require(actor, Permission.ACT_ADOPT, f"act:{act_id}")
    act = locked_draft(act_id, version)
    reading = act.reading
    _may_be_adopted(act, reading, identity)
    act.state, act.accepted_by_id, act.accepted_at, act.in_force_from = ActState.ADOPTED, actor.user_id, now, identity.in_force_from
    act.save(update_fields=["state", "accepted_by", "accepted_at", "in_force_from"])
    plan = Plan.objects.create(
        code=identity.code,
        act=act,
        title_az=identity.title_az,
        title_en=identity.title_en,
        title_ru=identity.title_ru,
        first_year=identity.first_year,
        last_year=identity.last_year,
        principles=reading["principles"],
        financing=reading["financing"] or "",
        special_opinion=reading["special_opinion"] or "",
        needs_participation=bool(reading["special_opinion"]),
    )
    _sections_and_measures(plan, act, reading, now)
    _treaties(act, reading)
    for amendment in reading["amended_by"]:
        _pending(act, amendment, actor, now)
    record(actor.user_id, AuditEvent.ACT_ADOPTED, f"plan:{plan.code}", act=act.id, measures=len(reading["measures"]))
    compile_plan(actor=actor, now=now, plan=plan, act=act)
    return plan


def _may_be_adopted(act: Act, reading: dict[str, Any], identity: PlanIdentity) -> None:
    if not reading["measures"]:
        raise RuleBroken(_("This act has no measures to adopt; apply it to a plan instead."))
    if identity.last_year is not None and identity.last_year < identity.first_year:
        raise RuleBroken(_("The last year comes before the first."))
    if Plan.objects.filter(code=identity.code).exists():
        raise RuleBroken(_("A plan with the code %(code)s exists already.") % {"code": identity.code})
    errors = [item for item in reading["diagnostics"] if item["severity"] == "error"]
    if errors:
        raise RuleBroken(_("Line %(line)s of the text cannot be adopted as it stands.") % {"line": errors[0]["line"]})


def _sections_and_measures(plan: Plan, act: Act, reading: dict[str, Any], now: dt.datetime) -> None:
    sections = [Section(plan=plan, position=i, number=s["number"] or "", title=s["title"]) for i, s in enumerate(reading["sections"])]
    by_number = {section.number: section for section in Section.objects.bulk_create(sections)}
    before = _older_wording(reading)
    recommended = _recommended_by_measure(reading)
    start = act.in_force_from
    assert start is not None
    measures, cells = [], []
    for position, item in enumerate(reading["measures"]):
        measures.append(
            Measure(
                plan=plan,
                section=by_number.get(item["section"] or ""),
                position=position,
                number=item["number"] or "",
                occurrence=item["occurrence"],
                search=search_key(f"{item['number'] or ''} {item['text']} " + " ".join(r["text"] for r in item["results"])),
            )
        )
    for measure, item in zip(Measure.objects.bulk_create(measures), reading["measures"], strict=True):
        for column, value in _cells_of(item, recommended.get(item["number"] or "", []), before.get(item["number"] or "", {})).items():
            cells.append(
                Cell(
                    measure=measure,
                    column=column,
                    value=value,
                    act=act,
                    clause=item["number"] or "",
                    in_force_from=start,
                    known_since=now,
                )
            )
    Cell.objects.bulk_create(cells)


def _cells_of(item: dict[str, Any], recommended: list[dict[str, Any]], older: dict[str, Any]) -> dict[str, Any]:
    """The row's cells by column, those a later act changed in their older wording."""
    cells: dict[str, Any] = {
        Column.TEXT: {"text": item["text"], "sublines": item.get("sublines", [])},
        Column.EXECUTORS: [_entry(e) for e in item["executors"]],
        Column.TERMS: item["terms"],
    }
    if item["results"]:
        cells[Column.RESULTS] = [{"text": r["text"], "term": r["term"]} for r in item["results"]]
    if recommended:
        cells[Column.RECOMMENDED] = recommended
    if item.get("decided_by"):
        cells[Column.DECIDED_BY] = item["decided_by"]
    return {**cells, **older}


def _entry(executor: dict[str, Any]) -> dict[str, Any]:
    return {"body": executor["body"], "role": executor["role"], "as_written": executor["as_written"]}


def _recommended_by_measure(reading: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in reading["recommended"]:
        for number in item["measures"]:
            found.setdefault(number, []).append({"body": item["body"], "as_written": item["as_written"], "condition": item["condition"]})
    return found


def _older_wording(reading: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Measure → column → value before the amendments a consolidated text carries, newest undone first."""
    bodies = Bodies(registry())
    rows = {m["number"]: m for m in reading["measures"] if m["number"]}
    older: dict[str, dict[str, Any]] = {}
    for amendment in reversed(reading["amended_by"]):
        for cell in amendment["cells"]:
            row, column = rows.get(cell["measure"]), cell["column"]
            if row is None or column not in (Column.TEXT, Column.EXECUTORS):
                continue
            value = older.get(cell["measure"], {}).get(column)
            if value is None:
                value = (
                    [_entry(e) for e in row["executors"]]
                    if column == Column.EXECUTORS
                    else {"text": row["text"], "sublines": row.get("sublines", [])}
                )
            older.setdefault(cell["measure"], {})[column] = reword(value, cell["new"], cell["old"], bodies)
    return older


def reword(value: Any, old: str, new: str, bodies: Bodies) -> Any:
    """A cell's value with words replaced; bodies are read again from the new words. Words that do not occur change nothing."""
    if isinstance(value, dict):
        return {**value, "text": _replace(value["text"], old, new)}
    out = []
    for entry in value:
        written = _replace(entry["as_written"], old, new)
        if written == entry["as_written"]:
            out.append(entry)
            continue
        if not written:
            continue
        mentions = bodies.read(written).mentions
        out += [{**entry, "body": m.code, "as_written": written[m.start : m.end]} for m in mentions] or [
            {**entry, "body": None, "as_written": written}
        ]
    return out


def _replace(text: str, old: str, new: str) -> str:
    plain = " ".join(text.replace("<i>", "").replace("</i>", "").split())
    return plain.replace(old, new).strip() if old in plain else text


def _treaties(act: Act, reading: dict[str, Any]) -> None:
    Treaty.objects.bulk_create(
        Treaty(act=act, title_az=t["title"], concluded_on=t["date"], place=t["place"] or "") for t in reading["treaties"]
    )


def _pending(act: Act, amendment: dict[str, Any], actor: Actor, now: dt.datetime) -> Act:
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
    return _pending(plan.act, found, actor, now)


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
    compile_plan(actor=actor, now=now, plan=plan, act=act)
    return plan


def _add_cells(plan: Plan, act: Act, bodies: Bodies, now: dt.datetime) -> None:
    assert act.in_force_from is not None
    day = act.in_force_from
    changed: dict[tuple[int, str], Any] = {}
    clauses: dict[int, str] = {}
    measures = {m.number: m for m in Measure.objects.filter(plan=plan, occurrence=1).prefetch_related("cells")}
    for item in act.reading["cells"]:
        measure, column = measures.get(item["measure"]), item["column"]
        if measure is None or not column:
            raise RuleBroken(_("The plan has no measure %(number)s.") % {"number": item["measure"]})
        facts = [CellFact(c.column, c.value, c.in_force_from, c.known_since, c.id, c.in_force_to) for c in measure.cells.all()]
        current = changed.get((measure.id, column))
        if current is None:
            cell = in_force(facts, column, day)
            current = cell.value if cell else None
        new = reword(current, item["old"], item["new"], bodies) if current is not None else None
        if new is None or new == current:
            raise RuleBroken(_("Measure %(number)s does not say “%(words)s”.") % {"number": item["measure"], "words": item["old"]})
        changed[measure.id, column] = new
        clauses[measure.id] = item["measure"]
    Cell.objects.bulk_create(
        Cell(measure_id=measure_id, column=column, value=value, act=act, clause=clauses[measure_id], in_force_from=day, known_since=now)
        for (measure_id, column), value in changed.items()
    )
