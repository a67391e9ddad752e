"""Plans: the list, the text as in force, comparison, export, a measure through time, search."""

import datetime as dt

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.modules.plans.queries import duties as duty_queries
from qalxan.modules.plans.queries import plans as queries
from qalxan.modules.plans.queries.export import export
from qalxan.modules.plans.queries.records import measure_records
from qalxan.modules.plans.queries.words import day_words
from qalxan.modules.plans.web.forms import CompareForm, ViewForm, day_of, year_of
from qalxan.webkit.export import TYPES
from qalxan.webkit.views import Page


def today(page: Page) -> dt.date:
    """The day of the request."""
    return page.request.now.date()


def shown_day(page: Page, plan_last: int | None) -> dt.date:
    """The day asked for; else today, or the plan's last day when it has ended."""
    last = dt.date(plan_last, 12, 31) if plan_last else today(page)
    return day_of(page.request.GET.get("day"), min(today(page), last))


class List(Page):
    """All plans in force."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the list."""
        return self.page("plans/list.html", plans=queries.plan_list(self.request.actor))


class Consolidated(Page):
    """A plan's text as in force on a day."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show it; `marks=1` shows later wording beside the first."""
        plan = queries.plan_of(self.request.actor, code)
        day = shown_day(self, plan.last_year)
        view = queries.consolidation(self.request.actor, code, day)
        marked = self.request.GET.get("marks") == "1"
        return self.page(
            "plans/plan.html", view=view, plan=plan, form=ViewForm(initial={"day": day}), day=day, marked=marked, years=queries.years(plan)
        )


class Compare(Page):
    """What changed between two days."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show the comparison; without days, from the plan's first day to today."""
        plan = queries.plan_of(self.request.actor, code)
        first = plan.act.in_force_from or dt.date(plan.first_year, 1, 1)
        earlier, later = day_of(self.request.GET.get("earlier"), first), day_of(self.request.GET.get("later"), today(self))
        plan, changes = queries.comparison(self.request.actor, code, min(earlier, later), max(earlier, later))
        form = CompareForm(initial={"earlier": min(earlier, later), "later": max(earlier, later)})
        return self.page(
            "plans/compare.html",
            plan=plan,
            changes=changes,
            form=form,
            earlier=day_words(min(earlier, later)),
            later=day_words(max(earlier, later)),
        )


class Export(Page):
    """A consolidation as a file."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object, code: str, form: str) -> HttpResponse:
        """Give the file as an attachment, and note it in the log."""
        if form not in TYPES:
            raise Http404
        plan = queries.plan_of(self.request.actor, code)
        view = queries.consolidation(self.request.actor, code, shown_day(self, plan.last_year))
        body = export(view, form, today(self))
        record(self.request.actor.user_id, AuditEvent.EXPORTED, f"plan:{code}", form=form, day=view.day.isoformat())
        name = f"{code}-{view.day.isoformat()}.{'xml' if form == 'akn' else form}"
        return HttpResponse(body, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


class MeasureThroughTime(Page):
    """A measure: its cells, their history, its duties and records."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Show it as in force on a day, with everything before and after below."""
        actor = self.request.actor
        plan = queries.plan_of(actor, code)
        page = queries.measure_page(actor, code, number, occurrence, shown_day(self, plan.last_year))
        year = year_of(self.request.GET.get("year"))
        duties = (
            duty_queries.of_measure(actor, page.measure, year=year, today=today(self)) if Permission.DUTY_VIEW in actor.permissions else []
        )
        records = measure_records(actor, page.measure)
        return self.page(
            "plans/measure.html",
            page=page,
            plan=plan,
            row=page.row,
            duties=duties,
            records=records,
            years=duty_queries.plan_years(plan),
            year=year,
        )


class Search(Page):
    """Measures by words."""

    permission = Permission.PLAN_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show what is found."""
        words = self.request.GET.get("q", "")[:200]
        hits = queries.search_measures(self.request.actor, words)
        return self.page("plans/search.html", words=words, hits=hits, title=_("Search"))
