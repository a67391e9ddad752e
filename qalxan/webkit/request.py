"""The request as our views know it."""

import datetime as dt

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from qalxan.foundation.access.actor import Actor


class QalxanRequest(HttpRequest):
    """A request with its actor, its moment, and htmx's details."""

    actor: Actor
    now: dt.datetime
    htmx: HtmxDetails
