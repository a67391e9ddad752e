"""Putting acts in force: a plan by adoption, a change by applying an amendment."""

import datetime as dt
from collections.abc import Callable
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
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.names import search_key
from qalxan.modules.plans.choices import ActState, Column
from qalxan.modules.plans.models import Act, Cell, Measure, Plan, Section, Treaty
from qalxan.modules.plans.operations.acts import locked_draft
from qalxan.modules.plans.operations.amend import pending, reword
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

    Only a named person can do it.

    A consolidated text already carries its amendments: their cells are turned back to the older wording, and each
    amending act waits as an act of its own. Raises Refused or RuleBroken.
    """
    require(actor, Permission.ACT_ADOPT, f"act:{act_id}")
    if actor.user_id is None:
        raise RuleBroken(_("Only a named person can put an act in force."))
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
        pending(act, amendment, actor, now)
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
        for column, value in _cells_of(item, *_first_only(item, recommended, before)).items():
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


def _first_only(item: dict[str, Any], recommended: dict[str, Any], before: dict[str, Any]) -> tuple[Any, Any]:
    """What notes say of a number goes to the first measure that bears it."""
    number = item["number"] if item["occurrence"] == 1 else None
    return recommended.get(number or "", []), before.get(number or "", {})


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


_ORIGINAL: dict[str, Callable[[dict[str, Any]], Any]] = {
    Column.TEXT: lambda row: {"text": row["text"], "sublines": row.get("sublines", [])},
    Column.EXECUTORS: lambda row: [_entry(e) for e in row["executors"]],
    Column.TERMS: lambda row: row["terms"],
    Column.RESULTS: lambda row: [{"text": r["text"], "term": r["term"]} for r in row["results"]],
}


def _older_wording(reading: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Measure → column → value before the amendments a consolidated text carries, newest undone first."""
    bodies = Bodies(registry())
    rows = {m["number"]: m for m in reading["measures"] if m["number"]}
    older: dict[str, dict[str, Any]] = {}
    for amendment in reversed(reading["amended_by"]):
        for cell in amendment["cells"]:
            row, column = rows.get(cell["measure"]), cell["column"]
            if row is None or column not in _ORIGINAL:
                continue
            value = older.get(cell["measure"], {}).get(column)
            if value is None:
                value = _ORIGINAL[column](row)
            older.setdefault(cell["measure"], {})[column] = reword(column, value, cell["new"], cell["old"], bodies)
    return older


def _treaties(act: Act, reading: dict[str, Any]) -> None:
    Treaty.objects.bulk_create(
        Treaty(act=act, title_az=t["title"], concluded_on=t["date"], place=t["place"] or "") for t in reading["treaties"]
    )
