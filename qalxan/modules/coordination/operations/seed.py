"""What the system is delivered with: two forums, their seats, outside recommendations, and the answer known to have been given."""

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.queries import registry
from qalxan.modules.coordination.choices import Capacity, ForumKind
from qalxan.modules.coordination.models import Forum, Membership, Recommendation, RecommendationAnswer
from qalxan.modules.plans import public as plans

DATA = Path(__file__).parents[1] / "data"
PLAN = "MFP-2020"
GUESTS = ("IXT_QHT", "BT")
"""Specialised NGOs and international organisations sit in both forums (measure 4.1.9); no source gives them a vote."""


@transaction.atomic
def load_seed(*, actor: Actor, now: dt.datetime) -> int:
    """Add what is missing of the delivered forums and recommendations; what people changed since is left alone.

    Gives how many rows were added. Seats and links follow the plan in force; where the plan is not loaded yet they wait for the next call.
    Raises Refused.
    """
    require(actor, Permission.COORDINATION_MANAGE, "coordination:seed")
    require(actor, Permission.RECOMMENDATION_EDIT, "coordination:seed")
    numbers, bodies = _plan(actor, now.date())
    added = sum(_forum(row, bodies) for row in _rows("forums.csv")) + sum(
        _recommendation(row, numbers) for row in _rows("recommendations.csv")
    )
    added += sum(_answer(row, now) for row in _rows("answers.csv"))
    if added:
        record(actor.user_id, AuditEvent.RECOMMENDATION_SET, "coordination:seed", added=added)
    return added


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _plan(actor: Actor, day: dt.date) -> tuple[dict[str, int], list[str]]:
    """The plan's measures by number, and its executing and recommended bodies as they stand on the day, groups left out."""
    try:
        view = plans.consolidation(actor, PLAN, day)
    except Absent:
        return {}, []
    rows = [row for section in view.sections for row in section.rows]
    known = registry()
    named = (known.in_office(n.body, day) for row in rows for n in (*row.executors, *row.recommended) if n.body and n.role != "involved")
    single = [code for code in named if known.kind(code) not in ("group", "open_list", "commission", "coordinator")]
    return {row.number: row.id for row in rows if row.occurrence == 1}, list(dict.fromkeys(single))


def _forum(row: dict[str, str], bodies: list[str]) -> int:
    """A forum with its seats. The working group is made of the plan's executing and recommended bodies; the commission's are not known."""
    forum, made = Forum.objects.get_or_create(code=row["code"], defaults=_forum_values(row))
    waits = forum.kind == ForumKind.WORKING_GROUP and not bodies
    if waits or forum.seats.exists():
        return int(made)
    voting = bodies if forum.kind == ForumKind.WORKING_GROUP else []
    seats = [(code, Capacity.VOTING) for code in voting] + [(code, Capacity.OBSERVER) for code in GUESTS]
    Membership.objects.bulk_create(Membership(forum=forum, body_id=code, capacity=capacity) for code, capacity in seats)
    return int(made) + len(seats)


def _forum_values(row: dict[str, str]) -> dict[str, str | None]:
    plain: dict[str, str | None] = {key: value for key, value in row.items() if key not in ("code", "chair")}
    return {**plain, "chair_id": row["chair"] or None}


def _recommendation(row: dict[str, str], numbers: dict[str, int]) -> int:
    years = {key: int(row[key]) if row[key] else None for key in ("year", "last_year")}
    plain = {key: value for key, value in row.items() if key not in ("code", "measures", *years)}
    found, made = Recommendation.objects.get_or_create(code=row["code"], defaults={**plain, **years})
    if made or not found.measures.exists():
        found.measures.set([numbers[n] for n in row["measures"].split(";") if n in numbers])
    return int(made)


def _answer(row: dict[str, str], now: dt.datetime) -> int:
    found = Recommendation.objects.get(code=row["recommendation"])
    values = {key: value for key, value in row.items() if key != "recommendation"}
    _, made = RecommendationAnswer.objects.get_or_create(
        recommendation=found, document=row["document"], given_on=row["given_on"], by=None, defaults={**values, "at": now}
    )
    return int(made)
