"""Who may see which returns.

A body sees its own return in every state. The coordinator's office reads it once it is handed in, the evaluator too; readers, the
ombudsperson and auditors read what is approved. Nobody but the body reads a draft. That a body is silent is known to all who oversee.
"""

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.bodies.queries import lineage
from qalxan.modules.reporting.choices import FINAL, HANDED_IN, ReturnState
from qalxan.modules.reporting.models import Return

OFFICE = frozenset({Role.COORDINATOR, Role.COORDINATOR_OFFICE})
OVERSEERS = frozenset({Role.READER, Role.OMBUDSPERSON, Role.AUDITOR})
_OFFICE_READS = HANDED_IN | {ReturnState.RETURNED, ReturnState.REOPENED, ReturnState.REFUSED}
_NOTHING = Q(pk__in=[])


def own_bodies(actor: Actor, permission: Permission = Permission.RETURN_VIEW) -> frozenset[str]:
    """The bodies the actor answers for, with those they follow and those that follow them."""
    return frozenset(code for body in actor.bodies_with(permission) if _of_body(actor, body) for code in lineage(body))


def _of_body(actor: Actor, body: str) -> bool:
    return any(post.body == body and post.role in (Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT, Role.HEAD_OF_BODY) for post in actor.posts)


def _states(actor: Actor) -> frozenset[ReturnState]:
    """The states in which the actor may read any body's return."""
    roles = actor.roles()
    if roles & OFFICE:
        return _OFFICE_READS
    if Role.EVALUATOR in roles:
        return HANDED_IN
    return FINAL if roles & OVERSEERS else frozenset()


def return_scope(actor: Actor) -> Q:
    """The returns whose words the actor may read."""
    scope = _NOTHING
    if own := own_bodies(actor):
        scope |= Q(body_id__in=own)
    if states := _states(actor):
        scope |= Q(state__in=states)
    return scope


def may_see_return(actor: Actor, found: Return) -> bool:
    """The same answer for one return."""
    return found.body_id in own_bodies(actor) or found.state in _states(actor)


def may_write_return(actor: Actor, found: Return) -> bool:
    """Whether the actor answers in the name of the return's body."""
    return found.body_id in own_bodies(actor, Permission.RETURN_WRITE)
