"""What people do with a figure: enter, approve, choose between sources, withdraw; and figures from returns."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, Refused, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.figures import read_key
from qalxan.modules.reporting.choices import Qualifier
from qalxan.reports.statistics.choices import RETURN_CHANGED, Kind, Origin
from qalxan.reports.statistics.models import Choice, Fact
from qalxan.reports.statistics.operations.cells import Known, read_cells
from qalxan.reports.statistics.operations.reading import Line
from qalxan.reports.statistics.policy import may_approve


def one_at_a_time() -> None:
    """Hold other imports and entries until the transaction ends: two at once would both find a row missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('statistics rows'))")


def _fact(fact_id: int) -> Fact:
    """The fact, locked. Raises Absent, or RuleBroken when it is withdrawn."""
    fact = Fact.objects.select_for_update(of=("self",)).filter(id=fact_id).first() if 0 < fact_id < 2**63 else None
    if fact is None:
        raise Absent(f"fact:{fact_id}")
    if fact.withdrawn_at is not None:
        raise RuleBroken(_("This figure is withdrawn."))
    return fact


@transaction.atomic
def enter(*, actor: Actor, now: dt.datetime, cells: dict[str, str]) -> Fact:
    """Enter one typed figure from the cells of a row, as an import would take it. Raises Refused, BadCells, or RuleBroken when it is there."""
    require(actor, Permission.FACT_ENTER)
    one_at_a_time()
    (row,) = read_cells(Kind.FACTS, (), [Line(1, {name: text.strip() for name, text in cells.items()})], Known.now())
    stated = {name: value for name, value in row.items() if name not in ("place", "note", "figure", "decimals", "reporting_year", "origin")}
    if Fact.objects.filter(**stated, withdrawn_at=None).exists():
        raise RuleBroken(_("This source already states this figure."))
    fact = Fact.objects.create(**row, known_since=now, entered_by_id=actor.user_id)
    record(actor.user_id, AuditEvent.FACT_ENTERED, f"fact:{fact.id}", indicator=fact.indicator_id, year=fact.year)
    return fact


@transaction.atomic
def approve(*, actor: Actor, now: dt.datetime, ids: Sequence[int]) -> int:
    """Approve figures, all or none; those approved before stay as they are. Gives how many were approved.

    Raises Refused, Absent for an unknown one, RuleBroken for a withdrawn one or one the actor typed.
    """
    require(actor, Permission.FACT_APPROVE)
    wanted = [i for i in dict.fromkeys(ids) if 0 < i < 2**63]
    facts = list(Fact.objects.select_for_update(of=("self",)).filter(id__in=wanted).order_by("id"))
    if len(facts) < len(set(ids)):
        raise Absent("fact")
    if any(fact.withdrawn_at is not None for fact in facts):
        raise RuleBroken(_("This figure is withdrawn."))
    waiting = [fact for fact in facts if fact.approved_at is None]
    if not all(may_approve(actor, fact) for fact in waiting):
        raise RuleBroken(_("A figure is approved by another person than the one who entered it."))
    Fact.objects.filter(id__in=[fact.id for fact in waiting]).update(approved_by_id=actor.user_id, approved_at=now)
    if waiting:
        subject = f"fact:{waiting[0].id}" if len(waiting) == 1 else "figures:facts"
        record(actor.user_id, AuditEvent.FACT_APPROVED, subject, count=len(waiting), ids=_span(waiting))
    return len(waiting)


def _span(facts: list[Fact]) -> list[str]:
    """The ids as codes for the log; a long list as its first..last."""
    ids = [str(fact.id) for fact in facts]
    return ids if len(ids) <= 50 else [f"{ids[0]}..{ids[-1]}"]


@transaction.atomic
def choose(*, actor: Actor, now: dt.datetime, fact_id: int, reason: str) -> Choice:
    """Take this fact of all that are stated for the same thing, with a reason. Raises Refused, Absent, RuleBroken."""
    require(actor, Permission.FACT_APPROVE, f"fact:{fact_id}")
    fact = _fact(fact_id)
    if fact.approved_at is None:
        raise RuleBroken(_("Only an approved figure can be chosen."))
    if not reason.strip():
        raise RuleBroken(_("Say why this source is taken."))
    choice = Choice.objects.create(fact=fact, reason=reason.strip()[:500], by_id=actor.user_id, at=now)
    record(actor.user_id, AuditEvent.FACT_CHOSEN, f"fact:{fact.id}", indicator=fact.indicator_id, year=fact.year, key=fact.key)
    return choice


def choose_source(*, actor: Actor, now: dt.datetime, slot: tuple[str, str, int], source: str, reason: str) -> Choice:
    """Take what a source states of (code, key, year). Raises Refused, Absent when it states nothing approved, RuleBroken."""
    require(actor, Permission.FACT_APPROVE, f"source:{source}")
    code, key, year = slot
    stated = Fact.objects.filter(indicator_id=code, key=read_key(key), year=year, period_start=None, source__code=source)
    fact = stated.filter(approved_at__isnull=False, withdrawn_at=None).order_by("-id").first()
    if fact is None:
        raise Absent(f"source:{source}")
    return choose(actor=actor, now=now, fact_id=fact.id, reason=reason)


@transaction.atomic
def withdraw(*, actor: Actor, now: dt.datetime, fact_id: int, reason: str) -> None:
    """Withdraw a figure with a reason; it stays on record. Whoever approves may withdraw any, whoever entered one only while it waits.

    Raises Refused, Absent, RuleBroken.
    """
    require(actor, Permission.FACT_ENTER, f"fact:{fact_id}")
    fact = _fact(fact_id)
    own = fact.approved_at is None and fact.entered_by_id is not None and fact.entered_by_id == actor.user_id
    if not own and Permission.FACT_APPROVE not in actor.permissions:
        raise Refused(Permission.FACT_APPROVE, f"fact:{fact_id}")
    if not reason.strip():
        raise RuleBroken(_("Say why the figure is withdrawn."))
    _withdraw(actor, now, fact, reason.strip()[:500])


def _withdraw(actor: Actor, now: dt.datetime, fact: Fact, reason: str) -> None:
    fact.withdrawn_by_id, fact.withdrawn_at, fact.withdrawn_reason = actor.user_id, now, reason
    fact.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    record(actor.user_id, AuditEvent.FACT_WITHDRAWN, f"fact:{fact.id}", indicator=fact.indicator_id, year=fact.year)


@dataclass(frozen=True, slots=True)
class ReturnFigure:
    """A figure as computed from approved returns; contributors are {"return": id, "body": code, "value": "…"}."""

    indicator: str
    key: str
    qualifier: str
    value: Decimal | None
    contributors: tuple[dict[str, Any], ...] = ()
    decimals: int = 0

    def weighed(self) -> tuple[str, Decimal | None, list[tuple[str, str]]]:
        """What must be the same for a stored fact to stand: the value and who gave how much of it."""
        return self.qualifier, self.value, _shares(self.contributors)


def _shares(contributors: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    return sorted((str(c.get("body", "")), str(c.get("value", ""))) for c in contributors)


@transaction.atomic
def record_from_returns(*, actor: Actor, now: dt.datetime, year: int, values: Iterable[ReturnFigure]) -> tuple[int, int]:
    """Store the figures that approved returns give for a year; gives (new, withdrawn).

    `values` is everything the returns give: a figure that stands unchanged makes no new fact, a changed one makes a new fact and
    withdraws the earlier, one that is no longer there is withdrawn. The returns were approved, so their figures stand at once.
    Raises Refused, or ValueError on a split that does not exist.
    """
    require(actor, Permission.FACT_ENTER, f"year:{year}")
    wanted = {(value.indicator, read_key(value.key)): value for value in values}
    standing = {
        (fact.indicator_id, fact.key): fact
        for fact in Fact.objects.select_for_update(of=("self",)).filter(year=year, origin=Origin.RETURN, withdrawn_at=None)
    }
    gone = 0
    for slot, fact in standing.items():
        value = wanted.get(slot)
        if value is not None and value.weighed() == (fact.qualifier, fact.value, _shares(fact.contributors)):
            del wanted[slot]
            continue
        _withdraw(actor, now, fact, RETURN_CHANGED)
        gone += 1
    new = [
        Fact(indicator_id=code, key=key, year=year, reporting_year=year, qualifier=Qualifier(value.qualifier), value=value.value, decimals=value.decimals,
             origin=Origin.RETURN, contributors=list(value.contributors), known_since=now, entered_by_id=actor.user_id, approved_by_id=actor.user_id, approved_at=now)
        for (code, key), value in wanted.items()
    ]  # fmt: skip
    Fact.objects.bulk_create(new)
    if new:
        record(actor.user_id, AuditEvent.FACTS_IMPORTED, f"year:{year}", rows=len(standing) + len(new), added=len(new))
    return len(new), gone
