"""Who a person is right now."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from qalxan.foundation.access.actor import NOBODY, Actor, HeldPost
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.accounts.models import Post, User


def _held(now: dt.datetime) -> Q:
    return Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now)) & Q(user__is_active=True)


def actor_of(user_id: int | None, now: dt.datetime) -> Actor:
    """The actor with the posts held at this moment, read afresh each time, so an ended post is gone at once."""
    if user_id is None:
        return NOBODY
    posts = Post.objects.filter(_held(now), user_id=user_id).order_by("id").values_list("id", "role", "body_id")
    return Actor(user_id, tuple(HeldPost(id_, Role(role), body) for id_, role, body in posts))


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """A body's focal point or deputy: the post, the person, since when and until when."""

    post_id: int
    user_id: int
    name: str
    role: Role
    starts_at: dt.datetime
    ends_at: dt.datetime | None


_FOCAL = (Role.FOCAL_POINT.value, Role.DEPUTY_FOCAL_POINT.value)


def focal_points(body: str) -> list[FocalPoint]:
    """All focal points and deputies a body has had, the present ones first."""
    posts = Post.objects.filter(body_id=body, role__in=_FOCAL).select_related("user").order_by("-ends_at", "role", "-starts_at")
    found = [FocalPoint(p.id, p.user_id, p.user.name, Role(p.role), p.starts_at, p.ends_at) for p in posts]
    return sorted(found, key=lambda f: f.ends_at is not None)


def feed_post(key: str, now: dt.datetime) -> HeldPost | None:
    """The post a calendar feed's secret belongs to, while it is held."""
    post = Post.objects.filter(_held(now), feed_key=key).first()
    return HeldPost(post.id, Role(post.role), post.body_id) if post else None


def feed_key(post_id: int) -> str:
    """The secret of a post's calendar feed."""
    return Post.objects.values_list("feed_key", flat=True).get(id=post_id)


def people() -> list[tuple[int, str]]:
    """Active accounts by name, for appointing."""
    return list(User.objects.filter(is_active=True).order_by("name").values_list("id", "name"))


def names_of(ids: set[int]) -> dict[int, str]:
    """User id → name."""
    return dict(User.objects.filter(id__in=ids).values_list("id", "name"))


def demo_accounts() -> list[dict[str, str]]:
    """The demonstration's invented people with the posts they hold, in the order they were made."""
    posts = Post.objects.filter(user__is_demo=True, ends_at=None).select_related("user").order_by("id")
    return [{"email": p.user.email, "name": p.user.name, "role": Role(p.role).label, "body": p.body_id or ""} for p in posts]


def ever_held(user_id: int, roles: Iterable[Role], since: dt.datetime) -> bool:
    """Whether a person held one of the roles at any time since a moment."""
    return Post.objects.filter(Q(ends_at=None) | Q(ends_at__gt=since), user_id=user_id, role__in=[r.value for r in roles]).exists()


def addresses(body: str, role: Role, now: dt.datetime) -> list[str]:
    """The e-mail addresses of those who hold a role for a body at the moment."""
    return list(Post.objects.filter(_held(now), body_id=body, role=role.value).values_list("user__email", flat=True))


def holders(bodies: Iterable[str], roles: Iterable[Role]) -> dict[str, tuple[str, ...]]:
    """Body → the names of those who hold one of the roles for it now; one query."""
    posts = Post.objects.filter(body_id__in=set(bodies), role__in=[r.value for r in roles], ends_at=None, user__is_active=True)
    found: dict[str, tuple[str, ...]] = {}
    for body, name in posts.order_by("body_id", "-role", "id").values_list("body_id", "user__name"):
        found[body] = (*found.get(body, ()), name)
    return found


def posts_at(
    moments: Iterable[tuple[int | None, dt.datetime]],
) -> dict[tuple[int | None, dt.datetime], tuple[tuple[Role, str | None], ...]]:
    """(user, moment) → the posts held then, as role and body, whether they are held still or not; one query."""
    asked = set(moments)
    found: dict[tuple[int | None, dt.datetime], tuple[tuple[Role, str | None], ...]] = {}
    posts = Post.objects.filter(user_id__in={user for user, _ in asked if user}).order_by("id")
    held = list(posts.values_list("user_id", "role", "body_id", "starts_at", "ends_at"))
    for user, at in asked:
        found[user, at] = tuple(
            (Role(role), body) for who, role, body, start, end in held if who == user and start <= at and (end is None or at < end)
        )
    return found


@dataclass(frozen=True, slots=True)
class Office:
    """A post with who holds it: what colleagues are told of each other."""

    post: int
    user: int
    name: str
    role: Role
    body: str | None


def offices(roles: Iterable[Role], now: dt.datetime, *, body: str | None = None) -> list[Office]:
    """The posts of some roles that are held now (of a body, or of all), by role and name; one query."""
    posts = Post.objects.filter(_held(now), role__in=[r.value for r in roles]).select_related("user").order_by("role", "user__name", "id")
    if body is not None:
        posts = posts.filter(body_id=body)
    return [Office(p.id, p.user_id, p.user.name, Role(p.role), p.body_id) for p in posts]


def offices_of(ids: Iterable[int]) -> dict[int, Office]:
    """Post id → the post with its holder, held still or not; one query."""
    posts = Post.objects.filter(id__in=set(ids)).select_related("user")
    return {p.id: Office(p.id, p.user_id, p.user.name, Role(p.role), p.body_id) for p in posts}
