"""Ring 4: managers of protected models answer only inside an actor's scope."""

from typing import TypeVar

from django.db import models

from qalxan.foundation.access.actor import Actor


class Unscoped(Exception):
    """A protected model was asked without saying who asks: a fault of the code, never of a person."""


Kind = TypeVar("Kind", bound=models.Model)


class ScopedManager(models.Manager[Kind]):
    """Refuses every query until it is scoped: `Item.objects.scope(actor)`.

    The database's own row security stands under it and needs the bound transaction; the scope is carried by the query itself so that the
    planner can use an index, and so that two rings must fail before a foreign row is seen.
    """

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Kind]:
        """Refuse."""
        raise Unscoped(f"{self.model.__name__} is protected: ask with .scope(actor), or .unscoped(reason) in code that binds nobody")

    def scope(self, actor: Actor) -> models.QuerySet[Kind]:
        """The rows of this actor: none without a person; else the model's own predicate over what the bound actor reaches."""
        rows = super().get_queryset()
        return rows.none() if actor.user_id is None else self.model.within(rows)  # type: ignore[attr-defined]  # every protected model says what is within

    def unscoped(self, reason: str) -> models.QuerySet[Kind]:
        """All rows the database lets through, for a reason written at the place; a test counts these places."""
        if not reason.strip():
            raise Unscoped("a reason is needed")
        return super().get_queryset()
