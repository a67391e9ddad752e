"""People with accounts and the posts they hold."""

import datetime as dt
import secrets
from typing import Any, ClassVar

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalxan.foundation.access.permissions import Role
from qalxan.foundation.bodies.models import Body


class UserManager(BaseUserManager["User"]):
    """Makes accounts; there is no other way in than by someone who may appoint."""

    def create_user(self, email: str, password: str | None, **fields: Any) -> "User":
        """A new account; without a password it can only sign in once one is set."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who may sign in. Rights are not here: they follow from posts."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="az")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. Never rewritten on the way: before sign-in nobody is bound, and the database would refuse."""
        return check_password(raw_password, self.password)


def new_feed_key() -> str:
    """A fresh secret for a post's calendar feed."""
    return secrets.token_urlsafe(24)


_feed_key = new_feed_key  # the first migration's name for it


class Post(models.Model):
    """A role held for a time, for one body where the role belongs to a body. Ending it ends every right it gave.

    `feed_key` is the secret of the post's calendar feed; it stops working with the post.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=[(r.value, r.value) for r in Role])
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="posts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    feed_key = models.CharField(max_length=40, unique=True, default=new_feed_key)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")), name="post_ends_after_start"),
            models.UniqueConstraint(
                fields=["body", "role"],
                condition=Q(ends_at=None, role__in=["focal_point", "deputy_focal_point"]),
                name="one_focal_point_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.body_id or ''}".strip()

    def holds_at(self, now: dt.datetime) -> bool:
        """Whether the post is held at the moment."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


class Why(models.TextChoices):
    """Why an account must be recovered."""

    PASSKEY = "passkey", _("The passkey is lost or broken")
    PASSWORD = "password", _("The password is forgotten")
    BOTH = "both", _("Neither passkey nor password is left")
    STOLEN = "stolen", _("Somebody else may be using the account")


class Outcome(models.TextChoices):
    """How a recovery ended; empty while it is open."""

    FINISHED = "finished", _("The person has entered again")
    STOPPED = "stopped", _("Stopped by the person it concerns")
    WITHDRAWN = "withdrawn", _("Withdrawn by who asked")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Not used in time")
    SPENT = "spent", _("Too many wrong codes")


class Recovery(models.Model):
    """A request to let a person into their account anew. Written only by the database's own functions, which check who asks.

    `ready_at` is set by the second approval, a day ahead; `ends_at` closes the request in any case; `tries` counts wrong codes.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why.choices)
    ends_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(closed_at=None), name="one_recovery_at_a_time")]

    def __str__(self) -> str:
        return f"recovery {self.id}"


class Approval(models.Model):
    """One person's yes to a recovery, in one post. `half` is the digest of the half of the code that this person alone was shown."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    body = models.CharField(max_length=40, default="")
    at = models.DateTimeField()
    half = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recovery", "by"], name="two_people_approve"),
            models.UniqueConstraint(fields=["recovery", "role"], name="two_roles_approve"),
            models.UniqueConstraint(fields=["recovery", "body"], condition=~Q(body=""), name="two_bodies_approve"),
        ]

    def __str__(self) -> str:
        return f"approval {self.id}"
