"""Recovery of an account by two people: asking, approving, stopping, entering anew."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts import recovery as operations
from qalxan.foundation.accounts.recoveries import of_person, recoveries, recovery
from qalxan.shell.accounts.forms import AskForm, FinishForm, WhyForm
from qalxan.webkit.views import Page


class MyRecovery(Page):
    """A person's own recovery: asking for it, following it, stopping it."""

    permission = Permission.SELF

    def get(self, request: object, form: WhyForm | None = None) -> HttpResponse:
        """Show what is open and what was."""
        rows = of_person(int(self.request.actor.user_id or 0), self.request.now)
        running = next((row for row in rows if row.state != "closed"), None)
        form = form or WhyForm(self.request.POST if "why" in self.request.POST else None)
        return self.page("accounts/my_recovery.html", rows=rows, running=running, form=form)

    def post(self, request: object) -> HttpResponse:
        """Stop the running one, or ask."""
        actor, now, token = self.request.actor, self.request.now, self.request.token
        stop = self.request.POST.get("stop", "")
        if stop:
            row = next((row for row in of_person(int(self.request.actor.user_id or 0), now) if row.state != "closed"), None)
            if row:
                operations.close(actor=actor, now=now, token=token, recovery_id=row.id)
                messages.success(self.request, _("The recovery is stopped."))
            return redirect("my_recovery")
        form = WhyForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, form)
        operations.ask(actor=actor, now=now, token=token, user_id=int(actor.user_id or 0), why=form.cleaned_data["why"])
        messages.success(self.request, _("You have asked. Two people must approve it; each gives you one code."))
        return redirect("my_recovery")


class Recoveries(Page):
    """The recoveries of all accounts."""

    permission = Permission.RECOVERY_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show them, open ones first."""
        return self.page("accounts/recoveries.html", rows=recoveries(self.request.actor, self.request.now))


class AskRecovery(Page):
    """Asking for somebody else, who called or came."""

    permission = Permission.RECOVERY_ASK
    step_up = True
    step_up_by_passkey = True

    def get(self, request: object, form: AskForm | None = None) -> HttpResponse:
        """Show the form."""
        form = form or AskForm(self.request.POST if self.request.method == "POST" else None)
        return self.page("accounts/ask.html", form=form)

    def post(self, request: object) -> HttpResponse:
        """Ask; the person is told at once."""
        form = AskForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, form)
        user, why = form.cleaned_data["user"], form.cleaned_data["why"]
        made = operations.ask(actor=self.request.actor, now=self.request.now, token=self.request.token, user_id=user, why=why)
        return redirect("recovery", made)


class RecoveryView(Page):
    """One recovery."""

    permission = Permission.RECOVERY_VIEW

    def get(self, request: object, recovery_id: int) -> HttpResponse:
        """Show where it stands and what this reader may do."""
        actor = self.request.actor
        row = recovery(actor, recovery_id, self.request.now)
        approves = Permission.RECOVERY_APPROVE in actor.permissions and actor.user_id not in (row.user_id, row.asked_by_id)
        return self.page(
            "accounts/recovery.html", row=row, approves=approves, closes=operations.may_close(actor, row.user_id, row.asked_by_id)
        )


class ApproveRecovery(Page):
    """Saying yes, as one of two."""

    permission = Permission.RECOVERY_APPROVE
    step_up = True
    step_up_by_passkey = True

    def post(self, request: object, recovery_id: int) -> HttpResponse:
        """Approve, and show this person's code: once, on this page, which no cache keeps."""
        half = operations.approve(actor=self.request.actor, now=self.request.now, token=self.request.token, recovery_id=recovery_id)
        return self.page("accounts/half.html", half=half, row=recovery(self.request.actor, recovery_id, self.request.now))

    def back(self, recovery_id: int) -> str:
        """The recovery's page."""
        return reverse("recovery", args=[recovery_id])


class CloseRecovery(Page):
    """Refusing or withdrawing."""

    permission = Permission.RECOVERY_VIEW

    def post(self, request: object, recovery_id: int) -> HttpResponse:
        """Close it."""
        operations.close(actor=self.request.actor, now=self.request.now, token=self.request.token, recovery_id=recovery_id)
        messages.success(self.request, _("The recovery is stopped."))
        return redirect("recovery", recovery_id)

    def back(self, recovery_id: int) -> str:
        """The recovery's page."""
        return reverse("recovery", args=[recovery_id])


@method_decorator(login_not_required, name="dispatch")
class FinishRecovery(View):
    """Entering anew: open to all, since who comes here cannot sign in; the two codes are the key. Every failure says the same."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form."""
        return render(request, "accounts/finish.html", {"form": FinishForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Try the codes; on success the person signs in with the new password."""
        if too_many := ratelimit.consume_or_429(request, action="recovery"):
            return cast(HttpResponse, too_many)
        form = FinishForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                if operations.finish(email=data["email"], halves=(data["first"], data["second"]), password=data["password"]):
                    messages.success(request, _("Your account is recovered. Sign in with your new password, then add a passkey."))
                    return redirect("account_login")
                form.add_error(
                    None,
                    _(
                        "These codes open nothing now. Look at each letter; codes work a day after the second approval, and for a week at most."
                    ),
                )
            except ValidationError as weak:
                form.add_error("password", weak)
        return render(request, "accounts/finish.html", {"form": form}, status=422)
