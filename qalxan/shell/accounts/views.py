"""One's own sessions, and the way to a passkey."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.passkeys import has_passkey
from qalxan.foundation.accounts.sessions import end_sessions, own_sessions
from qalxan.webkit.views import Page


class Sessions(Page):
    """Where one is signed in, and ending it elsewhere."""

    permission = Permission.SELF

    def get(self, request: object) -> HttpResponse:
        """Show one's live sessions: family of browser and system, times; no address is kept."""
        return self.page("accounts/sessions.html", sessions=own_sessions(self.request.token))

    def post(self, request: object) -> HttpResponse:
        """End one other session, or all others."""
        only = self.request.POST.get("session", "")
        if only and not (only.isascii() and only.isdecimal() and len(only) < 18):
            return redirect("sessions")
        ended = end_sessions(actor=self.request.actor, token=self.request.token, only=int(only) if only else None)
        messages.success(self.request, ngettext("%(n)d session was ended.", "%(n)d sessions were ended.", ended) % {"n": ended})
        return redirect("sessions")


class NeedPasskey(Page):
    """What a person sees whose post asks for a passkey before one was used: what to do, and what if it is lost."""

    permission = Permission.SELF

    def get(self, request: object) -> HttpResponse:
        """Lead on; to the first page when nothing is missing."""
        bound = self.request.bound
        if bound is None or bound.passkey:
            return redirect("home")
        return self.page("accounts/need_passkey.html", has=has_passkey(bound.user_id))
