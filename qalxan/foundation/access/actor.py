"""Who acts: the person and the posts they hold at this moment."""

from dataclasses import dataclass
from functools import cached_property

from qalxan.foundation.access.permissions import GRANTS, Permission, Role


@dataclass(frozen=True)
class HeldPost:
    """A post held now: its id, role, and body (None for posts without one)."""

    id: int
    role: Role
    body: str | None


@dataclass(frozen=True)
class Actor:
    """A person with the posts they hold now; rights follow from the posts and end with them."""

    user_id: int | None
    posts: tuple[HeldPost, ...] = ()

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """All rights of the posts held."""
        return frozenset().union(*(GRANTS[post.role] for post in self.posts))

    def bodies_with(self, permission: Permission) -> frozenset[str]:
        """The bodies in whose name the actor holds the right."""
        return frozenset(post.body for post in self.posts if post.body and permission in GRANTS[post.role])

    def roles(self) -> frozenset[Role]:
        """The roles held."""
        return frozenset(post.role for post in self.posts)


SYSTEM = Actor(None, (HeldPost(0, Role.COORDINATOR, None),))
"""The installation itself, for loading data from the command line; never reachable from a request."""
NOBODY = Actor(None)
"""A visitor who has not signed in."""
