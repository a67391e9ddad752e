"""The session of a request: ended when old, bound to the database, and held to a passkey where a post opens sealed things."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from qalxan.foundation.access.binding import bearing
from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.queries import still
from qalxan.foundation.access.sessions import end_session
from qalxan.foundation.accounts.passkeys import has_passkey
from qalxan.foundation.accounts.proofs import fresh, label_of, needs_passkey, used_passkey
from qalxan.foundation.accounts.sessions import bound_by, mint
from qalxan.foundation.accounts.store import token_of
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.webkit.request import QalxanRequest

Handler = Callable[[HttpRequest], HttpResponse]
ENDED = "/accounts/login/?ended=1"
STILL = "/still/"
WITHOUT_PASSKEY = frozenset({"need_passkey", "sessions", "my_recovery", "account_logout", "set_language", "healthz", "mfa_index", "mfa_list_webauthn", "demo_switch",
    "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "account_reauthenticate", "mfa_reauthenticate"})  # fmt: skip
"""What a person whose post asks for a passkey may open before one was used: what leads to it, and leaving."""
FIRST_ONLY = "mfa_add_webauthn"
"""Adding a passkey without having used one: the first only. Who has one and lost it goes by way of two other people."""


class SessionAge:
    """A session ends after a quarter of an hour without a request, and after a working day in any case."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve, or end an old session and send the person to sign in."""
        if request.user.is_authenticated:
            now = time.time()
            started = request.session.setdefault("started", now)
            seen = request.session.get("seen", now)
            if now - seen > settings.SESSION_IDLE.total_seconds() or now - started > settings.SESSION_ABSOLUTE.total_seconds():
                logout(request)
                return redirect(ENDED)
            if now - seen > 60 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class StillHere:
    """Answers an open page that asks whether it may stay open: 204, else 404. This is no act of the person: the session grows no younger by it, and the request log stays silent."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or pass on."""
        if request.path != STILL:
            return self.get_response(request)
        key, asked = request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), request.GET
        try:
            persons, case = [UUID(one) for one in asked.getlist("person")], UUID(asked["case"]) if "case" in asked else None
            room, user = Compartment(asked["room"]) if "room" in asked else None, int(asked["as"]) if "as" in asked else None
        except ValueError:
            return _unkept(404)
        return _unkept(204 if key and still(token_of(key), user=user, persons=persons, room=room, case=case) else 404)


def _unkept(status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"Cache-Control": "no-store"})


class BindSession:
    """The database's word counts: a session it does not know, has ended, or knows as another person's, is signed out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: QalxanRequest) -> HttpResponse:
        """Bind and serve; afterwards give a session that proved more, or changed its key, a token of its own."""
        request.token, request.bound = "", None
        if not request.user.is_authenticated:
            return self.get_response(request)
        key, user_id = str(request.session.session_key), request.user.pk
        token = token_of(key)
        bound = bound_by(token)
        if bound is None or bound.user_id != user_id:
            if bound is not None:
                record(bound.user_id, AuditEvent.SESSION_FOREIGN, f"user:{user_id}")
            logout(request)
            return redirect(ENDED)
        request.token, request.bound = token, bound
        with bearing(token):
            response = self.get_response(request)
        if not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        elif request.user.pk == user_id and request.session.minted is None:
            passkey = used_passkey(get_authentication_records(request, request.user))
            if request.session.session_key != key or passkey != bound.passkey:
                end_session(token)
                label = label_of(request.META.get("HTTP_USER_AGENT", ""))
                mint(request.session, user_id, passkey=passkey, label=label, ends_at=bound.ends_at)
                record(user_id, AuditEvent.SESSION_RENEWED, f"user:{user_id}", passkey=int(passkey))
        return response


class AskForPasskey:
    """Who holds a post that opens sealed things is led to a passkey before anything else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve."""
        return self.get_response(request)

    def process_view(self, request: QalxanRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Let pass, or lead to the passkey."""
        if request.bound is None or request.bound.passkey or not needs_passkey(request.actor):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name == FIRST_ONLY and has_passkey(request.bound.user_id):
            return lead(request, reverse("need_passkey"))
        return None if name in WITHOUT_PASSKEY else lead(request, reverse("need_passkey"))


def wants_passkey(request: QalxanRequest, always: bool = False) -> bool:
    """Whether a dangerous act must be proved by passkey: `always`, or by the posts; invented people have none and use their password."""
    return (always or needs_passkey(request.actor)) and not getattr(request.user, "is_demo", False)


def proved_lately(request: QalxanRequest, passkey: bool) -> bool:
    """Whether this session showed within five minutes who sits there, by passkey where it is asked."""
    return fresh(get_authentication_records(request, request.user), request.now, passkey=passkey)


def lead(request: QalxanRequest, address: str) -> HttpResponse:
    """Send the browser to another page; htmx would put that page into a part of this one, so it is told to leave."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
