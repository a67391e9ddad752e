"""Decisions of prosecutors, courts and the investigating body: what they seal, and what another decision opens again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.operations import record_refusal
from qalxan.foundation.persons import giving, queries
from qalxan.shell.persons.base import CaseAct, RecordsPage, bounded
from qalxan.shell.persons.giving_forms import DecisionForm, NumberedSealForm, SealForm


class Seals(RecordsPage):
    """The seals one records decisions about."""

    permission = Permission.CASE_ASSIGN

    def get(self, request: object) -> HttpResponse:
        """Show them, newest first."""
        rows = [{"row": row, "code": _what(row.person)} for row in queries.my_seals(self.request.actor)]
        return self.page("persons/seals.html", rows=rows, names=self.named())


class NumberedSeal(RecordsPage):
    """Seal a case or a single person by the number in the decision, which is all that a prosecutor or court has."""

    permission = Permission.CASE_ASSIGN
    step_up = True

    def _form(self, data: Any = None) -> NumberedSealForm:
        return NumberedSealForm(data, authorities=self.deciding(), offices=self.seeing(), bodies=self.named())

    def get(self, request: object, form: NumberedSealForm | None = None) -> HttpResponse:
        """Show the form."""
        form = form or self._form(self.request.POST if self.request.method == "POST" else None)
        return self.page("persons/seal.html", form=form)

    def post(self, request: object) -> HttpResponse:
        """Seal it. A number that is nobody's and one that is not the actor's to seal get one answer."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self.get(request, form)
        try:
            giving.seal_numbered(actor=self.request.actor, **form.cleaned_data)
        except Absent:
            record_refusal(self.request.actor.user_id, "seal:number", self.permission.value)
            form.add_error("number", _("There is no such number, or this decision is not yours to record."))
            return self.get(request, form)
        messages.success(self.request, _("It is sealed."))
        return redirect("persons:seals")


class Seal(CaseAct):
    """Suspend all access to a case but the named posts', by a recorded decision."""

    permission = Permission.CASE_ASSIGN
    template = "persons/seal.html"

    def form(self, found: queries.CasePage, data: Any = None) -> SealForm:
        """Whose decision, its number, whom it names."""
        return SealForm(data, authorities=self.deciding(), offices=self.seeing(), bodies=self.named())

    def done(self, found: queries.CasePage, said: Any) -> HttpResponse:
        """Seal it."""
        giving.seal_case(actor=self.request.actor, case=found.row.id, **said.cleaned_data)
        messages.success(self.request, _("The case is sealed."))
        return redirect("persons:case", found.row.id)


class Lift(RecordsPage):
    """Lift a seal by another decision; also on a closed case, whose seal would stand for ever."""

    permission = Permission.CASE_ASSIGN
    step_up = True

    def _seal(self, seal: int) -> queries.SealRow:
        for row in queries.my_seals(self.request.actor, only=bounded(seal)):
            if row.lifted_at is None:
                return row
        raise Absent

    def get(self, request: object, seal: int, form: DecisionForm | None = None) -> HttpResponse:
        """Show the form."""
        row = self._seal(seal)
        form = form or DecisionForm(self.request.POST if self.request.method == "POST" else None, authorities=self.deciding())
        return self.page("persons/lift.html", seal=row, code=_what(row.person), form=form, names=self.named())

    def post(self, request: object, seal: int) -> HttpResponse:
        """Lift it."""
        self._seal(seal)
        form = DecisionForm(self.request.POST, authorities=self.deciding())
        if not form.is_valid():
            return self.get(request, seal, form)
        giving.lift_seal(actor=self.request.actor, seal=seal, **form.cleaned_data)
        messages.success(self.request, _("The seal is lifted. What was given before lives again as far as its time has not run out."))
        return redirect("persons:seals")


def _what(person: UUID | None) -> str:
    """What a seal closes, as far as who records decisions may know: a case without its number, a record by its code."""
    return queries.code_of(person) if person else ""
