"""The session store: the database keeps a digest of the cookie's key, and data that opens under that key alone.

A reader of the table, an injected statement among them, finds no key to send as a cookie, and a row's data copied into another row is
void, because its signature names the row. From the key the browser holds follows a second secret, the token that binds the database to
the person (`foundation.access`); it stands nowhere and cannot be turned back into the key.
"""

import base64
import hashlib
import hmac
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone


def stored_key(key: str) -> str:
    """What `django_session.session_key` (40 letters) holds for a cookie's key: 240 bits of its SHA-256."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"qalxan session\0" + key.encode()).digest()[:30]).decode("ascii")


def token_of(key: str) -> str:
    """The database's token of a session: 43 letters made from the cookie's key, which it does not tell."""
    return base64.urlsafe_b64encode(hmac.digest(key.encode(), b"qalxan access token", "sha256")).decode("ascii").rstrip("=")


class SessionStore(DatabaseStore):
    """Sessions in PostgreSQL under hashed keys. `minted` is the key for which the database's session was opened in this request."""

    minted: str | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's own table."""
        return Session

    @property
    def key_salt(self) -> str:
        """Data are signed for one row."""
        return f"qalxan.session.{stored_key(self.session_key)}" if self.session_key else "qalxan.session"

    def _get_session_from_db(self) -> Session | None:
        found = (
            Session.objects.filter(session_key=stored_key(self.session_key), expire_date__gt=timezone.now()).first()
            if self.session_key
            else None
        )
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether a session of this key stands."""
        return Session.objects.filter(session_key=stored_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row to be written: the key hashed, the data signed for it."""
        key: str = self._get_or_create_session_key()  # type: ignore[attr-defined]  # django's own, missing in its stubs
        return Session(session_key=stored_key(key), session_data=self.encode(data), expire_date=self.get_expiry_date())

    def delete(self, session_key: str | None = None) -> None:
        """Remove a session, this one when no key is given."""
        if key := session_key or self.session_key:
            Session.objects.filter(session_key=stored_key(key)).delete()

    # the asynchronous ways of the parent would use the bare key: go through the ones above instead
    aexists = SessionBase.aexists
    acreate = SessionBase.acreate
    aload = SessionBase.aload
    asave = SessionBase.asave
    adelete = SessionBase.adelete
