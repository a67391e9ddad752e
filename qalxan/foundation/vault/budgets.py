"""How much may be opened: per account in the database, and for the whole site in the broker's memory.

A taken-over web process gets a trickle, all of it in the log. The site-wide limits are held in memory too, so that whoever writes the
budget table gains nothing while the broker runs.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import psycopg


class Spend(StrEnum):
    """What costs. One match or one search is one unit, however many candidates the broker opens inside itself."""

    OPEN = "open"
    SEAL = "seal"
    FIND = "find"
    MATCH = "match"
    SEARCH = "search"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Limit:
    """Units per account in an hour and in a day, and per site in an hour."""

    hour: int
    day: int
    site_hour: int


LIMITS = {
    Spend.OPEN: Limit(600, 2_000, 6_000),
    Spend.SEAL: Limit(2_000, 8_000, 20_000),
    Spend.FIND: Limit(60, 200, 600),
    Spend.MATCH: Limit(60, 200, 600),
    Spend.SEARCH: Limit(60, 300, 900),
    Spend.INDEX: Limit(600, 2_000, 6_000),
}
"""Set for a case worker's day: about 40 pages of 15 sealed fields in an hour. Every change belongs in the change log."""


class OverBudget(Exception):
    """The account or the site has opened its share; the message says which."""


_SPEND = """
INSERT INTO vault_budget AS b (user_id, kind, span, start, spent)
SELECT %(user)s, %(kind)s, span, date_trunc(span, now(), 'UTC'), %(units)s FROM (VALUES ('day'), ('hour')) AS asked (span)
ON CONFLICT (user_id, kind, span) DO UPDATE
SET spent = CASE WHEN b.start = excluded.start THEN b.spent ELSE 0 END + excluded.spent, start = excluded.start
WHERE CASE WHEN b.start = excluded.start THEN b.spent ELSE 0 END + excluded.spent <= CASE excluded.span WHEN 'day' THEN %(day)s ELSE %(hour)s END
RETURNING span
"""


def spend(connection: psycopg.Connection, user: int, kind: Spend, units: int = 1) -> None:
    """Take units from an account's hour and day, in the caller's transaction. Raises OverBudget; the caller rolls back."""
    limit = LIMITS[kind]
    values = {"user": user, "kind": kind.value, "units": units, "hour": limit.hour, "day": limit.day}
    if units > limit.hour:
        raise OverBudget("hour")
    taken = {span for (span,) in connection.execute(_SPEND, values).fetchall()}
    for span in ("hour", "day"):
        if span not in taken:
            raise OverBudget(span)


class SiteBudget:
    """The site's hour, in memory; a token bucket for each kind that refills evenly."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._left = {kind: (float(limit.site_hour), self._now()) for kind, limit in LIMITS.items()}

    def take(self, kind: Spend, units: int = 1) -> None:
        """Take units or raise OverBudget."""
        most = LIMITS[kind].site_hour
        with self._lock:
            left, since = self._left[kind]
            now = self._now()
            left = min(float(most), left + (now - since) * most / 3600)
            if left < units:
                self._left[kind] = (left, now)
                raise OverBudget("site")
            self._left[kind] = (left - units, now)
