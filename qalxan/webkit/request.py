"""The request as our views know it."""

import datetime as dt

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.accounts.sessions import Bound
from qalxan.foundation.accounts.store import SessionStore


class QalxanRequest(HttpRequest):
    """A request with its actor, its moment, and htmx's details.

    `token` is what binds the database to the person (`foundation.access.binding.acting`), empty for a visitor; it must never be stored,
    logged or sent to the browser. `bound` is what the database says of it.
    """

    session: SessionStore
    actor: Actor
    now: dt.datetime
    htmx: HtmxDetails
    token: str
    bound: Bound | None
