"""Who may see which meetings and tasks.

Forums with their seats and outside recommendations are open to all who may see coordination. Meetings are seen whole by those who oversee,
and by a body (with its predecessors and successors) for the forums where it sits; a body that gave its seat up keeps the meetings of its time.
A task is seen with its meeting, and by the body that owns it.
"""

from django.db.models import Exists, OuterRef, Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.bodies.queries import lineage
from qalxan.modules.coordination.models import Meeting, Membership, Task

OVERSEERS = frozenset({Role.COORDINATOR, Role.COORDINATOR_OFFICE, Role.READER, Role.EVALUATOR, Role.OMBUDSPERSON, Role.AUDITOR})
_NOTHING = Q(pk__in=[])


def oversees(actor: Actor) -> bool:
    """Whether the actor sees every meeting and task."""
    return bool(actor.roles() & OVERSEERS)


def bodies_with(actor: Actor, right: Permission) -> frozenset[str]:
    """The bodies in whose name the actor holds a right, with their predecessors and successors."""
    return frozenset(code for body in actor.bodies_with(right) for code in lineage(body))


def meeting_scope(actor: Actor) -> Q:
    """The meetings the actor may see."""
    if oversees(actor):
        return Q()
    own = bodies_with(actor, Permission.COORDINATION_VIEW)
    return Q(_seated("forum_id", "day", own)) if own else _NOTHING


def _seated(forum: str, day: str, own: frozenset[str]) -> Exists:
    """A seat of one's own that stands, or that stood on the meeting's day."""
    then = (Q(since=None) | Q(since__lte=OuterRef(day))) & Q(until__gte=OuterRef(day))
    return Exists(Membership.objects.filter(Q(until=None) | then, forum_id=OuterRef(forum), body_id__in=own))


def may_see_meeting(actor: Actor, meeting: Meeting) -> bool:
    """The same answer for one meeting."""
    if oversees(actor):
        return True
    own = bodies_with(actor, Permission.COORDINATION_VIEW)
    seats = [seat for seat in meeting.forum.seats.all() if seat.body_id in own]
    return any(seat.until is None or ((seat.since is None or seat.since <= meeting.day) and meeting.day <= seat.until) for seat in seats)


def task_scope(actor: Actor) -> Q:
    """The tasks the actor may see: those of meetings they may see, and those their body owns."""
    if oversees(actor):
        return Q()
    own = bodies_with(actor, Permission.COORDINATION_VIEW)
    return Q(owner_id__in=own) | Q(_seated("meeting__forum_id", "meeting__day", own)) if own else _NOTHING


def may_see_task(actor: Actor, task: Task) -> bool:
    """The same answer for one task."""
    return task.owner_id in bodies_with(actor, Permission.COORDINATION_VIEW) or may_see_meeting(actor, task.meeting)


def may_report(actor: Actor, task: Task) -> bool:
    """Whether the actor may report on the task: a post of the body that owns it, or of its successor."""
    return task.owner_id in bodies_with(actor, Permission.TASK_REPORT)
