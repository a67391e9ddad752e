"""Who else may know: access given and taken back, consent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.choices import Compartment, Ground
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.persons import giving, queries
from qalxan.shell.persons import words
from qalxan.shell.persons.base import RecordsPage, bounded
from qalxan.shell.persons.forms import tomorrow
from qalxan.shell.persons.giving_forms import ConsentForm, GiveForm, a_year_from

ON_PERSON = (Ground.REFERRAL, Ground.CARE, Ground.SHIFT)


class Give(RecordsPage):
    """Give rooms of a record to another post, on a referral or a hand-over into care."""

    step_up = True

    def _form(self, data: Any = None) -> GiveForm:
        return GiveForm(data, offices=self.seeing(), bodies=self.named(), grounds=ON_PERSON)

    def get(self, request: object, person: UUID, form: GiveForm | None = None) -> HttpResponse:
        """Show the form."""
        found = queries.person_page(self.request.actor, person, self.request.now)
        if Compartment.IDENTITY not in found.record.rooms:
            raise Absent
        form = form or self._form(self.request.POST if self.request.method == "POST" else None)
        return self.page("persons/give.html", record=found.record, form=form, tomorrow=tomorrow())

    def post(self, request: object, person: UUID) -> HttpResponse:
        """Give it, all or nothing."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self.get(request, person, form)
        giving.share(actor=self.request.actor, person=person, case=None, **form.asked())
        messages.success(self.request, _("Access is given. It ends on its day, with the post, or when you take it back."))
        return redirect("persons:person", person)


class Withdraw(RecordsPage):
    """Take access back, at once. No proof is asked: closing a door must never wait."""

    def post(self, request: object, grant: int) -> HttpResponse:
        """Take it back."""
        person, case = queries.grant_home(grant)
        giving.withdraw(actor=self.request.actor, grant=grant)
        messages.success(self.request, _("Access is taken back. It ended this second, also in open pages."))
        if case:
            return redirect("persons:case", case)
        there = person and queries.rooms_of(self.request.actor, person)
        return redirect("persons:person", person) if there else redirect("persons:cases")


class Consents(RecordsPage):
    """What the person agreed to, and recording what they say now."""

    def _form(self, data: Any = None) -> ConsentForm:
        return ConsentForm(data, bodies=self.consulted(), initial={"expires": a_year_from(self.request.now.date())})

    def get(self, request: object, person: UUID, form: ConsentForm | None = None) -> HttpResponse:
        """Show both. Who may ask and may not yet know sees the form alone."""
        if not queries.may_ask(person):
            raise Absent
        form = form or self._form(self.request.POST if self.request.method == "POST" else None)
        rows = queries.consents(person)
        by, named, now = self.staff(c.recorded_by for c in rows), self.named(), self.request.now
        told = [{"row": c, "purpose": words.PURPOSES[c.purpose], "recipients": [named.get(b, b) for b in c.recipients], "by": by.get(c.recorded_by, ""),
                 "language": dict(words.languages()).get(c.language, c.language), "in_force": c.in_force(now), "expired": c.withdrawn_at is None and now >= c.expires_at,
                 "voices": [words.VOICES[v] if v else "–" for v in (c.representative, c.own_voice)],
                 "withheld": [{"room": room.label if room else "", "body": named.get(body, body), "because": words.BECAUSE[because]} for room, body, because in c.withheld]}
                for c in rows]  # fmt: skip
        known = bool(queries.rooms_of(self.request.actor, person))
        return self.page("persons/consent.html", person=person, code=queries.code_of(person), rows=told, form=form, known=known)

    def post(self, request: object, person: UUID) -> HttpResponse:
        """Record it; what the person said is sealed."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self.get(request, person, form)
        giving.agree(actor=self.request.actor, now=self.request.now, person=person, said=form.agreement(), words=form.cleaned_data["words"])
        messages.success(self.request, _("The consent is recorded."))
        return redirect("persons:consent", person)


class WithdrawConsent(RecordsPage):
    """The person takes a consent back."""

    def post(self, request: object, person: UUID, consent: int) -> HttpResponse:
        """Record it; whoever stood on it is out with the next statement."""
        giving.withdraw_consent(actor=self.request.actor, consent=bounded(consent))
        messages.success(self.request, _("The consent is taken back. Access that stood on it ended this second."))
        return redirect("persons:consent", person) if queries.may_ask(person) else redirect("persons:cases")


class Leave(RecordsPage):
    """End a ground, and with it every grant on it: one leaves a case, or the head ends an assignment."""

    def post(self, request: object, ground: int) -> HttpResponse:
        """End it."""
        giving.end(actor=self.request.actor, ground=bounded(ground))
        messages.success(self.request, _("It is ended, with every access that stood on it."))
        return redirect(reverse("persons:cases"))
