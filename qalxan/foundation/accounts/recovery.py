"""Two-person recovery of an account. No single person and no single role can finish it.

The person, or the coordinator's office for them, asks. Two people approve, neither of whom asked or is concerned, in two different roles
and for two different bodies; each is shown one half of a code, once, and hands it to the person after making sure who it is. A day
after the second approval the person enters both halves and chooses a new password; every passkey, code and session of before ends. The
person is told at every step and can stop it. The database checks all of it again by itself (`migrations/0004_recovery_by_two.py`).
"""

import base64
import datetime as dt
import hashlib
import re
import secrets
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor, HeldPost
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.guard import Absent, Refused, allowed, require
from qalxan.foundation.access.permissions import GRANTS, Permission, Role
from qalxan.foundation.accounts.models import Outcome, Post, Recovery, User, Why
from qalxan.foundation.accounts.notices import tell
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import RuleBroken

HALF = 16
"""Letters of one half of the code, five bits each: 80 bits."""


def ask(*, actor: Actor, now: dt.datetime, token: str, user_id: int, why: str) -> int:
    """Ask that an account be recovered, one's own or (RECOVERY_ASK) another's; gives the request's id.

    Raises Refused, or RuleBroken when the account has an open request or cannot be recovered.
    """
    if actor.user_id != user_id:
        require(actor, Permission.RECOVERY_ASK, f"user:{user_id}")
    if why not in Why.values:
        raise RuleBroken(_("Choose a reason."))
    with acting(token):
        user = User.objects.select_for_update(of=("self",), no_key=True).filter(id=user_id, is_active=True).first()
        if user is None:
            raise RuleBroken(_("Choose a person with an active account."))
        if Recovery.objects.filter(user_id=user_id, closed_at=None, ends_at__gt=now).exists():
            raise RuleBroken(_("This account is being recovered already."))
        made = int(str(_call("accounts_recovery_ask", Permission.RECOVERY_ASK, user_id, why)))
        record(actor.user_id, AuditEvent.RECOVERY_ASKED, f"user:{user_id}", recovery=made, why=why)
        tell(user, "asked")
    return made


def approve(*, actor: Actor, now: dt.datetime, token: str, recovery_id: int) -> str:
    """Say yes to a recovery; gives this person's half of the code, which is shown once and stored as a digest.

    Raises Absent, Refused, or RuleBroken when this person or post may not be one of the two.
    """
    require(actor, Permission.RECOVERY_APPROVE, f"recovery:{recovery_id}")
    with acting(token):
        found = _open(recovery_id, now)
        post = _fitting_post(actor, found)
        half = base64.b32encode(secrets.token_bytes(HALF * 5 // 8)).decode("ascii")
        ready: Any = _call("accounts_recovery_approve", Permission.RECOVERY_APPROVE, recovery_id, post.id, digest(half))
        record(
            actor.user_id,
            AuditEvent.RECOVERY_APPROVED,
            f"user:{found.user_id}",
            recovery=recovery_id,
            post=post.id,
            ready=ready.isoformat() if isinstance(ready, dt.datetime) else "",
        )
        tell(found.user, "approved")
    return "-".join(half[i : i + 4] for i in range(0, HALF, 4))


def close(*, actor: Actor, now: dt.datetime, token: str, recovery_id: int) -> Outcome:
    """Stop a recovery: the person concerned, who asked, or one who may approve. Gives how it is recorded. Raises Absent or Refused."""
    with acting(token):
        found = _open(recovery_id, now)
        if actor.user_id not in (found.user_id, found.asked_by_id):
            require(actor, Permission.RECOVERY_APPROVE, f"recovery:{recovery_id}")
        outcome = Outcome(str(_call("accounts_recovery_close", Permission.RECOVERY_APPROVE, recovery_id)))
        record(actor.user_id, AuditEvent.RECOVERY_CLOSED, f"user:{found.user_id}", recovery=recovery_id, outcome=outcome.value)
        tell(found.user, "closed")
    return outcome


@transaction.atomic
def finish(*, email: str, halves: tuple[str, str], password: str) -> int | None:
    """Enter anew with both halves of the code: gives the user, or None, whatever the reason, so that a stranger learns nothing.

    The old password, passkeys, codes and sessions end. After five wrong pairs the request is closed. Raises ValidationError for a
    password that is too weak.
    """
    address = User.objects.normalize_email(email.strip()).lower()
    validate_password(password, User(email=address))
    with connection.cursor() as cursor:
        arguments: list[str | bytes] = [address, digest(halves[0]), digest(halves[1]), make_password(password)]
        cursor.execute("SELECT accounts_recovery_finish(%s, %s, %s, %s)", arguments)
        user_id: int | None = cursor.fetchone()[0]
    if user_id is None:
        return None
    record(user_id, AuditEvent.RECOVERY_FINISHED, f"user:{user_id}")
    tell(User.objects.get(id=user_id), "finished")
    return user_id


def digest(half: str) -> bytes:
    """What is kept of a half: SHA-256 of its letters, however the person spaced them."""
    return hashlib.sha256(re.sub(r"[^A-Z2-7]", "", half.upper()).encode()).digest()


def _open(recovery_id: int, now: dt.datetime) -> Recovery:
    found = Recovery.objects.select_related("user").filter(id=recovery_id, closed_at=None, ends_at__gt=now).first()
    if found is None:
        raise Absent(f"recovery:{recovery_id}")
    return found


def _fitting_post(actor: Actor, found: Recovery) -> HeldPost:
    """The post in which the actor may be one of the two."""
    if actor.user_id in (found.user_id, found.asked_by_id):
        raise RuleBroken(_("Somebody else must approve: you are concerned or have asked yourself."))
    given = list(found.approvals.values_list("by_id", "role", "body"))
    if len(given) >= 2 or any(by == actor.user_id for by, _role, _body in given):
        raise RuleBroken(_("You have approved already, or two others have."))
    bodies = set(Post.objects.filter(user_id=found.user_id, ends_at=None).values_list("body_id", flat=True))
    for post in actor.posts:
        taken = any(post.role == role or (body and post.body == body) for _by, role, body in given)
        foreign = post.role is Role.HEAD_OF_BODY and post.body not in bodies
        if Permission.RECOVERY_APPROVE in GRANTS[post.role] and not taken and not foreign:
            return post
    raise RuleBroken(
        _("The two who approve must hold different roles for different bodies; a head of a body approves for its own people only.")
    )


def _call(function: str, permission: Permission, *arguments: int | str | bytes) -> object:
    """Ask the database's function, which checks for itself; its no is a refusal like any other."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(arguments))})", list(arguments))
            return cursor.fetchone()[0]
    except (ProgrammingError, InternalError) as refused:
        if getattr(refused.__cause__, "sqlstate", "") == "42501":
            raise Refused(permission, function) from refused
        raise


def may_close(actor: Actor, user_id: int, asked_by: int) -> bool:
    """Whether the actor may stop a recovery."""
    return actor.user_id in (user_id, asked_by) or allowed(actor, Permission.RECOVERY_APPROVE)
