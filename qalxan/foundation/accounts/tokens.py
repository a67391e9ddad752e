"""The token of a browser's session, as the database knows it."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from qalxan.foundation.access.sessions import open_session


def token_of(session: Any) -> str | None:
    """The token that belongs to a session's key: the table of sessions alone does not give it away."""
    return salted_hmac("qalxan.session", session.session_key, algorithm="sha256").hexdigest() if session.session_key else None


def mint(session: Any, user_id: int) -> None:
    """Open the database's session for a person who has just signed in."""
    if not session.session_key:
        session.create()
    token = token_of(session)
    if token:
        open_session(user_id=user_id, token=token, ends_at=timezone.now() + settings.SESSION_ABSOLUTE, passkey=False)
