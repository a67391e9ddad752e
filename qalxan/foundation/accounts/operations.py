"""Starting and ending posts."""

import datetime as dt

from django.db import connection
from django.utils.translation import gettext as _

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.calls import call
from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.accounts.models import Post, new_feed_key
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.foundation.bodies.models import Body
from qalxan.kernel.errors import RuleBroken


def hand_over(*, actor: Actor, now: dt.datetime, body: str, role: Role, successor: int, open_duties: int) -> Post:
    """Give a body's focal point (or deputy) post to another person, at this moment.

    The outgoing person's post ends and the successor's begins at the same instant; duties belong to the body, so all
    open ones are the successor's from then on. Raises Refused, or RuleBroken when the successor cannot take the post.
    """
    require(actor, Permission.FOCAL_HAND_OVER, f"body:{body}")
    if role not in (Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT):
        raise RuleBroken(_("Only a focal point or a deputy can be handed over."))
    with acting():
        with connection.cursor() as cursor:  # the registry of bodies is not the site's to lock
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"hand over {body}"])
        held_by = Body.objects.filter(code=body).first()
        if held_by is None or held_by.is_group:
            raise RuleBroken(_("Only a body of its own can have a focal point."))
        held = list(Post.objects.filter(body_id=body, ends_at=None, role__in=[Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT]))
        if any(post.user_id == successor and post.role == role for post in held):
            raise RuleBroken(_("This person already holds the post."))
        for post in held:
            if post.role == role or post.user_id == successor:
                call(actor, "access_end_post", post.id, now)
                record(actor.user_id, AuditEvent.POST_ENDED, f"post:{post.id}", body=body, role=post.role)
        made = call(actor, "access_appoint", successor, role.value, body, now, new_feed_key())
        record(actor.user_id, AuditEvent.FOCAL_HANDED_OVER, f"body:{body}", role=role.value, post=made, open_duties=open_duties)
        return Post.objects.get(id=made)
