"""The guard at every door: `require` answers or refuses; refusals are written to the log."""

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record


class Refused(Exception):
    """The actor may see the thing but not do this to it (HTTP 403)."""


class Absent(Exception):
    """The thing is not there, or the actor may not know of it: both look the same (HTTP 404)."""


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's posts carries the right."""
    return permission in actor.permissions


def require(actor: Actor, permission: Permission, subject: str = "") -> None:
    """Pass, or raise Refused and leave a row in the log (of its own, so no rollback erases it)."""
    if not allowed(actor, permission):
        record(actor.user_id, AuditEvent.REFUSED, subject or permission.value, permission=permission.value)
        raise Refused(permission.value)
