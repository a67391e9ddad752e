"""Rosters, open lists, and what is recorded beside a measure."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalxan.foundation.access.guard import require
from qalxan.foundation.access.permissions import Permission
from qalxan.modules.plans.operations import records as operations
from qalxan.modules.plans.queries import records as queries
from qalxan.modules.plans.queries.duties import plan_years
from qalxan.modules.plans.queries.plans import measure_page, plan_of
from qalxan.modules.plans.web.forms import FinancingForm, ParticipationForm, PrincipleForm, ResolveForm, RosterForm, TreatyForm
from qalxan.modules.plans.web.plans import today
from qalxan.webkit.views import Page


class Rosters(Page):
    """The members of groups for a plan, year by year."""

    permission = Permission.ROSTER_EDIT

    def _form(self, code: str) -> RosterForm:
        plan = plan_of(self.request.actor, code)
        years = list(plan_years(plan)) or [plan.first_year]
        data = self.request.POST if self.request.method == "POST" else None
        return RosterForm(data, groups=queries.groups_of(plan), years=years, choices=queries.body_choices())

    def get(self, request: object, code: str, form: RosterForm | None = None) -> HttpResponse:
        """Show the rosters and the form."""
        plan = plan_of(self.request.actor, code)
        return self.page("plans/rosters.html", plan=plan, rosters=queries.rosters(self.request.actor, plan), form=form or self._form(code))

    def post(self, request: object, code: str) -> HttpResponse:
        """Set a roster."""
        form = self._form(code)
        if not form.is_valid():
            return self.get(request, code, form)
        plan = plan_of(self.request.actor, code)
        operations.set_roster(actor=self.request.actor, now=self.request.now, plan=plan, **form.cleaned_data)
        messages.success(self.request, _("The roster is set and duties follow it."))
        return redirect("plans:rosters", code)


class Resolve(Page):
    """Naming the bodies of an open list."""

    permission = Permission.OPEN_LIST_RESOLVE

    def _form(self, as_written: str) -> ResolveForm:
        data = self.request.POST if self.request.method == "POST" else None
        return ResolveForm(data, choices=queries.body_choices(), initial={"as_written": as_written})

    def get(self, request: object, code: str, number: str, occurrence: int, form: ResolveForm | None = None) -> HttpResponse:
        """Show the open lists of the measure, the chosen one with its form."""
        page = measure_page(self.request.actor, code, number, occurrence, today(self))
        lists = queries.measure_records(self.request.actor, page.measure).open_lists
        chosen = self.request.GET.get("list") or self.request.POST.get("as_written") or (lists[0].as_written if lists else "")
        return self.page(
            "plans/resolve.html", page=page, plan=page.plan, row=page.row, lists=lists, chosen=chosen, form=form or self._form(chosen)
        )

    def post(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Keep the named bodies; duties follow."""
        form = self._form("")
        if not form.is_valid():
            return self.get(request, code, number, occurrence, form)
        page = measure_page(self.request.actor, code, number, occurrence, today(self))
        operations.resolve_open_list(actor=self.request.actor, now=self.request.now, measure=page.measure, **form.cleaned_data)
        messages.success(self.request, _("The bodies are named and duties follow."))
        return redirect("plans:measure", code, number, occurrence)


class Record(Page):
    """Financing, principles and participation of a measure."""

    permission = Permission.PLAN_VIEW
    needs = {
        "money": Permission.FINANCING_RECORD,
        "principle": Permission.PRINCIPLE_CHECK,
        "participation": Permission.PARTICIPATION_DECIDE,
    }

    def get(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Show the form for `what`, one thing at a time."""
        what = self.request.GET.get("what") or self.request.POST.get("what") or ""
        if what not in self.needs:
            raise Http404
        require(self.request.actor, self.needs[what])
        page = measure_page(self.request.actor, code, number, occurrence, today(self))
        records = queries.measure_records(self.request.actor, page.measure)
        return self.page("plans/record.html", page=page, plan=page.plan, row=page.row, what=what, records=records, form=self._form(what))

    def _form(self, what: str) -> FinancingForm | PrincipleForm | ParticipationForm:
        data = self.request.POST if self.request.method == "POST" else None
        if what == "money":
            return FinancingForm(data, choices=queries.body_choices(), initial={"year": today(self).year})
        if what == "principle":
            return PrincipleForm(data, initial={"principle": self.request.GET.get("principle")})
        return ParticipationForm(data)

    def post(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Keep it."""
        what = self.request.POST.get("what", "")
        form = self._form(what) if what in self.needs else None
        if form is None or not form.is_valid():
            return self.get(request, code, number, occurrence)
        measure = measure_page(self.request.actor, code, number, occurrence, today(self)).measure
        write = {
            "money": operations.record_financing,
            "principle": operations.check_principle,
            "participation": operations.decide_participation,
        }[what]
        write(actor=self.request.actor, now=self.request.now, measure=measure, **form.cleaned_data)  # type: ignore[operator]
        messages.success(self.request, _("Saved."))
        return redirect("plans:measure", code, number, occurrence)


class Treaties(Page):
    """The treaty register."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show it; what no source says is empty."""
        return self.page("plans/treaties.html", treaties=queries.treaties(self.request.actor, get_language() or "az"))


class TreatyDates(Page):
    """What is known of the state's part in a treaty."""

    permission = Permission.TREATY_RECORD

    def get(self, request: object, treaty_id: int) -> HttpResponse:
        """Show the form, filled with what is recorded."""
        known = queries.treaty_dates(self.request.actor, treaty_id)
        form = TreatyForm(self.request.POST if self.request.method == "POST" else None, initial=dict(known))
        return self.page("plans/treaty.html", title=known["title_az"], form=form)

    def post(self, request: object, treaty_id: int) -> HttpResponse:
        """Keep it."""
        form = TreatyForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, treaty_id)
        operations.record_treaty(actor=self.request.actor, treaty_id=treaty_id, **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("plans:treaties")
