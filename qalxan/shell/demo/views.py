"""The role switcher of the demonstration site."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from qalxan.foundation.accounts.models import User
from qalxan.foundation.accounts.proofs import DEMO_METHOD
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record


@login_not_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Sign in as an invented person; in demonstration mode only, elsewhere the address does not exist."""
    if not settings.DEMO:
        raise Http404
    user = User.objects.filter(is_demo=True, is_active=True, email=request.POST.get("email", "")).first()
    if user is None:
        raise Http404
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, user, method=DEMO_METHOD)  # stands for a passkey, which an invented person cannot hold
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    record(user.pk, AuditEvent.DEMO_SWITCHED, f"user:{user.pk}")
    return redirect("home")
