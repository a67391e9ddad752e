"""A case's work: who is in it, to whom it is assigned, who has the shift, how it ends."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qalxan.foundation.access.choices import Compartment, Ground
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts import queries as accounts
from qalxan.foundation.persons import giving, queries
from qalxan.shell.persons import words
from qalxan.shell.persons.base import CaseAct, RecordsPage, own
from qalxan.shell.persons.giving_forms import CloseForm, GiveForm, OtherRecordForm, ShiftForm

ON_CASE = (Ground.ASSIGNMENT, Ground.DECISION)


class Assign(CaseAct):
    """Assign a case to a post of the leading body, or to another by a decision."""

    permission = Permission.CASE_ASSIGN
    template = "persons/assign.html"

    def form(self, found: queries.CasePage, data: Any = None) -> GiveForm:
        """To whom, on what ground, which rooms."""
        return GiveForm(data, offices=self.seeing(), bodies=self.named(), grounds=ON_CASE)

    def done(self, found: queries.CasePage, said: Any) -> HttpResponse:
        """Assign it, all or nothing."""
        giving.share(actor=self.request.actor, person=None, case=found.row.id, **said.asked())
        messages.success(self.request, _("The case is assigned."))
        return redirect("persons:case", found.row.id)


class Close(CaseAct):
    """Close a case one's body leads: what was given on it ends at once, and it is never opened again."""

    permission = Permission.CASE_ASSIGN
    template = "persons/close.html"

    def form(self, found: queries.CasePage, data: Any = None) -> CloseForm:
        """The day, and the number of the paper."""
        today = timezone.localdate(self.request.now)
        return CloseForm(data, opened=found.row.opened, today=today, initial={"day": today})

    def done(self, found: queries.CasePage, said: Any) -> HttpResponse:
        """Close it."""
        day, reference = said.cleaned_data["day"], said.cleaned_data["reference"]
        giving.close_case(actor=self.request.actor, case=found.row.id, day=day, reference=reference)
        messages.success(self.request, _("The case is closed. Every access that was given on it ended this second."))
        return redirect("persons:case", found.row.id)


class PlaceInCase(CaseAct):
    """Put another person one reaches into a case one works on."""

    template = "persons/place.html"

    def form(self, found: queries.CasePage, data: Any = None) -> OtherRecordForm:
        """Which record."""
        there = {record.id for record in found.people}
        records = [r for r in queries.my_records(self.request.actor, room=Compartment.IDENTITY) if r.id not in there]
        return OtherRecordForm(data, records=own(records, found.row.id))

    def done(self, found: queries.CasePage, said: Any) -> HttpResponse:
        """Put them in."""
        giving.place(actor=self.request.actor, case=found.row.id, person=said.cleaned_data["other"])
        messages.success(self.request, _("The person is in the case."))
        return redirect("persons:case", found.row.id)


class TakeOut(RecordsPage):
    """Take a person out of a case. A seal of the case stays on them."""

    def back(self, *args: Any, **kwargs: Any) -> str:
        """The case."""
        return reverse("persons:case", args=[kwargs["case"]])

    def post(self, request: object, case: UUID, person: UUID) -> HttpResponse:
        """Take them out; who reached them through the case alone reaches neither now."""
        giving.take_out(actor=self.request.actor, case=case, person=person)
        messages.success(self.request, _("The person is out of the case. Access through the case ended this second."))
        return redirect("persons:cases")


class Shifts(RecordsPage):
    """Who of one's own body has the shift now. A shift opens nothing: colleagues give rooms on it, and they end with it."""

    permission = Permission.CASE_ASSIGN
    step_up = True

    def _form(self, data: Any = None) -> ShiftForm:
        return ShiftForm(data, offices=self.own_office(), bodies=self.named())

    def get(self, request: object, form: ShiftForm | None = None) -> HttpResponse:
        """Show them, and the form."""
        rows = queries.shifts(self.request.actor, self.request.now)
        posts, named = accounts.offices_of(row.post for row in rows), self.named()
        told = [{"row": row, "post": words.post(posts.get(row.post), named)} for row in rows]
        form = form or self._form(self.request.POST if self.request.method == "POST" else None)
        return self.page("persons/shifts.html", rows=told, form=form, any=bool(self.own_office()))

    def post(self, request: object) -> HttpResponse:
        """Give the shift."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self.get(request, form)
        found = form.cleaned_data
        until = self.request.now + dt.timedelta(hours=found["hours"])
        giving.put_on_shift(actor=self.request.actor, post=found["post"], until=until, reference=found["reference"])
        messages.success(self.request, _("The shift is recorded. It ends by itself."))
        return redirect("persons:shifts")
