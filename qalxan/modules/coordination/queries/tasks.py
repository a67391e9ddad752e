"""Tasks: lists by body and state, and one with what was said of it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.guard import Absent, require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import names_of
from qalxan.foundation.bodies.queries import lineage, names
from qalxan.modules.coordination import policy
from qalxan.modules.coordination.choices import StepKind, TaskState
from qalxan.modules.coordination.models import Task
from qalxan.modules.coordination.queries.words import day_words, in_language, measures_of
from qalxan.modules.plans.public import MeasureRef


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list."""

    id: int
    number: int
    text: str
    owner: str
    owner_name: str
    due: str
    due_on: dt.date
    overdue: bool
    state: str
    state_label: str
    forum: str
    forum_name: str
    meeting: int
    meeting_day: str
    measures: tuple[MeasureRef, ...]


def task_rows(actor: Actor, which: Q, today: dt.date) -> list[TaskRow]:
    """The tasks of a filter that the actor may see, by due date; overdue ones stand first."""
    require(actor, Permission.COORDINATION_VIEW)
    found = Task.objects.filter(policy.task_scope(actor), which).select_related("meeting__forum").order_by("due_on", "id")
    tasks, bodies = list(found), names()
    linked = measures_of(actor, Task.measures.through, "task", [task.id for task in tasks])
    rows = [
        TaskRow(
            t.id, t.number, t.text, t.owner_id, bodies.get(t.owner_id, t.owner_id), day_words(t.due_on), t.due_on,
            t.state == TaskState.OPEN and t.due_on < today, t.state, str(TaskState(t.state).label), t.meeting.forum.code,
            in_language(t.meeting.forum, "name"), t.meeting_id, day_words(t.meeting.day), tuple(linked.get(t.id, ())),
        )
        for t in tasks
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row.overdue, row.state != TaskState.OPEN))


def task_list(actor: Actor, *, body: str, state: str, today: dt.date) -> list[TaskRow]:
    """Tasks by owner (with its predecessors and successors) and state ("" for all, "overdue" for open ones past their day)."""
    which = Q(owner_id__in=lineage(body)) if body else Q()
    if state == "overdue":
        which &= Q(state=TaskState.OPEN, due_on__lt=today)
    elif state in TaskState.values:
        which &= Q(state=state)
    return task_rows(actor, which, today)


def owners(actor: Actor) -> list[tuple[str, str]]:
    """The bodies that own a task the actor may see, by name."""
    require(actor, Permission.COORDINATION_VIEW)
    bodies = names()
    codes = set(Task.objects.filter(policy.task_scope(actor)).values_list("owner_id", flat=True))
    return sorted(((code, bodies.get(code, code)) for code in codes), key=lambda pair: pair[1])


def tasks_of_body(actor: Actor, body: str, today: dt.date) -> list[TaskRow]:
    """A body's open tasks that the actor may see, overdue first: for the home page. Raises Refused."""
    return task_list(actor, body=body, state=TaskState.OPEN, today=today)


@dataclass(frozen=True, slots=True)
class StepRow:
    """What was said of a task."""

    kind: str
    label: str
    text: str
    by: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A task with its history, and what the reader may do."""

    row: TaskRow
    steps: tuple[StepRow, ...]
    sees_meeting: bool
    may_report: bool


def task_page(actor: Actor, task_id: int, today: dt.date) -> TaskPage:
    """Everything a task's page shows. Raises Refused or Absent."""
    require(actor, Permission.COORDINATION_VIEW, f"task:{task_id}")
    task = Task.objects.select_related("meeting__forum").filter(id=task_id).first()
    if task is None or not policy.may_see_task(actor, task):
        raise Absent("task")
    steps = list(task.steps.all())
    persons = names_of({s.by_id for s in steps if s.by_id})
    return TaskPage(
        task_rows(actor, Q(id=task_id), today)[0],
        tuple(StepRow(s.kind, str(StepKind(s.kind).label), s.text, persons.get(s.by_id or 0, ""), s.at) for s in steps),
        policy.may_see_meeting(actor, task.meeting),
        policy.may_report(actor, task),
    )
