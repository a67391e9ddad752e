"""Reports: the list, reading with every number open, the workspace from freezing to the seal."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.operations import record
from qalxan.kernel.errors import BadInput, RuleBroken
from qalxan.modules.plans import public as plans
from qalxan.reports.annual_report.choices import Kind
from qalxan.reports.annual_report.operations import drafts, editions, files, freeze
from qalxan.reports.annual_report.queries import editions as lists
from qalxan.reports.annual_report.queries import reading as queries
from qalxan.reports.annual_report.queries.pictures import picture
from qalxan.reports.annual_report.tasks import make_files
from qalxan.reports.annual_report.web.forms import StartForm, TextForm, WordForm, section_lines
from qalxan.webkit.downloads import attachment
from qalxan.webkit.export import TYPES
from qalxan.webkit.views import Page

MEDIA = {"pdf": "application/pdf", "docx": TYPES["docx"]}


class List(Page):
    """All editions the person may open."""

    permission = Permission.EDITION_READ

    def _form(self) -> StartForm:
        data = self.request.POST if self.request.method == "POST" else None
        known = [(p.code, p.title) for p in plans.plan_list(self.request.actor)]
        return StartForm(data, plans=known, initial={"year": self.request.now.year - 1})

    def get(self, request: object, form: StartForm | None = None) -> HttpResponse:
        """Show them."""
        return self.page("annual_report/list.html", rows=lists.edition_list(self.request.actor), form=form or self._form())

    def post(self, request: object) -> HttpResponse:
        """Begin an edition."""
        form = self._form()
        if not form.is_valid():
            return self.get(request, form)
        data = form.cleaned_data
        made = editions.start(actor=self.request.actor, now=self.request.now, kind=Kind(data["kind"]), year=data["year"], plan=data["plan"])
        return redirect("annual_report:workspace", made.kind, made.year, made.number)


class Reading(Page):
    """An edition to read; every number opens."""

    permission = Permission.EDITION_READ

    def get(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Show it in the language asked for."""
        language = queries.language_of(self.request.GET.get("text"))
        return self.page(
            "annual_report/edition.html", page=queries.reading(self.request.actor, kind, year, number, language), language=language
        )


class Picture(Page):
    """A chart of an edition as a picture."""

    permission = Permission.EDITION_READ

    def get(self, request: object, kind: str, year: int, number: int, code: str, language: str) -> HttpResponse:
        """Hand out the SVG."""
        return HttpResponse(picture(self.request.actor, kind, year, number, code, language), content_type="image/svg+xml")


class Figure(Page):
    """A number opened."""

    permission = Permission.EDITION_READ

    def get(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Show its definition, sources, contributors, approver and checks."""
        return self.page(
            "annual_report/figure.html", page=queries.figure_page(self.request.actor, kind, year, number, self.request.GET.get("of", ""))
        )


class File(Page):
    """A file of an edition."""

    permission = Permission.EDITION_READ

    def get(self, request: object, kind: str, year: int, number: int, language: str, form: str) -> HttpResponse:
        """Hand it out."""
        name, data = queries.file_of(self.request.actor, kind, year, number, language, form)
        record(self.request.actor.user_id, AuditEvent.EDITION_TAKEN, f"edition:{kind}/{year}/{number}", file=f"{language}.{form}")
        return attachment(name, MEDIA.get(form, "application/octet-stream"), data)


class _Work(Page):
    """A step of an edition in work; a broken rule leads back to the workspace."""

    permission: ClassVar[Permission] = Permission.EDITION_PREPARE

    def back(self, *args: Any, **kwargs: Any) -> str:
        """To the workspace."""
        return reverse("annual_report:workspace", args=[kwargs["kind"], kwargs["year"], kwargs["number"]])

    def edition(self) -> int:
        """The id of the edition of the address. Raises Refused or Absent."""
        return lists.edition_of(self.request.actor, self.kwargs["kind"], self.kwargs["year"], self.kwargs["number"]).id


class Workspace(_Work):
    """From freezing to the seal."""

    def get(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Show what stands, what is wrong, how far the files are."""
        return self.page("annual_report/workspace.html", page=queries.workspace(self.request.actor, kind, year, number), word=WordForm())


class Freeze(_Work):
    """Freezing the data."""

    def post(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Make the cut."""
        freeze.freeze(actor=self.request.actor, now=self.request.now, edition_id=self.edition())
        messages.success(self.request, _("The data are frozen."))
        return redirect(self.back(**self.kwargs))


class Make(_Work):
    """Asking for the files, and for the seal."""

    def post(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Hand the work to the worker; the page shows how far it is and can be left."""
        asked = files.ask(actor=self.request.actor, now=self.request.now, edition_id=self.edition(), seals="seal" in self.request.POST)
        make_files.defer(render_id=asked.id)
        return redirect(self.back(**self.kwargs))


class Sections(_Work):
    """Which sections an edition has, their names and their order."""

    def get(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Show them, as typed when a rule was broken, with two empty lines for new ones."""
        row, sections = queries.sections_page(self.request.actor, kind, year, number)
        typed = section_lines(self.request.POST) if self.request.method == "POST" else sections
        return self.page("annual_report/sections.html", row=row, lines=[*typed, *({"code": ""},) * 2])

    def post(self, request: object, kind: str, year: int, number: int) -> HttpResponse:
        """Keep them in the order of their numbers; a line without names goes."""
        editions.set_sections(
            actor=self.request.actor, now=self.request.now, edition_id=self.edition(), sections=section_lines(self.request.POST)
        )
        messages.success(self.request, _("Saved."))
        return redirect(self.back(**self.kwargs))


class SectionText(_Work):
    """A section's wording."""

    def get(
        self, request: object, kind: str, year: int, number: int, code: str, language: str, form: TextForm | None = None
    ) -> HttpResponse:
        """Show it with its flaws and the figures at hand."""
        page = queries.section_page(self.request.actor, kind, year, number, code, language)
        data = self.request.POST if self.request.method == "POST" else None
        form = form or TextForm(data, initial={"text": page.text, "version": page.version})
        return self.page("annual_report/section.html", page=page, form=form)

    def post(self, request: object, kind: str, year: int, number: int, code: str, language: str) -> HttpResponse:
        """Keep it."""
        form = TextForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, kind, year, number, code, language, form)
        editions.set_text(
            actor=self.request.actor, now=self.request.now, edition_id=self.edition(), section=code, language=language,
            text=form.cleaned_data["text"], version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(self.request, _("Saved."))
        return redirect("annual_report:section", kind, year, number, code, language)


class Word(_Work):
    """The text as a Word file, out and edited in."""

    def get(self, request: object, kind: str, year: int, number: int, language: str) -> HttpResponse:
        """Hand it out."""
        name, data = drafts.word_file(self.request.actor, kind, year, number, language)
        return attachment(name, MEDIA["docx"], data)

    def post(self, request: object, kind: str, year: int, number: int, language: str) -> HttpResponse:
        """Take the edited sections."""
        file = self.request.FILES.get("file")
        try:
            if file is None:
                raise RuleBroken(_("Choose a file."))
            changed = drafts.take_word(
                actor=self.request.actor, now=self.request.now, edition_id=self.edition(), language=language, data=file.read()
            )
            messages.success(self.request, _("Sections changed: %(n)s.") % {"n": changed})
        except (RuleBroken, BadInput) as broken:
            messages.error(self.request, str(broken))
        return redirect(self.back(**self.kwargs))
