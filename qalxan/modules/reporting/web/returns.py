"""The body's side: my returns, one return, one answer, files, workbook."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.reporting.choices import RatingValue, Stance, Voice
from qalxan.modules.reporting.operations import answers, evidence, returns, voices
from qalxan.modules.reporting.operations import workbook as workbooks
from qalxan.modules.reporting.queries import returns as queries
from qalxan.modules.reporting.queries.differences import marked
from qalxan.modules.reporting.queries.uploads import upload_page
from qalxan.modules.reporting.queries.workbook import workbook
from qalxan.modules.reporting.web.forms import AnswerForm, NoteForm, RateForm, UploadForm, answer_initial
from qalxan.webkit.downloads import attachment
from qalxan.webkit.export import TYPES
from qalxan.webkit.views import Page


def today(page: Page) -> dt.date:
    """The day of the request."""
    return page.request.now.date()


class Mine(Page):
    """The returns of one's body."""

    permission = Permission.RETURN_VIEW

    def get(self, request: object) -> HttpResponse:
        """List them, newest year first."""
        return self.page("reporting/mine.html", rows=queries.my_returns(self.request.actor, today(self)))


class ReturnView(Page):
    """One return: progress, answers, history, and what can be done with it."""

    permission = Permission.RETURN_VIEW

    def get(self, request: object, return_id: int) -> HttpResponse:
        """Show it."""
        page = queries.return_page(self.request.actor, return_id, today(self))
        return self.page("reporting/return.html", page=page, of=page.row, upload=UploadForm(), note=NoteForm())


class AnswerView(Page):
    """One answer: the editor for its body, the words and the three voices for others."""

    permission = Permission.RETURN_VIEW

    def _page(self, return_id: int, answer_id: int) -> queries.AnswerPage:
        return queries.answer_page(self.request.actor, return_id, answer_id, today(self))

    def get(self, request: object, return_id: int, answer_id: int, form: AnswerForm | None = None) -> HttpResponse:
        """Show it; the person whose words are parked is led to the merge."""
        page = self._page(return_id, answer_id)
        if page.parked and form is None:
            return redirect("reporting:merge", return_id, answer_id)
        form = form or AnswerForm(page=page, initial=answer_initial(page))
        rates = [
            (v.voice_label, RateForm(initial={"voice": v.voice, "value": v.value}, prefix=v.voice))
            for v in page.voices
            if v.voice in page.rates
        ]
        return self.page(
            "reporting/answer.html", page=page, of=page.of, row=page.row, form=form, rates=rates, figures=_pairs(form), upload=UploadForm()
        )

    def post(self, request: object, return_id: int, answer_id: int) -> HttpResponse:
        """Save it, or lead to the merge where somebody saved meanwhile."""
        page = self._page(return_id, answer_id)
        form = AnswerForm(self.request.POST, page=page)
        if not form.is_valid():
            return self.get(request, return_id, answer_id, form)
        saved = answers.save_answer(
            actor=self.request.actor, now=self.request.now, answer_id=answer_id, version=form.cleaned_data["version"], words=form.words()
        )
        if saved.parked:
            return redirect("reporting:merge", return_id, answer_id)
        if "next" in self.request.POST and page.after:
            return redirect("reporting:answer", return_id, page.after)
        messages.success(self.request, _("Saved."))
        return redirect(
            "reporting:return" if "next" in self.request.POST else "reporting:answer",
            *((return_id,) if "next" in self.request.POST else (return_id, answer_id)),
        )


def _pairs(form: AnswerForm) -> list[tuple[Any, Any, Any]]:
    return [(slot, form[f"q{n}"], form[f"n{n}"]) for n, slot in enumerate(form.slots)]


class Autosave(Page):
    """Saving while the person types; answers in JSON."""

    permission = Permission.RETURN_WRITE

    def post(self, request: object, return_id: int, answer_id: int) -> HttpResponse:
        """Save what is valid; tell the version, or that the words were parked."""
        page = queries.answer_page(self.request.actor, return_id, answer_id, today(self))
        form = AnswerForm(self.request.POST, page=page)
        if not form.is_valid():
            return JsonResponse({"state": "invalid", "message": _("Not saved yet: some answers need another look.")})
        try:
            saved = answers.save_answer(
                actor=self.request.actor,
                now=self.request.now,
                answer_id=answer_id,
                version=form.cleaned_data["version"],
                words=form.words(),
            )
        except RuleBroken as broken:
            return JsonResponse({"state": "refused", "message": str(broken)})
        if saved.parked:
            return JsonResponse({"state": "parked", "url": reverse("reporting:merge", args=[return_id, answer_id])})
        moment = formats.time_format(self.request.now, "TIME_FORMAT")
        return JsonResponse({"state": "saved", "version": saved.version, "message": _("Saved at %(time)s") % {"time": moment}})


class Merge(Page):
    """Two people wrote at once: both wordings side by side, and the one to keep."""

    permission = Permission.RETURN_WRITE

    def get(self, request: object, return_id: int, answer_id: int, form: AnswerForm | None = None) -> HttpResponse:
        """Show both; the field starts with one's own words."""
        page = queries.answer_page(self.request.actor, return_id, answer_id, today(self))
        if page.parked is None:
            return redirect("reporting:answer", return_id, answer_id)
        if form is None:
            mine = page.parked
            initial = {**answer_initial(page), "stance": mine["stance"], "narrative": mine["narrative"], "self_rating": mine["self_rating"]}
            given = {(i, k): (q, n) for i, k, q, n in mine["values"]}
            for place, slot in enumerate(page.slots):
                qualifier, number = given.get((slot.indicator, slot.key), (None, None))
                initial |= {f"q{place}": qualifier or "", f"n{place}": number}
            form = AnswerForm(page=page, initial=initial)
        marks = marked(page.row.narrative, page.parked["narrative"])
        stance = Stance(page.parked["stance"]).label
        return self.page(
            "reporting/merge.html",
            page=page,
            of=page.of,
            row=page.row,
            form=form,
            figures=_pairs(form),
            marks=marks,
            mine=page.parked,
            stance=stance,
        )

    def post(self, request: object, return_id: int, answer_id: int) -> HttpResponse:
        """Keep the chosen wording."""
        page = queries.answer_page(self.request.actor, return_id, answer_id, today(self))
        form = AnswerForm(self.request.POST, page=page)
        if not form.is_valid():
            return self.get(request, return_id, answer_id, form)
        saved = answers.merge(
            actor=self.request.actor, now=self.request.now, answer_id=answer_id, version=form.cleaned_data["version"], words=form.words()
        )
        if saved.parked:
            messages.error(self.request, _("Somebody saved once more. Compare again."))
            return redirect("reporting:merge", return_id, answer_id)
        messages.success(self.request, _("Merged and saved."))
        return redirect("reporting:answer", return_id, answer_id)


class AddEvidence(Page):
    """Attaching a file."""

    permission = Permission.RETURN_WRITE

    def post(self, request: object, return_id: int, answer_id: int) -> HttpResponse:
        """Attach it once it is proved harmless."""
        file = self.request.FILES.get("file")
        if file is None:
            raise RuleBroken(_("Choose a file."))
        evidence.add_evidence(actor=self.request.actor, now=self.request.now, answer_id=answer_id, name=file.name or "", data=file.read())
        messages.success(self.request, _("The file is attached."))
        return redirect("reporting:answer", return_id, answer_id)

    def back(self, *args: Any, **kwargs: Any) -> str:
        """To the answer."""
        return reverse("reporting:answer", args=[kwargs["return_id"], kwargs["answer_id"]])


class RemoveEvidence(Page):
    """Taking a file away."""

    permission = Permission.RETURN_WRITE

    def post(self, request: object, evidence_id: int) -> HttpResponse:
        """Take it away."""
        answer = evidence.remove_evidence(actor=self.request.actor, now=self.request.now, evidence_id=evidence_id)
        messages.success(self.request, _("The file is removed."))
        return redirect("reporting:answer", answer.of_id, answer.id)


class EvidenceFile(Page):
    """A file, as a download only."""

    permission = Permission.RETURN_VIEW

    def get(self, request: object, evidence_id: int) -> HttpResponse:
        """Hand it out."""
        found = evidence.read_evidence(actor=self.request.actor, evidence_id=evidence_id)
        return attachment(found.name, found.media_type, found.data)


class _Step(Page):
    """A step in a return's life, by a POST; a broken rule leads back to the return."""

    permission = Permission.RETURN_WRITE
    done: ClassVar[str]

    def back(self, *args: Any, **kwargs: Any) -> str:
        """To the return."""
        return reverse("reporting:return", args=[kwargs["return_id"]])


class Submit(_Step):
    """Handing a return in."""

    def post(self, request: object, return_id: int) -> HttpResponse:
        """Hand it in."""
        returns.submit(actor=self.request.actor, now=self.request.now, return_id=return_id)
        messages.success(self.request, _("The return is handed in."))
        return redirect("reporting:return", return_id)


class RefuseReturn(_Step):
    """Refusing to answer, with the reason."""

    def post(self, request: object, return_id: int) -> HttpResponse:
        """Record the refusal."""
        returns.refuse(actor=self.request.actor, now=self.request.now, return_id=return_id, reason=self.request.POST.get("note", ""))
        messages.success(self.request, _("The refusal is recorded."))
        return redirect("reporting:return", return_id)


class Decide(_Step):
    """The coordinator's decision on a return."""

    permission = Permission.RETURN_REVIEW

    def post(self, request: object, return_id: int) -> HttpResponse:
        """Approve, send back or re-open."""
        note, what = self.request.POST.get("note", ""), self.request.POST.get("what", "")
        actor, now = self.request.actor, self.request.now
        if what == "approve":
            returns.approve(actor=actor, now=now, return_id=return_id)
            messages.success(self.request, _("The return is approved."))
        elif what == "send_back":
            returns.send_back(actor=actor, now=now, return_id=return_id, note=note)
            messages.success(self.request, _("The return is sent back."))
        else:
            returns.reopen(actor=actor, now=now, return_id=return_id, reason=note)
            messages.success(self.request, _("The return is open again."))
        return redirect("reporting:return", return_id)


class Rate(Page):
    """The coordinator's or the evaluator's rating of an answer."""

    permission = Permission.RETURN_VIEW

    def post(self, request: object, return_id: int, answer_id: int, voice: str) -> HttpResponse:
        """Keep the rating."""
        form = RateForm(self.request.POST, prefix=voice)
        if voice not in (Voice.COORDINATOR, Voice.EVALUATOR) or not form.is_valid():
            raise RuleBroken(_("Choose a rating of the list."))
        data = form.cleaned_data
        voices.rate(
            actor=self.request.actor, now=self.request.now, answer_id=answer_id, voice=Voice(voice), value=RatingValue(data["value"]),
            evidence=data["evidence"], reason=data["reason"],
        )  # fmt: skip
        messages.success(self.request, _("The rating is kept."))
        return redirect("reporting:answer", return_id, answer_id)

    def back(self, *args: Any, **kwargs: Any) -> str:
        """To the answer."""
        return reverse("reporting:answer", args=[kwargs["return_id"], kwargs["answer_id"]])


class Workbook(_Step):
    """The return as a workbook: out, and filled in back in."""

    def get(self, request: object, return_id: int) -> HttpResponse:
        """Hand the workbook out."""
        name, data = workbook(self.request.actor, return_id, today(self))
        return attachment(name, TYPES["xlsx"], data)

    def post(self, request: object, return_id: int) -> HttpResponse:
        """Read it; with bad cells the person sees them and decides, without any it is taken at once."""
        file = self.request.FILES.get("file")
        if file is None:
            raise RuleBroken(_("Choose a file."))
        kept = workbooks.upload(actor=self.request.actor, now=self.request.now, return_id=return_id, data=file.read())
        if kept.settled_at is None:
            return redirect("reporting:upload", kept.id)
        messages.success(self.request, _("The workbook is taken: every row was right."))
        return redirect("reporting:return", return_id)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """A broken rule leads back to the return, not to another download."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except RuleBroken as broken:
            messages.error(request, str(broken))
            return redirect(self.back(**kwargs))


class UploadView(Page):
    """What an uploaded workbook says, with every bad cell."""

    permission = Permission.RETURN_WRITE

    def get(self, request: object, upload_id: int) -> HttpResponse:
        """Show it."""
        return self.page("reporting/upload.html", page=upload_page(self.request.actor, upload_id))

    def post(self, request: object, upload_id: int) -> HttpResponse:
        """Take the good rows."""
        page = upload_page(self.request.actor, upload_id)
        written, parked = workbooks.take(actor=self.request.actor, now=self.request.now, upload_id=upload_id)
        words = _("%(written)s answers are taken.") % {"written": written}
        if parked:
            words += " " + _("%(parked)s met newer words and wait for your merge.") % {"parked": parked}
        messages.success(self.request, words)
        return redirect("reporting:return", page.return_id)
