"""The coordinator's and the independent evaluator's ratings, and whether a measure can be checked at all."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.accounts.queries import ever_held
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans.models import Measure
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import HANDED_IN, RatingValue, Voice
from qalxan.modules.reporting.models import Answer, Rating, Verifiability
from qalxan.modules.reporting.queries.years import checkable_measures

_RIGHT = {Voice.COORDINATOR: Permission.RATE_COORDINATOR, Voice.EVALUATOR: Permission.RATE_INDEPENDENT}


@transaction.atomic
def rate(*, actor: Actor, now: dt.datetime, answer_id: int, voice: Voice, value: RatingValue, evidence: str, reason: str) -> Rating:
    """Rate an answer. A rating other than the body's own needs its reason.

    The evaluator can never be the coordinator: whoever holds or held a post of the coordinator's office since the reported year
    began may not rate independently (Rules on state programmes of 2021). Raises Absent, Refused, RuleBroken.
    """
    require(actor, _RIGHT[voice], f"answer:{answer_id}")
    answer = Answer.objects.select_related("of__window", "duty").filter(id=answer_id).first()
    if answer is None or not policy.may_see_return(actor, answer.of):
        raise Absent(f"answer:{answer_id}")
    if answer.of.state not in HANDED_IN:
        raise RuleBroken(_("An answer can be rated once it is handed in."))
    if voice == Voice.EVALUATOR and _was_coordinator(actor, answer.of.window.year):
        raise RuleBroken(_("Who coordinates the plan cannot evaluate it independently."))
    if not can_be_checked(answer.duty.measure_id):
        raise RuleBroken(_("This measure was judged impossible to check, so it is not rated."))
    if value != answer.self_rating and not reason.strip():
        raise RuleBroken(_("Your rating differs from the body's own. Give the reason."))
    rating = Rating.objects.create(
        answer=answer, voice=voice, value=value, evidence=evidence.strip(), reason=reason.strip(), by_id=actor.user_id, at=now
    )
    record(actor.user_id, AuditEvent.RATED, f"answer:{answer_id}", voice=voice.value, value=value.value)
    return rating


def _was_coordinator(actor: Actor, year: int) -> bool:
    if actor.roles() & policy.OFFICE:
        return True
    offices = (Role.COORDINATOR, Role.COORDINATOR_OFFICE)
    return actor.user_id is None or ever_held(actor.user_id, offices, dt.datetime(year, 1, 1, tzinfo=dt.UTC))


def can_be_checked(measure_id: int) -> bool:
    """Whether a measure can be checked; one that nobody judged yet can."""
    newest = Verifiability.objects.filter(measure=measure_id).order_by("-id").first()
    return newest is None or newest.checkable


@transaction.atomic
def judge_plan(*, actor: Actor, now: dt.datetime, code: str, judged: Mapping[int, tuple[str, str]]) -> int:
    """Judge measures of a plan together, as at its adoption; gives how many judgements are new. Raises Refused, Absent, RuleBroken."""
    _title, rows = checkable_measures(actor, code)
    measures = Measure.objects.in_bulk([row.id for row in rows])
    kept = 0
    for row in rows:
        answer, reason = judged.get(row.id, ("", ""))
        if answer not in ("0", "1") or (row.checkable is not None and (answer == "1", reason) == (row.checkable, row.reason)):
            continue
        if not reason:
            raise RuleBroken(_("Give the reason for %(measure)s.") % {"measure": row.label})
        set_verifiability(actor=actor, now=now, measure=measures[row.id], checkable=answer == "1", reason=reason[:500])
        kept += 1
    return kept


@transaction.atomic
def set_verifiability(*, actor: Actor, now: dt.datetime, measure: Measure, checkable: bool, reason: str) -> Verifiability:
    """Judge whether a measure can be checked at all, with the reason. Raises Refused, RuleBroken."""
    require(actor, Permission.VERIFIABILITY_SET, f"measure:{measure.id}")
    if not reason.strip():
        raise RuleBroken(_("Give the reason."))
    judged = Verifiability.objects.create(measure=measure, checkable=checkable, reason=reason.strip(), by_id=actor.user_id, at=now)
    record(actor.user_id, AuditEvent.VERIFIABILITY_SET, f"measure:{measure.id}", checkable=int(checkable))
    return judged
