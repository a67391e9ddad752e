"""What a session has proved: by which means the person showed who they are, and when."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.permissions import GRANTS, Permission
from qalxan.foundation.access.rules import CEILING

STEP_UP = dt.timedelta(minutes=5)
"""How fresh a proof must be for a dangerous act (ASVS 5.0, 7.5.3)."""
DEMO_METHOD = "demo"
"""How the demonstration's role switcher marks the sessions it opens; it stands for a passkey there and is written nowhere else."""

PASSKEY_ROLES = frozenset(role for role, rooms in CEILING.items() if rooms)
"""The roles whose posts may open sealed things, and so ask for a passkey at every page."""
GUARDING = PASSKEY_ROLES | {role for role, rights in GRANTS.items() if rights & {Permission.RECOVERY_ASK, Permission.RECOVERY_APPROVE}}
"""These and the roles that let others in again: what they prove with, once added, is their passkey alone, so that recovery is no weaker way round."""

Records = Iterable[Mapping[str, Any]]
"""What the sign-in library keeps in the session: `method`, `at` (seconds), `type` of a second factor."""


def needs_passkey(actor: Actor) -> bool:
    """Whether one of the actor's posts asks that the session was proved by a passkey."""
    return bool(actor.roles() & PASSKEY_ROLES)


def guards(actor: Actor) -> bool:
    """Whether one of the actor's posts is held to the passkey it has added."""
    return bool(actor.roles() & GUARDING)


def _by_passkey(record: Mapping[str, Any]) -> bool:
    return (record.get("method"), record.get("type")) == ("mfa", "webauthn") or record.get("method") == DEMO_METHOD


def used_passkey(records: Records) -> bool:
    """Whether a passkey was used in this session, to enter or later."""
    return any(_by_passkey(record) for record in records)


def fresh(records: Records, now: dt.datetime, *, passkey: bool) -> bool:
    """Whether the last five minutes hold a proof; where `passkey` is asked, a password or a code is none."""
    since = (now - STEP_UP).timestamp()
    return any(since <= float(record.get("at", 0)) <= now.timestamp() + 1 for record in records if not passkey or _by_passkey(record))


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"))


def label_of(agent: str) -> str:
    """How a person recognises a session: the family of the browser and of the system; no version, no address. Empty when neither is known."""
    found = [next((name for mark, name in family if mark in agent), "") for family in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name)
