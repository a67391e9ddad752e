"""The register of bodies: list, page through time, hand-over of a focal point."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission, Role
from qalxan.foundation.accounts import queries as accounts
from qalxan.foundation.accounts.operations import hand_over
from qalxan.foundation.bodies import queries
from qalxan.modules.plans import public as plans
from qalxan.webkit.views import Page

KINDS = {
    "central_executive": gettext_lazy("Central executive bodies"), "local_executive": gettext_lazy("Local executive authorities"), "service": gettext_lazy("Services"),
    "group": gettext_lazy("Groups"), "open_list": gettext_lazy("Open lists"), "cis": gettext_lazy("CIS bodies"),
}  # fmt: skip


class Directory(Page):
    """All bodies in alphabetical order."""

    permission = Permission.BODY_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the list, of one kind or all."""
        kind = self.request.GET.get("kind", "")
        rows = queries.directory(kind if kind in KINDS else "")
        return self.page("bodies/list.html", rows=rows, kinds=KINDS.items(), kind=kind)


class BodyView(Page):
    """A body: names through time, focal points, duties."""

    permission = Permission.BODY_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show it; people and duties only to those who may see them."""
        body = queries.body_page(code)
        if body is None:
            raise Absent(code)
        actor = self.request.actor
        sees = Permission.DUTY_VIEW in actor.permissions and plans.may_see_body_duties(actor, code)
        return self.page(
            "bodies/body.html",
            body=body,
            sees=sees,
            people=accounts.focal_points(code) if sees else [],
            open_duties=plans.open_count(actor, code) if sees else 0,
        )


class HandOverForm(forms.Form):
    """Who takes the post."""

    role = forms.ChoiceField(label=gettext_lazy("Post"))
    successor = forms.TypedChoiceField(label=gettext_lazy("Successor"), coerce=int)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["role"].choices = [(r.value, r.label) for r in (Role.FOCAL_POINT, Role.DEPUTY_FOCAL_POINT)]  # type: ignore[attr-defined]
        self.fields["successor"].choices = accounts.people()  # type: ignore[attr-defined]


class HandOver(Page):
    """Giving a body's focal point to another person, at once."""

    permission = Permission.FOCAL_HAND_OVER

    def get(self, request: object, code: str, form: HandOverForm | None = None) -> HttpResponse:
        """Show who holds the post and what passes over."""
        body = queries.body_page(code)
        if body is None:
            raise Absent(code)
        form = form or HandOverForm(self.request.POST if self.request.method == "POST" else None)
        held = [p for p in accounts.focal_points(code) if p.ends_at is None]
        return self.page("bodies/hand_over.html", body=body, form=form, held=held, open_duties=plans.open_count(self.request.actor, code))

    def post(self, request: object, code: str) -> HttpResponse:
        """Hand over: the old post ends this second and the new one begins."""
        if queries.body_page(code) is None:
            raise Absent(code)
        form = HandOverForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, code, form)
        role, successor = Role(form.cleaned_data["role"]), form.cleaned_data["successor"]
        count = plans.open_count(self.request.actor, code)
        hand_over(actor=self.request.actor, now=self.request.now, body=code, role=role, successor=successor, open_duties=count)
        messages.success(self.request, _("The post is handed over. The former holder's rights have ended."))
        return redirect("body", code)
