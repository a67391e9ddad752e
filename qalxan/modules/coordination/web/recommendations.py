"""Outside recommendations: list, page, words, status, answer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.choices import RecommendationStatus, Source
from qalxan.modules.coordination.operations import recommendations as operations
from qalxan.modules.coordination.queries import recommendations as queries
from qalxan.modules.coordination.queries.filings import Filings
from qalxan.modules.coordination.queries.words import measure_choices
from qalxan.modules.coordination.web.forms import AnswerForm, RecommendationForm, StatusForm, first_fault
from qalxan.modules.coordination.web.forums import posted, today, year_asked
from qalxan.modules.reporting.public import filings_for_measures
from qalxan.webkit.views import Page

FILINGS: Filings = filings_for_measures
"""Where filings come from. A site with returns puts theirs here."""


def measure_asked(value: str) -> int | None:
    """A measure's id from the address, None for all; anything unreadable is all."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


class List(Page):
    """All recommendations."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show those of a source, status and measure."""
        asked = {key: self.request.GET.get(key, "") for key in ("source", "status")}
        measure = measure_asked(self.request.GET.get("measure", ""))
        rows = queries.recommendation_list(self.request.actor, **asked, measure=measure)
        linked = queries.linked_measures(self.request.actor)
        choices = {"sources": Source.choices, "statuses": RecommendationStatus.choices, "measures": linked}
        return self.page("coordination/recommendations.html", rows=rows, **choices, **asked, measure=measure)


class Recommendation(Page):
    """A recommendation with all that followed."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object, recommendation_id: int) -> HttpResponse:
        """Show it."""
        page = queries.recommendation_page(self.request.actor, recommendation_id, FILINGS)
        form = StatusForm(initial={"status": page.row.status, "day": today(self)})
        return self.page("coordination/recommendation.html", page=page, row=page.row, form=form)


class New(Page):
    """Writing a recommendation down."""

    permission = Permission.RECOMMENDATION_EDIT

    def _form(self, recommendation_id: int | None) -> RecommendationForm:
        actor = self.request.actor
        initial = queries.recommendation_words(actor, recommendation_id) if recommendation_id is not None else None
        return RecommendationForm(posted(self), measures=measure_choices(actor), initial=initial)

    def get(self, request: object, recommendation_id: int | None = None, form: RecommendationForm | None = None) -> HttpResponse:
        """Show the form, filled for one that is written down."""
        return self.page("coordination/write.html", form=form or self._form(recommendation_id), recommendation_id=recommendation_id)

    def post(self, request: object, recommendation_id: int | None = None) -> HttpResponse:
        """Keep it."""
        form = self._form(recommendation_id)
        if not form.is_valid():
            return self.get(request, recommendation_id, form)
        words = operations.Words(**form.cleaned_data)
        row = operations.set_recommendation(
            actor=self.request.actor, now=self.request.now, recommendation_id=recommendation_id, words=words
        )
        messages.success(self.request, _("Saved."))
        return redirect("coordination:recommendation", row.id)


class Edit(New):
    """Correcting a recommendation."""


class Status(Page):
    """How far a recommendation is met."""

    permission = Permission.RECOMMENDATION_EDIT

    def back(self, recommendation_id: int) -> str:
        """To the recommendation."""
        return reverse("coordination:recommendation", args=[recommendation_id])

    def post(self, request: object, recommendation_id: int) -> HttpResponse:
        """Keep the status with its reason."""
        form = StatusForm(self.request.POST)
        if not form.is_valid():
            queries.recommendation_of(self.request.actor, recommendation_id)
            raise RuleBroken(first_fault(form))
        operations.judge(actor=self.request.actor, now=self.request.now, recommendation_id=recommendation_id, **form.cleaned_data)
        messages.success(self.request, _("The status is kept."))
        return redirect("coordination:recommendation", recommendation_id)


class Answer(Page):
    """Answering a recommendation out of filings."""

    permission = Permission.RECOMMENDATION_EDIT

    def get(self, request: object, recommendation_id: int, form: AnswerForm | None = None) -> HttpResponse:
        """Show the form with the filings of a year to tick."""
        page = queries.recommendation_page(self.request.actor, recommendation_id, FILINGS)
        years = queries.answer_years(today(self))
        context = {"page": page, "row": page.row, "years": years, "year": year_asked(self)}
        return self.page("coordination/answer.html", form=form or self._form(recommendation_id), **context)

    def _form(self, recommendation_id: int) -> AnswerForm:
        offered = queries.filings(self.request.actor, recommendation_id, FILINGS, year_asked(self))
        choices = [(str(f.id), f"{f.measure_label} · {f.body_name}: {f.text}" + (f" ({_used(f.used)})" if f.used else "")) for f in offered]
        return AnswerForm(posted(self), filings=choices, initial={"given_on": today(self)})

    def post(self, request: object, recommendation_id: int) -> HttpResponse:
        """Keep it."""
        form = self._form(recommendation_id)
        if not form.is_valid():
            return self.get(request, recommendation_id, form)
        reply = operations.Reply(**form.cleaned_data, year=year_asked(self))
        operations.answer(actor=self.request.actor, now=self.request.now, recommendation_id=recommendation_id, reply=reply, source=FILINGS)
        messages.success(self.request, _("The answer is kept."))
        return redirect("coordination:recommendation", recommendation_id)


def _used(times: int) -> str:
    return _("answers so far: %(times)s") % {"times": times}
