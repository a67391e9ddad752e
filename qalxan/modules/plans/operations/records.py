"""What people record beside measures. Each call checks its right and leaves a row in the log."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans.choices import CheckAnswer, MoneySource, Participation
from qalxan.modules.plans.models import Financing, Measure, ParticipationDecision, Plan, PrincipleCheck, Resolution, RosterEntry, Treaty
from qalxan.modules.plans.operations.duties import compile_plan


def _existing(codes: list[str]) -> list[str]:
    found = set(Body.objects.filter(code__in=codes).values_list("code", flat=True))
    missing = [code for code in codes if code not in found]
    if missing:
        raise RuleBroken(_("The registry has no body %(code)s.") % {"code": missing[0]})
    return list(dict.fromkeys(codes))


@transaction.atomic
def resolve_open_list(*, actor: Actor, now: dt.datetime, measure: Measure, as_written: str, bodies: list[str]) -> Resolution:
    """Name the bodies an open list of a measure stands for; duties follow. Raises Refused or RuleBroken."""
    require(actor, Permission.OPEN_LIST_RESOLVE, f"measure:{measure.id}")
    codes = _existing(bodies)
    if not codes:
        raise RuleBroken(_("Name at least one body."))
    entries = [e for cell in measure.cells.filter(column="executors") for e in cell.value if e["as_written"] == as_written]
    if not entries:
        raise RuleBroken(_("The measure names no such list."))
    named = entries[-1]["body"]
    resolution = Resolution.objects.create(measure=measure, as_written=as_written, bodies=codes, by_id=actor.user_id, at=now)
    record(actor.user_id, AuditEvent.OPEN_LIST_RESOLVED, f"measure:{measure.id}", bodies=codes)
    compile_plan(actor=actor, now=now, plan=measure.plan, expanding=frozenset({named}) if named else frozenset())
    return resolution


@transaction.atomic
def set_roster(*, actor: Actor, now: dt.datetime, plan: Plan, year: int, group: str, members: list[str]) -> None:
    """Set the members of a group for a plan and a year; duties follow. Raises Refused or RuleBroken."""
    require(actor, Permission.ROSTER_EDIT, f"plan:{plan.code}")
    codes = _existing(members)
    RosterEntry.objects.filter(plan=plan, year=year, group_id=group).delete()
    RosterEntry.objects.bulk_create(RosterEntry(plan=plan, year=year, group_id=group, member_id=code) for code in codes)
    record(actor.user_id, AuditEvent.ROSTER_SET, f"plan:{plan.code}", year=year, group=group, members=len(codes))
    compile_plan(actor=actor, now=now, plan=plan, expanding=frozenset({group}))


@transaction.atomic
def decide_participation(*, actor: Actor, now: dt.datetime, measure: Measure, answer: str, decided_on: dt.date | None, ground: str) -> None:
    """Record the decision on the state's part in a line of a programme. Raises Refused or RuleBroken."""
    require(actor, Permission.PARTICIPATION_DECIDE, f"measure:{measure.id}")
    if not measure.plan.needs_participation:
        raise RuleBroken(_("The state takes part in every measure of this plan."))
    if answer != Participation.OPEN and (decided_on is None or not ground.strip()):
        raise RuleBroken(_("A decision needs its date and its ground."))
    ParticipationDecision.objects.create(
        measure=measure, answer=Participation(answer), decided_on=decided_on, ground=ground.strip(), by_id=actor.user_id, at=now
    )
    record(actor.user_id, AuditEvent.PARTICIPATION_DECIDED, f"measure:{measure.id}", answer=answer)


@transaction.atomic
def record_financing(
    *, actor: Actor, now: dt.datetime, measure: Measure, body: str, year: int, source: str, amount: Decimal | None, currency: str, note: str
) -> Financing:
    """Record money for a measure by body and year; an amount that is not known stays empty. Raises Refused or RuleBroken."""
    require(actor, Permission.FINANCING_RECORD, f"measure:{measure.id}")
    (code,) = _existing([body])
    if amount is not None and amount < 0:
        raise RuleBroken(_("An amount cannot be below zero."))
    row = Financing.objects.create(
        measure=measure,
        body_id=code,
        year=year,
        source=MoneySource(source),
        amount=amount,
        currency=currency,
        note=note,
        by_id=actor.user_id,
        at=now,
    )
    record(actor.user_id, AuditEvent.FINANCING_RECORDED, f"measure:{measure.id}", body=code, year=year, source=source)
    return row


@transaction.atomic
def check_principle(*, actor: Actor, now: dt.datetime, measure: Measure, principle: int, answer: str, reason: str) -> None:
    """Answer whether a measure follows one of its plan's working principles; "no" needs its reason. Raises Refused or RuleBroken."""
    require(actor, Permission.PRINCIPLE_CHECK, f"measure:{measure.id}")
    if not 1 <= principle <= len(measure.plan.principles):
        raise RuleBroken(_("The plan has no such principle."))
    if answer == CheckAnswer.NO and not reason.strip():
        raise RuleBroken(_("Say why the measure does not follow the principle."))
    PrincipleCheck.objects.create(
        measure=measure, principle=principle, answer=CheckAnswer(answer), reason=reason.strip(), by_id=actor.user_id, at=now
    )
    record(actor.user_id, AuditEvent.PRINCIPLE_CHECKED, f"measure:{measure.id}", principle=principle, answer=answer)


@transaction.atomic
def record_treaty(
    *, actor: Actor, treaty_id: int, signed_on: dt.date | None, ratified_on: dt.date | None, in_force_on: dt.date | None, source: str
) -> None:
    """Record the state's signature, ratification and entry into force of a treaty, with the document that says so; unknown stays empty.

    Raises Refused, or RuleBroken when the treaty is not there or the dates run backwards.
    """
    require(actor, Permission.TREATY_RECORD, f"treaty:{treaty_id}")
    treaty = Treaty.objects.select_for_update().filter(id=treaty_id).first()
    if treaty is None:
        raise RuleBroken(_("There is no such treaty."))
    known = [day for day in (treaty.concluded_on, signed_on, ratified_on) if day]
    if known != sorted(known):
        raise RuleBroken(_("A treaty is concluded, then signed, then ratified: the dates run backwards."))
    treaty.signed_on, treaty.ratified_on, treaty.in_force_on, treaty.source = signed_on, ratified_on, in_force_on, source.strip()
    treaty.save(update_fields=["signed_on", "ratified_on", "in_force_on", "source"])
    record(actor.user_id, AuditEvent.TREATY_RECORDED, f"treaty:{treaty_id}")
