"""Acting as a person: a transaction that the database itself has bound to the bearer of a token."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.unseen import ask_unseen

_present: ContextVar[str | None] = ContextVar("token_of_the_request", default=None)
_bound: ContextVar[str | None] = ContextVar("token_of_the_transaction", default=None)


@contextmanager
def bearing(token: str | None) -> Iterator[None]:
    """Within the block, `acting()` without a token acts for this one. The request's middleware wraps each request in it."""
    before = _present.set(token)
    try:
        yield
    finally:
        _present.reset(before)


def bearer() -> str:
    """The token one acts with: of the bound transaction, else of the request. For the key broker, and nowhere else. Raises Absent when there is none."""
    token = _bound.get() or _present.get()
    if not token:
        raise Absent
    return token


@contextmanager
def acting(token: str | None = None) -> Iterator[int]:
    """One transaction bound to the token's person, whose id it gives. Without a token: the request's.

    Raises Absent when the token is unknown, ended, over, idle, or of a closed account. Inside another `acting`, the outer person is bound
    again at the end; in tests, where everything is one transaction, the binding is taken off.
    """
    token = token or _present.get()
    if not token or "\0" in token:
        raise Absent
    outer = _bound.get()
    before = _bound.set(token)
    try:
        with transaction.atomic():
            user_id = _begin(token)
            if user_id is None:
                raise Absent
            yield user_id
            if outer and outer != token:
                _begin(outer)
            elif not outer:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT access_release()")
    finally:
        _bound.reset(before)


def _begin(token: str) -> int | None:
    row = ask_unseen("SELECT access_act(%s)", token)
    return None if row is None or row[0] is None else int(row[0])
