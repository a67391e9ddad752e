"""What happens around every request: log and actor; the session is in `webkit.sessions`."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from qalxan.foundation.access.guard import Absent, Refused
from qalxan.foundation.accounts.queries import actor_of
from qalxan.foundation.audit.operations import record_refusal
from qalxan.webkit.request import QalxanRequest

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("request")


class RequestLog:
    """One line for each request: route, status, milliseconds. No address, agent, query, name or e-mail."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve and tell. A NUL letter is no part of any address or form of ours and PostgreSQL cannot hold one."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else "-"
        log.info(
            "request", method=request.method, route=route, status=response.status_code, ms=round(1000 * (time.perf_counter() - started), 1)
        )
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class AttachActor:
    """The actor of the request, with the posts held this moment; and what a refusal looks like."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: QalxanRequest) -> HttpResponse:
        """Attach and serve."""
        request.now = timezone.localtime()  # so that its date is the date people have
        invented = getattr(request.user, "is_demo", False) and not settings.DEMO  # demonstration accounts mean nothing elsewhere
        request.actor = actor_of(request.user.pk if request.user.is_authenticated and not invented else None, request.now)
        return self.get_response(request)

    def process_exception(self, request: QalxanRequest, exception: Exception) -> HttpResponse | None:
        """403 for a thing one may know of but not do, 404 for a thing that is absent or not for this person."""
        if isinstance(exception, Refused):
            record_refusal(request.actor.user_id, exception.subject, exception.permission.value)
            return render(request, "403.html", status=403)
        if isinstance(exception, Absent):
            return render(request, "404.html", status=404)
        return None
