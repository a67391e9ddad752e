"""The guard at every door: `require` answers or refuses; refusals go to the log."""

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import Permission


class Refused(Exception):
    """The actor may see the thing but not do this to it (HTTP 403).

    The page frame writes it to the log after the refused transaction is gone, so that no rollback erases the row.
    """

    def __init__(self, permission: Permission, subject: str = "") -> None:
        super().__init__(permission.value)
        self.permission, self.subject = permission, subject or permission.value


class Absent(Exception):
    """The thing is not there, or the actor may not know of it: both look the same (HTTP 404)."""


def allowed(actor: Actor, permission: Permission) -> bool:
    """Whether one of the actor's posts carries the right."""
    return permission in actor.permissions


def require(actor: Actor, permission: Permission, subject: str = "") -> None:
    """Pass, or raise Refused."""
    if not allowed(actor, permission):
        raise Refused(permission, subject)
