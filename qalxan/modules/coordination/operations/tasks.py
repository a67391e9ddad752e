"""Decisions of meetings as tasks: made, reported on by their owner, dropped or opened again by those who keep the record."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, Refused, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination import policy
from qalxan.modules.coordination.choices import MeetingState, StepKind, TaskState
from qalxan.modules.coordination.models import Task, TaskStep
from qalxan.modules.coordination.operations.forums import existing_body
from qalxan.modules.coordination.operations.meetings import locked_meeting


@transaction.atomic
def decide(*, actor: Actor, now: dt.datetime, meeting_id: int, text: str, owner: str, due_on: dt.date, measures: list[int]) -> Task:
    """Record a decision of a held meeting as a task of a body. Raises Refused, Absent, or RuleBroken.

    A meeting is held only with its quorum, so every task has one behind it. Any body of the registry may own one: the working group's
    members are the executing bodies, and a decision may ask another.
    """
    require(actor, Permission.COORDINATION_MANAGE, f"meeting:{meeting_id}")
    meeting = locked_meeting(meeting_id)
    if meeting.state != MeetingState.HELD:
        raise RuleBroken(_("Decisions are recorded for a meeting that was held with its quorum, until its minutes are approved."))
    if not text.strip():
        raise RuleBroken(_("Write what was decided."))
    if due_on < meeting.day:
        raise RuleBroken(_("A task cannot be due before the meeting that decided it."))
    last = meeting.tasks.aggregate(last=Max("number"))["last"] or 0
    task = Task.objects.create(meeting=meeting, number=last + 1, text=text.strip(), owner_id=existing_body(owner), due_on=due_on)
    task.measures.set(measures)
    record(actor.user_id, AuditEvent.DECISION_MADE, f"task:{task.id}", owner=owner, due=due_on.isoformat(), measures=len(measures))
    return task


def _locked(task_id: int) -> Task:
    task = Task.objects.select_for_update(of=("self",)).select_related("meeting__forum").filter(id=task_id).first()
    if task is None:
        raise Absent("task")
    return task


@transaction.atomic
def report_on(*, actor: Actor, now: dt.datetime, task_id: int, text: str, done: bool) -> TaskStep:
    """Report on a task for the body that owns it, as done or as going on. Raises Absent, Refused or RuleBroken."""
    require(actor, Permission.TASK_REPORT, f"task:{task_id}")
    task = _locked(task_id)
    if not policy.may_see_task(actor, task):
        raise Absent("task")
    if not policy.may_report(actor, task):
        raise Refused(Permission.TASK_REPORT, f"task:{task_id}")
    if task.state != TaskState.OPEN:
        raise RuleBroken(_("This task is closed."))
    return _step(actor, now, task, StepKind.DONE if done else StepKind.PROGRESS, text)


@transaction.atomic
def drop_task(*, actor: Actor, now: dt.datetime, task_id: int, reason: str) -> TaskStep:
    """Drop an open task, with the reason. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"task:{task_id}")
    task = _locked(task_id)
    if task.state != TaskState.OPEN:
        raise RuleBroken(_("This task is closed."))
    return _step(actor, now, task, StepKind.DROPPED, reason)


@transaction.atomic
def reopen_task(*, actor: Actor, now: dt.datetime, task_id: int, reason: str) -> TaskStep:
    """Open a closed task again, with the reason. Raises Refused, Absent or RuleBroken."""
    require(actor, Permission.COORDINATION_MANAGE, f"task:{task_id}")
    task = _locked(task_id)
    if task.state == TaskState.OPEN:
        raise RuleBroken(_("This task is open."))
    return _step(actor, now, task, StepKind.REOPENED, reason)


_LEADS_TO = {
    StepKind.PROGRESS: TaskState.OPEN,
    StepKind.DONE: TaskState.DONE,
    StepKind.DROPPED: TaskState.DROPPED,
    StepKind.REOPENED: TaskState.OPEN,
}


def _step(actor: Actor, now: dt.datetime, task: Task, kind: StepKind, text: str) -> TaskStep:
    if not text.strip():
        raise RuleBroken(_("Write it in a sentence or two."))
    step = TaskStep.objects.create(task=task, kind=kind, text=text.strip(), by_id=actor.user_id, at=now)
    task.state = _LEADS_TO[kind]
    task.save(update_fields=["state"])
    record(actor.user_id, AuditEvent.TASK_REPORTED, f"task:{task.id}", kind=kind.value)
    return step
