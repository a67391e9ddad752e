"""Opening, extending and closing the windows in which bodies answer."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body
from qalxan.foundation.bodies.queries import answering
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.plans import public as plans
from qalxan.modules.plans.models import Plan
from qalxan.modules.reporting.choices import ReturnState, WindowState
from qalxan.modules.reporting.models import Answer, Extension, Return, StateChange, Window


@transaction.atomic
def open_window(*, actor: Actor, now: dt.datetime, plan: Plan, year: int, opens_on: dt.date, due_on: dt.date) -> Window:
    """Open the window for a year of a plan: one return per body that owes, one answer per duty.

    Raises Refused, or RuleBroken when the year has a window already, has no duties, or the days are out of order.
    """
    require(actor, Permission.WINDOW_MANAGE, f"plan:{plan.code}")
    if due_on < opens_on:
        raise RuleBroken(_("The window must open before answers are due."))
    if opens_on.year < year:
        raise RuleBroken(_("A window for a year opens in that year or later."))
    Plan.objects.select_for_update().get(id=plan.id)
    if Window.objects.filter(plan=plan, year=year).exists():
        raise RuleBroken(_("This year already has a window."))
    window = Window.objects.create(plan=plan, year=year, opens_on=opens_on, due_on=due_on, opened_at=now, opened_by_id=actor.user_id)
    returns, answers = follow_duties(window)
    if not answers:
        raise RuleBroken(_("The plan has no duties in this year, so there is nothing to answer."))
    record(actor.user_id, AuditEvent.WINDOW_OPENED, f"window:{plan.code}/{year}", returns=returns, answers=answers, due=due_on.isoformat())
    return window


@transaction.atomic
def follow_duties(window: Window) -> tuple[int, int]:
    """Give the window what its plan's duties ask for now; gives (returns, answers) added. Repeating it adds nothing.

    A body that ended is answered for by its successor. A group without a roster owes nothing by itself: its members do.
    """
    owed = plans.owed_in(window.plan_id, window.year)
    follower = answering((body for _duty, body in owed), window.opens_on)
    alone = set(
        Body.objects.filter(code__in=set(follower.values())).exclude(kind__in=["group", "open_list"]).values_list("code", flat=True)
    )
    wanted = {duty: follower[body] for duty, body in owed if follower[body] in alone}
    held = set(Return.objects.filter(window=window).values_list("body_id", flat=True))
    fresh = [Return(window=window, body_id=code, due_on=window.due_on) for code in sorted(set(wanted.values()) - held)]
    Return.objects.bulk_create(fresh, ignore_conflicts=True)
    of_body = dict(Return.objects.filter(window=window).values_list("body_id", "id"))
    known = set(Answer.objects.filter(of__window=window).values_list("duty_id", flat=True))
    answers = [Answer(of_id=of_body[code], duty_id=duty) for duty, code in wanted.items() if duty not in known]
    Answer.objects.bulk_create(answers, ignore_conflicts=True, batch_size=2000)
    return len(fresh), len(answers)


def _locked(window_id: int) -> Window:
    window = Window.objects.select_for_update().filter(id=window_id).first()
    if window is None or window.state != WindowState.OPEN:
        raise RuleBroken(_("The window is not open."))
    return window


@transaction.atomic
def extend(*, actor: Actor, now: dt.datetime, window_id: int, body: str, due_on: dt.date, reason: str) -> Extension:
    """Give a body more time, with the reason. Raises Refused, or RuleBroken."""
    require(actor, Permission.WINDOW_MANAGE, f"window:{window_id}")
    window = _locked(window_id)
    found = Return.objects.select_for_update().filter(window=window, body_id=body).first()
    if found is None:
        raise RuleBroken(_("This body owes no return in this window."))
    if due_on <= found.due_on:
        raise RuleBroken(_("The new day must be later than the present one."))
    if not reason.strip():
        raise RuleBroken(_("Say why the body gets more time."))
    extension = Extension.objects.create(window=window, body_id=body, due_on=due_on, reason=reason.strip(), by_id=actor.user_id, at=now)
    found.due_on = due_on
    found.save(update_fields=["due_on"])
    found.reminders.all().delete()
    record(actor.user_id, AuditEvent.WINDOW_EXTENDED, f"window:{window.id}", body=body, due=due_on.isoformat())
    return extension


@transaction.atomic
def close_window(*, actor: Actor, now: dt.datetime, window_id: int) -> Window:
    """Close a window: approved returns are locked, and whoever has not answered has not answered.

    Raises Refused, or RuleBroken while a submitted return waits for a decision.
    """
    require(actor, Permission.WINDOW_MANAGE, f"window:{window_id}")
    window = _locked(window_id)
    follow_duties(window)
    returns = list(Return.objects.select_for_update().filter(window=window))
    waiting = [r.body_id for r in returns if r.state == ReturnState.SUBMITTED]
    if waiting:
        raise RuleBroken(_("Decide first on the returns handed in by: %(bodies)s.") % {"bodies": ", ".join(waiting)})
    for found in returns:
        if found.state == ReturnState.APPROVED:
            StateChange.objects.create(of=found, before=found.state, after=ReturnState.LOCKED, by_id=actor.user_id, at=now)
            found.state = ReturnState.LOCKED
            found.save(update_fields=["state"])
            record(actor.user_id, AuditEvent.RETURN_LOCKED, f"return:{found.id}", body=found.body_id)
    window.state, window.closed_at, window.closed_by_id = WindowState.CLOSED, now, actor.user_id
    window.save(update_fields=["state", "closed_at", "closed_by"])
    silent = sum(1 for r in returns if r.state not in (ReturnState.LOCKED, ReturnState.REFUSED))
    record(actor.user_id, AuditEvent.WINDOW_CLOSED, f"window:{window.id}", returns=len(returns), silent=silent)
    return window
