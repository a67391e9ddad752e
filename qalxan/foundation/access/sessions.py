"""Sessions that the database can check: minted with the gate's secret, kept there as a hash."""

import datetime as dt
import hashlib
import hmac
import secrets

from django.db import connection

from config.env import gate_secret


def new_token() -> str:
    """A fresh session token: 256 bits, for the bearer alone."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def open_session(*, user_id: int, token: str, ends_at: dt.datetime, passkey: bool, label: str = "") -> int:
    """Open a session of a person who has just proved who they are; gives its id. `ends_at` is cut to whole seconds, at most a day ahead.

    Raises django's ProgrammingError where the gate's secret is not the database's, the account is closed, or the time is wrong.
    """
    ends_at = ends_at.replace(microsecond=0)
    told = f"{user_id}|{hash_of(token).hex()}|{int(ends_at.timestamp())}|{int(passkey)}"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access_open_session(%s, %s, %s, %s, %s, %s)", [user_id, hash_of(token), ends_at, passkey, label[:80], _proof(told)]
        )
        return int(cursor.fetchone()[0])


def step_up(token: str, now: dt.datetime) -> bool:
    """Note that the session's person has just proved themselves again; gives whether the session lives."""
    moment = now.replace(microsecond=0)
    told = f"stepup|{hash_of(token).hex()}|{int(moment.timestamp())}"
    return bool(_ask("SELECT access_step_up(%s, %s, %s)", token, moment, _proof(told)))


def touch(token: str) -> bool:
    """Keep a session alive for another quarter of an hour; False when it is over."""
    return bool(_ask("SELECT access_touch(%s)", token))


def end_session(token: str) -> bool:
    """Sign out: end the session a token belongs to."""
    return bool(_ask("SELECT access_end_session(%s::text)", token))


def _proof(told: str) -> bytes:
    return hmac.new(gate_secret(), told.encode(), hashlib.sha256).digest()


def _ask(statement: str, *values: str | dt.datetime | bytes) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return row[0] if row else None
