"""The base of every page: one right, checked before the handler runs."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.passkeys import has_passkey
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.webkit.request import QalxanRequest
from qalxan.webkit.sessions import lead, proved_lately, wants_passkey


class Page(View):
    """A page with the right it needs. A POST that breaks a rule shows the sentence and the form as it was filled.

    `step_up`: the page does something dangerous and asks who sits there unless that was shown within five minutes. What was typed before
    is not kept: it would have to be stored in the session. `step_up_by_passkey`: a password is not enough, whatever the post.
    """

    permission: ClassVar[Permission]
    step_up: ClassVar[bool] = False
    step_up_by_passkey: ClassVar[bool] = False
    request: QalxanRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the right, then hand over."""
        require(self.request.actor, self.permission)
        passkey = self.step_up and wants_passkey(self.request, self.step_up_by_passkey)
        if self.step_up and not proved_lately(self.request, passkey):
            return self._ask_who(passkey)
        try:
            return super().dispatch(request, *args, **kwargs)
        except (RuleBroken, BadInput) as broken:
            if request.method != "POST":
                raise
            messages.error(request, str(broken))
            if not hasattr(self, "get"):
                return redirect(self.back(*args, **kwargs))
            response: HttpResponse = self.get(request, *args, **kwargs)
            if response.status_code == 200:
                response.status_code = 422
            return response

    def _ask_who(self, passkey: bool) -> HttpResponse:
        if passkey and not has_passkey(int(self.request.actor.user_id or 0)):
            messages.error(self.request, _("This asks for a passkey. Add one first; then do it again."))
            return lead(self.request, reverse("mfa_add_webauthn"))
        if self.request.method == "POST":
            messages.error(self.request, _("Nothing was changed. First show that it is you; then do it again."))
        name = "mfa_reauthenticate_webauthn" if passkey else "account_reauthenticate"
        back = self.request.path if hasattr(self, "get") else self.back(**self.kwargs)
        return lead(self.request, f"{reverse(name)}?{urlencode({'next': back})}")

    def back(self, *args: Any, **kwargs: Any) -> str:
        """Where a page that only takes a POST sends the person when a rule was broken."""
        return "/"

    def page(self, template: str, **context: Any) -> HttpResponse:
        """Render a template; an htmx request gets the fragment of the same name."""
        if self.request.htmx and (fragment := context.get("fragment")):
            return render(self.request, fragment, context)
        return render(self.request, template, context)
