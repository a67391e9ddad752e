"""Writing figures: import, entry, approval, choice, withdrawal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.reports.statistics.choices import Kind
from qalxan.reports.statistics.operations import facts as operations
from qalxan.reports.statistics.operations.cells import NEEDED, OPTIONAL, BadCell, BadCells
from qalxan.reports.statistics.operations.imports import import_facts
from qalxan.reports.statistics.queries import pages
from qalxan.reports.statistics.web.figures import Fact
from qalxan.reports.statistics.web.forms import FactForm, ImportForm, ReasonForm
from qalxan.webkit.views import Page


class Import(Page):
    """Bringing in a file of rows."""

    permission = Permission.FACT_ENTER

    def get(self, request: object, cells: tuple[BadCell, ...] = ()) -> HttpResponse:
        """Show the form, the columns each kind of file needs, and the cells of a refused file."""
        data, files = (self.request.POST, self.request.FILES) if self.request.method == "POST" else (None, None)
        columns = [(kind.label, sorted(NEEDED[kind]), sorted(OPTIONAL[kind])) for kind in Kind]
        return self.page(
            "statistics/import.html", form=ImportForm(data, files), cells=cells[:200], more=max(0, len(cells) - 200), columns=columns
        )

    def post(self, request: object) -> HttpResponse:
        """Take the file whole, or say which cells stand in its way."""
        form = ImportForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.get(request)
        kind, file = Kind(form.cleaned_data["kind"]), form.cleaned_data["file"]
        try:
            done = import_facts(actor=self.request.actor, now=self.request.now, kind=kind, name=file.name, data=file.read())
        except BadCells as bad:
            messages.error(self.request, str(bad))
            response = self.get(request, bad.cells)
            response.status_code = 422
            return response
        messages.success(
            self.request, _("%(rows)s rows were read, %(added)s of them new or changed.") % {"rows": done.rows, "added": done.added}
        )
        return redirect(reverse("statistics:list") + ("?only=unapproved" if kind == Kind.FACTS else ""))


class Enter(Page):
    """Typing one figure."""

    permission = Permission.FACT_ENTER

    def get(self, request: object, form: FactForm | None = None) -> HttpResponse:
        """Ask for the indicator first, then show the form that fits it."""
        chosen = self._form() if form is None else form
        choices = pages.indicator_choices()
        return self.page("statistics/enter.html", form=chosen, indicators=choices)

    def _form(self) -> FactForm | None:
        shape = pages.entry_form(self.request.actor, self.request.GET.get("indicator", ""))
        if shape is None:
            return None
        data = self.request.POST if self.request.method == "POST" else None
        return FactForm(data, shape=shape, sources=pages.source_choices())

    def post(self, request: object) -> HttpResponse:
        """Keep it, unapproved; what cannot be taken is said at its field."""
        form = self._form()
        if form is None:
            raise Absent("indicator")
        if not form.is_valid():
            return self.get(request, form)
        try:
            fact = operations.enter(actor=self.request.actor, now=self.request.now, cells=form.cells())
        except BadCells as bad:
            for cell in bad.cells:
                form.add_error(cell.column if cell.column in form.fields else None, cell.reason)
            return self.get(request, form)
        messages.success(self.request, _("The figure is entered and waits for approval."))
        return redirect("statistics:fact", fact.id)


class Approve(Page):
    """Approving figures, one or many."""

    permission = Permission.FACT_APPROVE

    def post(self, request: object) -> HttpResponse:
        """Approve what is ticked, or all that the list showed, and go back to where the person was."""
        posted = self.request.POST
        written = posted.get("shown", "").split() if posted.get("all") else posted.getlist("fact")
        ids = [int(i) for i in written if i.isascii() and i.isdecimal() and len(i) < 20]
        if not ids:
            raise RuleBroken(_("Tick at least one figure."))
        n = operations.approve(actor=self.request.actor, now=self.request.now, ids=ids)
        messages.success(self.request, ngettext("%(n)s figure is approved.", "%(n)s figures are approved.", n) % {"n": n})
        return redirect(self.back())

    def back(self, *args: object, **kwargs: object) -> str:
        """The fact's page when one was approved there, else the list of what waits."""
        only = self.request.POST.getlist("fact")
        if self.request.POST.get("from") == "fact" and only and only[0].isascii() and only[0].isdecimal() and len(only[0]) < 20:
            return reverse("statistics:fact", args=[only[0]])
        year = self.request.POST.get("year", "")
        return reverse("statistics:list") + "?only=unapproved" + (f"&year={year}" if year.isascii() and year.isdecimal() else "")


class Choose(Fact):
    """Taking one source's figure where several are stated."""

    permission = Permission.FACT_APPROVE
    doing = "choose"

    def post(self, request: object, fact_id: int) -> HttpResponse:
        """Keep the choice with its reason."""
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, fact_id)
        operations.choose(actor=self.request.actor, now=self.request.now, fact_id=fact_id, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("This figure is taken from now on."))
        return redirect("statistics:fact", fact_id)


class Withdraw(Fact):
    """Withdrawing a figure; it stays on record with the reason."""

    permission = Permission.FACT_ENTER
    doing = "withdraw"

    def post(self, request: object, fact_id: int) -> HttpResponse:
        """Keep the reason and withdraw."""
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, fact_id)
        operations.withdraw(actor=self.request.actor, now=self.request.now, fact_id=fact_id, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("The figure is withdrawn; it stays on record."))
        return redirect("statistics:fact", fact_id)
