"""Loading plans from data (the demonstration country), by the same adoption as a person's."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.modules.plans.choices import ActState
from qalxan.modules.plans.models import Act, Measure, Plan, Section, Treaty
from qalxan.modules.plans.operations.acts import heading_fields
from qalxan.modules.plans.operations.adopt import PlanIdentity, adopt
from qalxan.modules.plans.operations.amend import apply_amendment


@transaction.atomic
def load_reading(
    *,
    actor: Actor,
    now: dt.datetime,
    code: str,
    names: Mapping[str, str],
    years: tuple[int, int | None],
    reading: dict[str, Any],
    titles: Iterable[Mapping[str, str]],
) -> Plan:
    """A plan from a reading, adopted with its amendments applied; an existing plan of that code is left as it is. Raises Refused."""
    require(actor, Permission.ACT_ADOPT, f"plan:{code}")
    plan = Plan.objects.filter(code=code).first()
    if plan is not None:
        return plan
    act = Act.objects.create(**heading_fields(reading["act"]), file_name="", reading=reading, imported_at=now)
    start = dt.date.fromisoformat(reading["act"]["in_force_from"] or reading["act"]["date"])
    identity = PlanIdentity(code, names["az"], names["en"], names["ru"], years[0], years[1], start)
    plan = adopt(actor=actor, now=now, act_id=act.id, version=act.version, identity=identity)
    name_shortly(plan, titles)
    for amendment in Act.objects.filter(amends=plan.act, state=ActState.PENDING):
        apply_amendment(actor=actor, now=now, act_id=amendment.id)
    return plan


def name_shortly(plan: Plan, titles: Iterable[Mapping[str, str]]) -> None:
    """Give sections and measures their short titles in three languages."""
    for row in titles:
        if row.get("result") or row.get("subline"):
            continue
        short = {f"short_{language}": row[f"title_{language}"] for language in ("az", "en", "ru")}
        occurrence = row.get("occurrence", "1")
        if not occurrence or not Measure.objects.filter(plan=plan, number=row["number"], occurrence=occurrence).update(**short):
            Section.objects.filter(plan=plan, number=row["number"]).update(**short)


def load_treaty_titles(rows: Iterable[Mapping[str, str]]) -> None:
    """Short titles of treaties in English and Russian, by the day they were concluded and their order."""
    by_day: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        by_day.setdefault(row["date"], []).append(row)
    for treaty in Treaty.objects.filter(title_en="").order_by("id"):
        same = by_day.get(treaty.concluded_on.isoformat() if treaty.concluded_on else "", [])
        if same:
            row = same.pop(0)
            Treaty.objects.filter(id=treaty.id).update(title_az=row["title_az"], title_en=row["title_en"], title_ru=row["title_ru"])
