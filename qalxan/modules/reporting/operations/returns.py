"""The life of a return: handed in, sent back, approved, re-opened, refused."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, Refused, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting import policy
from qalxan.modules.reporting.choices import FINAL, WRITABLE, ReturnState, Stance, Voice, WindowState
from qalxan.modules.reporting.models import Parked, Rating, Return, StateChange


def held(actor: Actor, permission: Permission, return_id: int) -> Return:
    """A return, locked for a change, after checking the right. Raises Absent or Refused."""
    found = Return.objects.select_for_update(of=("self",)).select_related("window").filter(id=return_id).first()
    if found is None or not policy.may_see_return(actor, found):
        raise Absent(f"return:{return_id}")
    require(actor, permission, f"return:{return_id}")
    if permission == Permission.RETURN_WRITE and not policy.may_write_return(actor, found):
        raise Refused(permission, f"return:{return_id}")
    return found


def _move(found: Return, after: ReturnState, *, actor: Actor, now: dt.datetime, note: str = "") -> None:
    StateChange.objects.create(of=found, before=found.state, after=after, note=note, by_id=actor.user_id, at=now)
    found.state, found.note = after, note
    found.save(update_fields=["state", "note", "submitted_at", "submitted_by", "decided_at", "decided_by"])


def must_be_open(found: Return) -> None:
    """Refuse when the window is closed, unless the coordinator re-opened this return."""
    if found.window.state != WindowState.OPEN and found.state != ReturnState.REOPENED:
        raise RuleBroken(_("The window is closed. Ask the coordinator's office to re-open your return."))


@transaction.atomic
def submit(*, actor: Actor, now: dt.datetime, return_id: int) -> Return:
    """Hand a return in. Every duty needs an answer, "nothing to report" or a refusal with its reason.

    Raises Absent, Refused, or RuleBroken naming the duties still open.
    """
    found = held(actor, Permission.RETURN_WRITE, return_id)
    must_be_open(found)
    if found.state not in WRITABLE:
        raise RuleBroken(_("This return is already handed in."))
    answers = list(found.answers.exclude(duty__state="withdrawn").select_related("duty__measure"))
    lacking = [a for a in answers if a.stance == Stance.NONE or (a.stance != Stance.NOTHING and not a.narrative.strip())]
    if lacking:
        labels = sorted({plans.measure_label(a.duty.measure.number, a.duty.measure.occurrence, a.duty.result) for a in lacking})
        raise RuleBroken(_("Answer these duties first: %(duties)s.") % {"duties": ", ".join(labels)})
    if Parked.objects.filter(answer__of=found, settled_at=None).exists():
        raise RuleBroken(_("Two people wrote at once: settle the parked words first."))
    found.submitted_at, found.submitted_by_id = now, actor.user_id
    found.decided_at = found.decided_by_id = None
    for answer in answers:
        if answer.self_rating:
            Rating.objects.create(answer=answer, voice=Voice.BODY, value=answer.self_rating, by_id=actor.user_id, at=now)
    _move(found, ReturnState.SUBMITTED, actor=actor, now=now)
    late = (now.date() - found.due_on).days
    record(
        actor.user_id, AuditEvent.RETURN_SUBMITTED, f"return:{found.id}", body=found.body_id, answers=len(answers), days_late=max(0, late)
    )
    return found


@transaction.atomic
def refuse(*, actor: Actor, now: dt.datetime, return_id: int, reason: str) -> Return:
    """The body says that it will not answer at all, and why. That is an answer of its own kind, not silence."""
    found = held(actor, Permission.RETURN_WRITE, return_id)
    must_be_open(found)
    if found.state not in WRITABLE:
        raise RuleBroken(_("This return is already handed in."))
    if not reason.strip():
        raise RuleBroken(_("Say why the body refuses to answer."))
    found.submitted_at, found.submitted_by_id = now, actor.user_id
    _move(found, ReturnState.REFUSED, actor=actor, now=now, note=reason.strip())
    record(actor.user_id, AuditEvent.RETURN_REFUSED, f"return:{found.id}", body=found.body_id)
    return found


def _decide(actor: Actor, now: dt.datetime, return_id: int, wanted: frozenset[ReturnState]) -> Return:
    found = held(actor, Permission.RETURN_REVIEW, return_id)
    if found.state not in wanted:
        raise RuleBroken(_("The return changed meanwhile. Look at it again."))
    found.decided_at, found.decided_by_id = now, actor.user_id
    return found


@transaction.atomic
def send_back(*, actor: Actor, now: dt.datetime, return_id: int, note: str) -> Return:
    """Send a submitted return back with a note. Raises Absent, Refused, or RuleBroken."""
    found = _decide(actor, now, return_id, frozenset({ReturnState.SUBMITTED}))
    if not note.strip():
        raise RuleBroken(_("Write what the body should change."))
    _move(found, ReturnState.RETURNED, actor=actor, now=now, note=note.strip())
    record(actor.user_id, AuditEvent.RETURN_SENT_BACK, f"return:{found.id}", body=found.body_id)
    return found


@transaction.atomic
def approve(*, actor: Actor, now: dt.datetime, return_id: int) -> Return:
    """Approve a submitted return: its figures count and its duties are answered. Raises Absent, Refused, or RuleBroken."""
    found = _decide(actor, now, return_id, frozenset({ReturnState.SUBMITTED}))
    closed = found.window.state == WindowState.CLOSED
    _move(found, ReturnState.LOCKED if closed else ReturnState.APPROVED, actor=actor, now=now)
    duties = found.answers.filter(stance__in=[Stance.DONE, Stance.NOTHING]).values_list("duty_id", flat=True)
    plans.set_answered(duties, answered=True)
    record(actor.user_id, AuditEvent.RETURN_APPROVED, f"return:{found.id}", body=found.body_id)
    return found


@transaction.atomic
def reopen(*, actor: Actor, now: dt.datetime, return_id: int, reason: str) -> Return:
    """Re-open an approved, locked or refused return, with the reason; sealed reports stay as they are."""
    found = _decide(actor, now, return_id, FINAL | {ReturnState.REFUSED})
    if not reason.strip():
        raise RuleBroken(_("Say why the return is re-opened."))
    _move(found, ReturnState.REOPENED, actor=actor, now=now, note=reason.strip())
    plans.set_answered(found.answers.values_list("duty_id", flat=True), answered=False)
    record(actor.user_id, AuditEvent.RETURN_REOPENED, f"return:{found.id}", body=found.body_id)
    return found
