"""What only the installation may do, at the owner's console: fill the posts nobody in the site appoints to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from config.postgres import console
from qalxan.foundation.access.permissions import Role
from qalxan.foundation.accounts.models import new_feed_key


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to fill: the account's e-mail, the role, the body's code or None, from-until."""

    email: str
    role: Role
    body: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime | None = None


def fill_posts(posts: Iterable[NewPost]) -> int:
    """Fill posts that are not filled yet; gives how many were new. Accounts must be committed: this is the owner's own connection.

    The database still refuses two posts that one person must not hold at once.
    """
    made = 0
    with console(str(connection.settings_dict["NAME"])) as owner:
        for post in posts:
            made += owner.execute(
                "INSERT INTO accounts_post (user_id, role, body_id, starts_at, ends_at, feed_key)"
                " SELECT u.id, %(role)s::varchar, %(body)s::varchar, %(starts)s::timestamptz, %(ends)s::timestamptz, %(key)s::varchar FROM accounts_user u WHERE u.email = %(email)s::varchar AND NOT EXISTS"
                " (SELECT 1 FROM accounts_post p WHERE p.user_id = u.id AND p.role = %(role)s::varchar AND p.body_id IS NOT DISTINCT FROM %(body)s::varchar"
                "  AND p.ends_at IS NOT DISTINCT FROM %(ends)s::timestamptz)",
                {
                    "role": post.role.value,
                    "body": post.body,
                    "starts": post.starts_at,
                    "ends": post.ends_at,
                    "key": new_feed_key(),
                    "email": post.email,
                },
            ).rowcount
    return made
