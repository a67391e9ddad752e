"""Reading figures: the list of a year, its checks, an indicator, a fact, the export."""

from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.reports.statistics.queries import checks as check_queries
from qalxan.reports.statistics.queries import pages
from qalxan.reports.statistics.queries.export import export
from qalxan.reports.statistics.web.forms import ReasonForm, year_of
from qalxan.webkit.export import TYPES
from qalxan.webkit.views import Page

ONLY = ("disputed", "unapproved")


class _ByYear(Page):
    """A page about one year, with the other years to go to."""

    permission = Permission.FACT_VIEW

    def shown_year(self, years: list[int]) -> int:
        """The year asked for, else the newest that has figures, else this year."""
        return year_of(self.request.GET.get("year")) or (years[0] if years else self.request.now.year)


class List(_ByYear):
    """The figures of a year."""

    def get(self, request: object) -> HttpResponse:
        """Show them by indicator, filtered by words and by what waits or is disputed."""
        actor, years = self.request.actor, pages.years(self.request.actor)
        year, text = self.shown_year(years), self.request.GET.get("q", "").replace("\0", "")[:100]
        only = self.request.GET.get("only", "")
        only = only if only in ONLY else ""
        groups = pages.figure_list(actor, year, text=text, only=only)
        filters = [("", _("All")), ("disputed", _("Sources disagree")), ("unapproved", _("Waits for approval"))]
        shown = sum(len(group.rows) for group in groups)
        waiting = [fact for group in groups for row in group.rows for fact in row.approvable]
        return self.page(
            "statistics/list.html",
            groups=groups,
            years=years,
            year=year,
            text=text,
            only=only,
            filters=filters,
            shown=shown,
            waiting=waiting,
        )


class Export(_ByYear):
    """The list as a file."""

    def get(self, request: object, form: str) -> HttpResponse:
        """Give what the list shows, as an attachment, and note it in the log."""
        if form not in ("csv", "xlsx"):
            raise Http404
        actor, year = self.request.actor, self.shown_year(pages.years(self.request.actor))
        only = self.request.GET.get("only", "")
        text = self.request.GET.get("q", "").replace("\0", "")[:100]
        body = export(actor, year, form, text=text, only=only if only in ONLY else "")
        record(actor.user_id, AuditEvent.EXPORTED, f"figures:{year}", form=form)
        name = f"figures-{year}.{form}"
        return HttpResponse(body, content_type=TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


class Checks(_ByYear):
    """The checks of a year."""

    def get(self, request: object) -> HttpResponse:
        """Show every rule with its arithmetic and verdict, what must be looked at first."""
        years = pages.years(self.request.actor)
        year = self.shown_year(years)
        rows = check_queries.checks(self.request.actor, year)
        found = sum(row.found for row in rows)
        return self.page("statistics/checks.html", rows=rows, years=years, year=year, found=found)


class Indicator(Page):
    """An indicator through the years and sources."""

    permission = Permission.FACT_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show its definition and every statement."""
        return self.page("statistics/indicator.html", page=pages.indicator_page(self.request.actor, code))


class Fact(Page):
    """One fact: what states it, who approved it, what is stated beside it, the checks it takes part in."""

    permission = Permission.FACT_VIEW
    doing: ClassVar[str] = ""

    def get(self, request: object, fact_id: int) -> HttpResponse:
        """Show it, with the forms the person may use; a refused one comes back as it was filled."""
        filled = ReasonForm(self.request.POST, auto_id=f"id_{self.doing}_%s") if self.request.method == "POST" else None
        forms = {what: filled if filled and what == self.doing else ReasonForm(auto_id=f"id_{what}_%s") for what in ("choose", "withdraw")}
        return self.page("statistics/fact.html", page=pages.fact_page(self.request.actor, fact_id), **forms)
