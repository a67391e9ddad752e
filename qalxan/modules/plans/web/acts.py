"""Acts and drafts: upload, review, correct, lay beside, adopt, amend."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.modules.plans.operations import acts as operations
from qalxan.modules.plans.operations.adopt import PlanIdentity, adopt
from qalxan.modules.plans.operations.amend import apply_amendment, attach_amendment, enter_amendment
from qalxan.modules.plans.queries import acts as queries
from qalxan.modules.plans.queries.identity import proposed_identity
from qalxan.modules.plans.queries.plans import plan_list, plan_of
from qalxan.modules.plans.web.forms import AdoptForm, AmendmentForm, AttachForm, RowForm, UploadForm
from qalxan.webkit.views import Page


class Drafts(Page):
    """Drafts and waiting amendments; where an act comes in."""

    permission = Permission.DRAFT_VIEW

    def get(self, request: object, form: UploadForm | None = None) -> HttpResponse:
        """Show the list and the upload."""
        return self.page("plans/acts.html", acts=queries.draft_list(self.request.actor), form=form or UploadForm())

    def post(self, request: object) -> HttpResponse:
        """Read the file into a draft; a file that is no act says why, and nothing is stored."""
        form = UploadForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.get(request, form)
        file = form.cleaned_data["file"]
        act = operations.import_act(actor=self.request.actor, now=self.request.now, name=file.name, data=file.read())
        return redirect("plans:act", act.id)


class Review(Page):
    """A draft: the source on one side, the rows on the other."""

    permission = Permission.DRAFT_VIEW

    def get(self, request: object, act_id: int) -> HttpResponse:
        """Show the draft, doubtful rows first."""
        draft = queries.draft_page(self.request.actor, act_id)
        if draft.act.state != "draft":
            return self.page("plans/amendment.html", draft=draft, act=draft.act)
        attach = None if draft.rows else self._attach_form(draft)
        return self.page("plans/review.html", draft=draft, act=draft.act, attach=attach)

    def _attach_form(self, draft: queries.DraftPage) -> AttachForm:
        data = self.request.POST if self.request.method == "POST" else None
        plans = [(row.code, row.title) for row in plan_list(self.request.actor)]
        return AttachForm(data, plans=plans, initial={"in_force_from": draft.act.in_force_from or draft.act.date})

    def post(self, request: object, act_id: int) -> HttpResponse:
        """Tie an amending act to the plan it changes; it then waits to be applied."""
        form = self._attach_form(queries.draft_page(self.request.actor, act_id))
        if not form.is_valid():
            return self.get(request, act_id)
        plan = plan_of(self.request.actor, form.cleaned_data["plan"])
        attach_amendment(
            actor=self.request.actor, now=self.request.now, act_id=act_id, plan=plan, in_force_from=form.cleaned_data["in_force_from"]
        )
        return redirect("plans:act", act_id)


class Row(Page):
    """One row of a draft, to be corrected."""

    permission = Permission.DRAFT_CORRECT

    def get(self, request: object, act_id: int, place: int, form: RowForm | None = None) -> HttpResponse:
        """Show the row's form, filled as a person left it."""
        draft = queries.draft_page(self.request.actor, act_id)
        row = next((r for r in draft.rows if r.place == place), None)
        if row is None:
            return redirect("plans:act", act_id)
        if form is None and self.request.method == "POST":
            form = RowForm({**self.request.POST.dict(), "version": draft.act.version})
        form = form or RowForm(initial={**row.words, "version": draft.act.version})
        pieces = [piece for piece in draft.pieces if piece[1] == place]
        return self.page("plans/row.html", draft=draft, act=draft.act, row=row, form=form, pieces=pieces)

    def post(self, request: object, act_id: int, place: int) -> HttpResponse:
        """Save the words and go on to the next doubtful row."""
        form = RowForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, act_id, place, form)
        data = form.cleaned_data
        words = {column: data[column] for column in ("text", "executors", "terms", "results") if column in self.request.POST}
        operations.correct(actor=self.request.actor, now=self.request.now, act_id=act_id, version=data["version"], place=place, words=words)
        messages.success(self.request, _("The row is saved."))
        return redirect("plans:act", act_id)


class Adopt(Page):
    """Putting a draft in force."""

    permission = Permission.ACT_ADOPT

    def get(self, request: object, act_id: int, form: AdoptForm | None = None) -> HttpResponse:
        """Show what will be in force, with what the text itself says filled in."""
        draft = queries.draft_page(self.request.actor, act_id)
        bound = AdoptForm(self.request.POST) if self.request.method == "POST" and form is None else form
        initial: dict[str, Any] = {**proposed_identity(draft.act), "version": draft.act.version}
        return self.page("plans/adopt.html", draft=draft, act=draft.act, form=bound or AdoptForm(initial=initial))

    def post(self, request: object, act_id: int) -> HttpResponse:
        """Adopt as the person signed in."""
        form = AdoptForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, act_id, form)
        data = {k: v for k, v in form.cleaned_data.items() if k not in ("sure", "version")}
        plan = adopt(
            actor=self.request.actor,
            now=self.request.now,
            act_id=act_id,
            version=form.cleaned_data["version"],
            identity=PlanIdentity(**data),
        )
        messages.success(self.request, _("The plan is in force and its duties are compiled."))
        return redirect("plans:plan", plan.code)


class Discard(Page):
    """Putting a draft away."""

    permission = Permission.DRAFT_CORRECT

    def back(self, act_id: int) -> str:
        """To the act."""
        return reverse("plans:act", args=[act_id])

    def post(self, request: object, act_id: int) -> HttpResponse:
        """Discard it."""
        operations.discard(actor=self.request.actor, act_id=act_id)
        messages.success(self.request, _("The draft is discarded."))
        return redirect("plans:acts")


class Beside(Page):
    """Two copies of one act, cell by cell."""

    permission = Permission.DRAFT_CORRECT

    def get(self, request: object, act_id: int, other_id: int) -> HttpResponse:
        """Show the rows of both side by side, differences marked."""
        mine, theirs, rows = queries.side_by_side(self.request.actor, act_id, other_id)
        return self.page("plans/beside.html", mine=mine, theirs=theirs, rows=rows, differing=sum(row.differs for row in rows))

    def post(self, request: object, act_id: int, other_id: int) -> HttpResponse:
        """Take the chosen cells and rows of the other copy."""
        take: dict[int, list[str]] = {}
        for value in self.request.POST.getlist("take"):
            place, _sep, column = value.partition(":")
            if place.isdecimal() and place.isascii() and column in ("text", "executors", "terms", "results"):
                take.setdefault(int(place), []).append(column)
        add = [int(value) for value in self.request.POST.getlist("add") if value.isdecimal() and value.isascii()]
        written = self.request.POST.get("version", "")
        version = int(written) if written.isdecimal() and written.isascii() and len(written) < 9 else 0
        operations.merge(
            actor=self.request.actor, now=self.request.now, act_id=act_id, version=version, other_id=other_id, take=take, add=add
        )
        messages.success(self.request, _("The chosen cells were taken over."))
        return redirect("plans:act", act_id)


class EnterAmendment(Page):
    """An amendment by hand."""

    permission = Permission.DRAFT_CORRECT

    def get(self, request: object, code: str, form: AmendmentForm | None = None) -> HttpResponse:
        """Show the form."""
        bound = AmendmentForm(self.request.POST) if self.request.method == "POST" and form is None else form
        return self.page("plans/amend.html", plan=plan_of(self.request.actor, code), form=bound or AmendmentForm())

    def post(self, request: object, code: str) -> HttpResponse:
        """Keep the amendment until someone applies it."""
        form = AmendmentForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, code, form)
        data, plan = form.cleaned_data, plan_of(self.request.actor, code)
        act = enter_amendment(
            actor=self.request.actor,
            now=self.request.now,
            plan=plan,
            number=data["number"],
            date=data["date"],
            in_force_from=data["in_force_from"],
            cells=form.cells(),
        )
        return redirect("plans:act", act.id)


class Apply(Page):
    """Putting a waiting amendment in force."""

    permission = Permission.PLAN_AMEND

    def back(self, act_id: int) -> str:
        """To the amendment, with the reason above it."""
        return reverse("plans:act", args=[act_id])

    def post(self, request: object, act_id: int) -> HttpResponse:
        """Apply it and show the plan as it now stands."""
        plan = apply_amendment(actor=self.request.actor, now=self.request.now, act_id=act_id)
        messages.success(self.request, _("The amendment is applied; earlier days still show the earlier wording."))
        return redirect("plans:runs", plan.code)
