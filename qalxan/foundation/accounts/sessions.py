"""Opening, binding, listing and ending the sessions of people, as the database knows them."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.sessions import end_session, open_session
from qalxan.foundation.access.unseen import ask_unseen
from qalxan.foundation.accounts.store import SessionStore, token_of
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record


@dataclass(frozen=True, slots=True)
class Bound:
    """Whom a token binds: the user, the database's session, whether a passkey opened it, its last moment; `recovering`: a recovery of this
    person's account is open."""

    user_id: int
    session_id: int
    passkey: bool
    ends_at: dt.datetime
    recovering: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's own sessions: how it can be recognised, since when, last used, whether a passkey was used, whether it is this one."""

    id: int
    label: str
    opened_at: dt.datetime
    seen_at: dt.datetime
    passkey: bool
    here: bool


def mint(session: SessionStore, user_id: int, *, passkey: bool, label: str, ends_at: dt.datetime | None = None) -> None:
    """Open the database's session for a browser's session, always under a fresh key, ending the one the old key had.

    Called at sign-in, and again whenever the session proves more than before or its key has changed; `ends_at` keeps the end of the first
    working day.
    """
    if session.session_key:
        end_session(token_of(session.session_key))
    session.cycle_key()
    key = str(session.session_key)
    latest = ends_at or timezone.now() + settings.SESSION_ABSOLUTE
    open_session(user_id=user_id, token=token_of(key), ends_at=latest, passkey=passkey, label=label[:60])
    session.minted = key


def bound_by(token: str) -> Bound | None:
    """Whom the token binds now, None when it binds nobody (unknown, ended, idle for a quarter of an hour, or past its day); one query."""
    row = ask_unseen("SELECT * FROM accounts_enter(%s)", token)
    return Bound(*row) if row else None


def own_sessions(token: str) -> list[OpenSession]:
    """The live sessions of whoever the token binds, the present one first."""
    with acting(token), connection.cursor() as cursor:
        cursor.execute("SELECT id, label, opened_at, seen_at, passkey, here FROM access_my_sessions() ORDER BY here DESC, seen_at DESC")
        return [OpenSession(*row) for row in cursor.fetchall()]


def end_sessions(*, actor: Actor, token: str, only: int | None = None) -> int:
    """End one of one's own other sessions, or all of them; gives how many. The present one is left by signing out."""
    with acting(token), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM access_my_sessions() WHERE NOT here")
        ended = [id_ for (id_,) in cursor.fetchall() if only in (None, id_)]
        for id_ in ended:
            cursor.execute("SELECT access_end_session(%s::bigint)", [id_])
            record(actor.user_id, AuditEvent.SESSION_ENDED, f"user:{actor.user_id}", session=id_)
    return len(ended)
