"""The coordinator's side: windows, the board, the silence map, the comparison; a measure through the years; who counts what."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.bodies.queries import directory
from qalxan.kernel.errors import RuleBroken
from qalxan.kernel.silence import opens_and_due
from qalxan.modules.plans import public as plans
from qalxan.modules.reporting.operations import counters, voices, windows
from qalxan.modules.reporting.queries import board as queries
from qalxan.modules.reporting.queries.indicators import indicator_rows
from qalxan.modules.reporting.queries.years import checkable_measures, measure_years
from qalxan.modules.reporting.web.forms import CounterForm, ExtendForm, VerifiableForm, WindowForm, judged_lines
from qalxan.modules.reporting.web.returns import today
from qalxan.webkit.views import Page


class Windows(Page):
    """All windows, and the form that opens one."""

    permission = Permission.BOARD_VIEW

    def _form(self) -> WindowForm:
        year = today(self).year - 1
        opens, due = opens_and_due(year)
        known = [(p.code, p.title) for p in plans.plan_list(self.request.actor)]
        data = self.request.POST if self.request.method == "POST" else None
        return WindowForm(data, plans=known, initial={"year": year, "opens_on": opens, "due_on": due})

    def get(self, request: object, form: WindowForm | None = None) -> HttpResponse:
        """Show them."""
        return self.page("reporting/windows.html", rows=queries.windows(self.request.actor), form=form or self._form())

    def post(self, request: object) -> HttpResponse:
        """Open a window."""
        form = self._form()
        if not form.is_valid():
            return self.get(request, form)
        data = form.cleaned_data
        window = windows.open_window(
            actor=self.request.actor, now=self.request.now, plan=plans.plan_of(self.request.actor, data["plan"]), year=data["year"],
            opens_on=data["opens_on"], due_on=data["due_on"],
        )  # fmt: skip
        messages.success(self.request, _("The window is open. Every body sees what it owes."))
        return redirect("reporting:board", window.id)


class Board(Page):
    """Who has not reported."""

    permission = Permission.BOARD_VIEW

    def get(self, request: object, window_id: int, form: ExtendForm | None = None) -> HttpResponse:
        """Show the board; `silence=late` shows only those."""
        board = queries.board(self.request.actor, window_id, today(self))
        only = self.request.GET.get("silence", "")
        rows = [r for r in board.rows if not only or r.row.silence == only]
        bodies = [(r.row.body, r.row.body_name) for r in board.rows]
        form = form or ExtendForm(self.request.POST if self.request.method == "POST" else None, bodies=bodies)
        return self.page("reporting/board.html", board=board, window=board.window, rows=rows, only=only, form=form)

    def post(self, request: object, window_id: int) -> HttpResponse:
        """Extend for a body, or close."""
        if "close" in self.request.POST:
            windows.close_window(actor=self.request.actor, now=self.request.now, window_id=window_id)
            messages.success(self.request, _("The window is closed."))
            return redirect("reporting:board", window_id)
        board = queries.board(self.request.actor, window_id, today(self))
        form = ExtendForm(self.request.POST, bodies=[(r.row.body, r.row.body_name) for r in board.rows])
        if not form.is_valid():
            return self.get(request, window_id, form)
        windows.extend(actor=self.request.actor, now=self.request.now, window_id=window_id, **form.cleaned_data)
        messages.success(self.request, _("The body has more time."))
        return redirect("reporting:board", window_id)


class SilenceMap(Page):
    """Bodies × measures."""

    permission = Permission.BOARD_VIEW

    def get(self, request: object, window_id: int) -> HttpResponse:
        """Show the map."""
        found = queries.silence_map(self.request.actor, window_id, today(self))
        return self.page("reporting/map.html", map=found, window=found.window)


class Compare(Page):
    """Bodies side by side."""

    permission = Permission.BOARD_VIEW

    def get(self, request: object, window_id: int) -> HttpResponse:
        """Show them."""
        found = queries.comparison(self.request.actor, window_id, today(self))
        return self.page("reporting/compare.html", found=found, window=found.window)


class Years(Page):
    """A measure through the years."""

    permission = Permission.RETURN_VIEW

    def get(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Show what bodies answered, year by year."""
        page = plans.measure_page(self.request.actor, code, number, occurrence, today(self))
        years = measure_years(self.request.actor, page.measure.id, today(self))
        return self.page("reporting/years.html", page=page, plan=page.plan, row=page.row, years=years, form=VerifiableForm())

    def post(self, request: object, code: str, number: str, occurrence: int) -> HttpResponse:
        """Judge whether the measure can be checked."""
        page = plans.measure_page(self.request.actor, code, number, occurrence, today(self))
        form = VerifiableForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(_("Give the reason."))
        checkable = form.cleaned_data["checkable"] == "1"
        voices.set_verifiability(
            actor=self.request.actor, now=self.request.now, measure=page.measure, checkable=checkable, reason=form.cleaned_data["reason"]
        )
        messages.success(self.request, _("Saved."))
        return redirect("reporting:years", code, number, occurrence)


class Checkable(Page):
    """Which measures of a plan can be checked at all: judged together when the plan is adopted."""

    permission = Permission.VERIFIABILITY_SET

    def get(self, request: object, code: str) -> HttpResponse:
        """Show each measure with its judgement."""
        title, rows = checkable_measures(self.request.actor, code)
        return self.page("reporting/checkable.html", title=title, rows=rows, left=sum(row.checkable is None for row in rows))

    def post(self, request: object, code: str) -> HttpResponse:
        """Keep what was judged anew, all or nothing."""
        kept = voices.judge_plan(actor=self.request.actor, now=self.request.now, code=code, judged=judged_lines(self.request.POST))
        messages.success(self.request, _("%(n)s judgements kept.") % {"n": kept})
        return redirect("reporting:checkable", code)


class Indicators(Page):
    """What is counted, and by whom."""

    permission = Permission.BOARD_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show every indicator with the bodies that count it."""
        rows = indicator_rows(self.request.actor, self.request.GET.get("q", ""))
        return self.page("reporting/indicators.html", rows=rows, q=self.request.GET.get("q", ""), form=self._form())

    def _form(self, data: Any = None) -> CounterForm:
        bodies = [(b.code, b.name) for b in directory() if b.kind not in ("group", "open_list")]
        return CounterForm(data, bodies=bodies, initial={"indicator": self.request.GET.get("indicator", "")})

    def post(self, request: object) -> HttpResponse:
        """Declare who counts one."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(_("Choose an indicator and a body."))
        data = form.cleaned_data
        counters.declare_counter(
            actor=self.request.actor,
            now=self.request.now,
            indicator=data["indicator"],
            body=data["body"],
            key=data["key"].strip(),
            alone=not data["shared"],
        )
        messages.success(self.request, _("Saved."))
        return redirect("reporting:indicators")
