"""Who may see which rows of plans.

Plans in force are public law for everyone signed in. Drafts belong to those who prepare them. Duties are seen whole by
those who oversee, and by a focal point for their own body with its predecessors and successors.
"""

from django.db.models import Q

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.bodies.queries import lineage
from qalxan.modules.plans.choices import ActState
from qalxan.modules.plans.models import Act, Duty

OVERSEERS = frozenset({Role.COORDINATOR, Role.COORDINATOR_OFFICE, Role.READER, Role.EVALUATOR, Role.OMBUDSPERSON, Role.AUDITOR})
_NOTHING = Q(pk__in=[])


def own_bodies(actor: Actor) -> frozenset[str]:
    """The bodies whose duties the actor answers for: those of their posts, with predecessors and successors."""
    return frozenset(code for body in actor.bodies_with(Permission.DUTY_VIEW) for code in lineage(body))


def duty_scope(actor: Actor) -> Q:
    """The duties the actor may see."""
    if actor.roles() & OVERSEERS:
        return Q()
    own = own_bodies(actor)
    return Q(body_id__in=own) if own else _NOTHING


def may_see_duty(actor: Actor, duty: Duty) -> bool:
    """The same answer for one duty."""
    return bool(actor.roles() & OVERSEERS) or duty.body_id in own_bodies(actor)


def may_see_body_duties(actor: Actor, body: str) -> bool:
    """Whether the actor may open a body's duties."""
    return bool(actor.roles() & OVERSEERS) or body in own_bodies(actor)


def act_scope(actor: Actor) -> Q:
    """The acts the actor may see: those in force for all, drafts for those who prepare them."""
    if Permission.DRAFT_VIEW in actor.permissions:
        return ~Q(state=ActState.DISCARDED)
    return Q(state=ActState.ADOPTED) if Permission.PLAN_VIEW in actor.permissions else _NOTHING


def may_see_act(actor: Actor, act: Act) -> bool:
    """The same answer for one act."""
    if act.state == ActState.DISCARDED:
        return False
    right = Permission.PLAN_VIEW if act.state == ActState.ADOPTED else Permission.DRAFT_VIEW
    return right in actor.permissions
