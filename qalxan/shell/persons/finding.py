"""Looking for somebody, joining two records of one person, and who saw what."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.accounts.queries import posts_at
from qalxan.foundation.audit.events import AuditEvent
from qalxan.foundation.audit.queries import EntryRow, history
from qalxan.foundation.persons import giving, opening, queries
from qalxan.foundation.persons.choices import Kind, Reason
from qalxan.kernel.names import Compared, compare
from qalxan.shell.audit.seen import who_saw
from qalxan.shell.persons import forms, words
from qalxan.shell.persons.base import CARING_ROOM, RecordsPage, own
from qalxan.shell.persons.giving_forms import OtherRecordForm
from qalxan.webkit.words import reader


class Search(RecordsPage):
    """A number exactly, or a name among the records one reaches. What is asked goes in the body of a POST and stands nowhere."""

    def get(self, request: object, **context: Any) -> HttpResponse:
        """Show both forms."""
        data = self.request.POST if self.request.method == "POST" else None
        purposes, by_name = forms.asking_purposes(self.request.actor), bool(data and data.get("how") == "name")
        context.setdefault("why", forms.WhyForm(data, purposes=purposes))
        context.setdefault("exact", forms.FindForm(data if not by_name else None))
        context.setdefault("name", forms.SearchForm(data if by_name else None))
        return self.page("persons/search.html", **context)

    def post(self, request: object) -> HttpResponse:
        """Look."""
        actor, why = self.request.actor, forms.WhyForm(self.request.POST, purposes=forms.asking_purposes(self.request.actor))
        by_name = self.request.POST.get("how") == "name"
        form = forms.SearchForm(self.request.POST) if by_name else forms.FindForm(self.request.POST)
        if not (why.is_valid() and form.is_valid()):
            return self.get(request)
        purpose, reason = why.asked()
        found = form.cleaned_data
        if by_name:
            hits = opening.search(actor=actor, name=found["name"], purpose=purpose, reason=reason)
            told = [(hit.person, [_word(code) for code in hit.agrees], [_word(code) for code in hit.differs]) for hit in hits]
        else:
            told = [(one, [], []) for one in opening.find(field=found["field"], value=found["value"], purpose=purpose, reason=reason)]
        known = {record.id: record for record in queries.my_records(actor, room=Compartment.IDENTITY, limit=5000)}
        rows = [{"record": known[person], "agrees": agrees, "differs": differs} for person, agrees, differs in told if person in known]
        self.shown = {"person": [person for person, _agrees, _differs in told if person in known], "room": Compartment.IDENTITY.value}
        return self.get(request, rows=rows, looked=True)


class Met(RecordsPage):
    """Has anybody met this person? The holder of a fitting record is told, and decides; the asker learns no more."""

    permission = Permission.PERSON_REGISTER

    def get(
        self, request: object, form: forms.MetForm | None = None, why: forms.WhyForm | None = None, asked: bool = False
    ) -> HttpResponse:
        """Show the form; after asking, the one answer there is."""
        data = self.request.POST if self.request.method == "POST" and not asked else None
        why = why or forms.WhyForm(data, purposes=forms.asking_purposes(self.request.actor))
        return self.page("persons/met.html", form=form or forms.MetForm(data), why=why, asked=asked)

    def post(self, request: object) -> HttpResponse:
        """Ask; the answer is the same whether anybody has or nobody."""
        form = forms.MetForm(self.request.POST)
        why = forms.WhyForm(self.request.POST, purposes=forms.asking_purposes(self.request.actor))
        if not (form.is_valid() and why.is_valid()):
            return self.get(request, form, why)
        purpose, reason = why.asked()
        opening.met(features=form.features(), purpose=purpose, reason=reason)
        return self.get(request, asked=True)


class Notices(RecordsPage):
    """Others asked about somebody whose record one holds: what agrees, and the description, opened like any sealed thing."""

    def get(self, request: object, opened: dict[UUID, Any] | None = None, why: forms.WhyForm | None = None) -> HttpResponse:
        """Show them, sealed."""
        rows, named, now = opening.notices(self.request.actor), self.named(), self.request.now
        offices = posts_at([(row.asker, row.at) for row in rows])
        told = [{"row": row, "code": queries.code_of(row.person), "purpose": words.PURPOSES[row.purpose], "opened": (opened or {}).get(row.id),
                 "asker": "; ".join(f"{role.label}, {named.get(body, body)}" if body else role.label for role, body in offices.get((row.asker, row.at), ())),
                 "agrees": words.told_once(row.agrees), "differs": words.told_once(row.differs)} for row in rows]  # fmt: skip
        why = why or forms.WhyForm(purposes=forms.asking_purposes(self.request.actor))
        self.shown = {"person": [row.person for row in rows if row.id in (opened or {})], "room": Compartment.IDENTITY.value}
        return self.page("persons/notices.html", rows=told, why=why, now=now)

    def post(self, request: object) -> HttpResponse:
        """Open one description for this answer."""
        why = forms.WhyForm(self.request.POST, purposes=forms.asking_purposes(self.request.actor))
        if not why.is_valid():
            return self.get(request, None, why)
        try:
            notice = UUID(self.request.POST.get("only", ""))
        except ValueError:
            raise Absent from None
        purpose, reason = why.asked()
        found = opening.open_notice(notice=notice, purpose=purpose, reason=reason)
        birth = words.birth({"year": found.birth.year, "month": found.birth.month, "day": found.birth.day})
        lines = [(_("As written"), ", ".join(found.names), None), (_("Date of birth"), birth, None), (_("Document"), ", ".join(found.documents), None),
                 (_("Phone"), ", ".join(found.phones), None), (_("Place"), found.place, None)]  # fmt: skip
        return self.get(request, {notice: [line for line in lines if line[1]]}, why)


class Compare(RecordsPage):
    """Two spellings, word by word. Typed by hand, sent in the body, kept nowhere."""

    def get(self, request: object, form: forms.CompareForm | None = None, found: Compared | None = None) -> HttpResponse:
        """Show the form, and what was found."""
        data = self.request.POST if self.request.method == "POST" else None
        return self.page("persons/compare.html", form=form or forms.CompareForm(data), found=_met(found) if found else None)

    def post(self, request: object) -> HttpResponse:
        """Compare."""
        form = forms.CompareForm(self.request.POST)
        return self.get(request, form, compare(form.cleaned_data["left"], form.cleaned_data["right"]) if form.is_valid() else None)


class MergeRecords(RecordsPage):
    """Two records of one person: looked at side by side, then joined. Both stay whole, and it can be undone."""

    step_up = True

    def get(self, request: object, person: UUID, pairs: list[dict[str, Any]] | None = None, sent: Any = None) -> HttpResponse:
        """Choose the other record, and what for."""
        here = queries.room_page(self.request.actor, person, Compartment.IDENTITY)
        others = own(queries.my_records(self.request.actor, room=Compartment.IDENTITY), person)
        sent = sent or (self.request.POST if self.request.method == "POST" else None)
        form, why = (
            OtherRecordForm(sent, records=others),
            forms.WhyForm(sent, purposes=here.purposes, initial={"reason": Reason.COMPARE.value}),
        )
        return self.page("persons/merge.html", here=here, form=form, why=why, pairs=pairs, any=bool(others))

    def post(self, request: object, person: UUID) -> HttpResponse:
        """Open the names of both and compare them; or join them."""
        here = queries.room_page(self.request.actor, person, Compartment.IDENTITY)
        form = OtherRecordForm(self.request.POST, records=[])
        why = forms.WhyForm(self.request.POST, purposes=here.purposes)
        if not (form.is_valid() and why.is_valid()):
            return self.get(request, person)
        other = form.cleaned_data["other"]
        if self.request.POST.get("step") == "join":
            giving.join(actor=self.request.actor, kept=person, gone=other)
            messages.success(self.request, _("The two records are joined. Both stay whole; it can be undone."))
            return redirect("persons:person", person)
        names = [self._names(one, *why.asked()) for one in (person, other)]
        self.shown = {"person": [person, other], "room": Compartment.IDENTITY.value}
        pairs = [_met(compare(left, right)) | {"left": left, "right": right} for left in names[0] for right in names[1]]
        return self.get(request, person, pairs)

    def _names(self, person: UUID, purpose: Any, reason: Reason) -> list[str]:
        here = queries.room_page(self.request.actor, person, Compartment.IDENTITY)
        only = [thing.id for thing in here.things if thing.kind is Kind.NAME]
        if not only:
            return []
        found = opening.open_things(
            actor=self.request.actor, person=person, room=Compartment.IDENTITY, purpose=purpose, reason=reason, only=only
        )
        return [str(one.content.get("name", "")) for one in found]


class Unmerge(RecordsPage):
    """Part two records that were joined."""

    step_up = True

    def back(self, *args: Any, **kwargs: Any) -> str:
        """The record."""
        return reverse("persons:person", args=[kwargs["person"]])

    def post(self, request: object, person: UUID, merge: UUID) -> HttpResponse:
        """Part them."""
        giving.part(actor=self.request.actor, merge=merge)
        messages.success(self.request, _("The two records are two again. Nothing was lost."))
        return redirect("persons:person", person)


class HistoryView(RecordsPage):
    """Who opened and who changed a record, as far as one reaches its rooms."""

    def get(self, request: object, person: UUID) -> HttpResponse:
        """Show it, newest first."""
        found = queries.person_page(self.request.actor, person, self.request.now)
        rooms = {room.value for room in found.record.rooms}
        with acting():
            story = history(person)
        opened = [row for row in story.openings if row.compartment in rooms]
        changed = _within(story.changes, rooms)
        named, doings = self.named(), [(row.user, row.at) for row in opened] + [(row.user, row.at) for row in changed]
        at, by = posts_at(doings), self.staff(user for user, _at in doings)

        def who(row: Any) -> str:
            held = "; ".join(
                f"{role.label}, {named.get(body, body)}" if body else role.label for role, body in at.get((row.user, row.at), ())
            )
            return f"{by.get(row.user, '–')} ({held})" if held else by.get(row.user, "–")

        openings = [{"row": row, "who": who(row), "room": Compartment(row.compartment).label, "purpose": words.purpose(row.purpose),
                     "reason": words.reason(row.reason)} for row in opened]  # fmt: skip
        changes = [
            {"row": row, "who": who(row), "what": words.event(row.event, row.detail), "past": row.event == AuditEvent.CHANGED}
            for row in changed
        ]
        return self.page("persons/history.html", record=found.record, openings=openings, changes=changes, more=story.more)


class Sheet(RecordsPage):
    """Who saw my data and why: for the person concerned, on paper, in their language."""

    permission = Permission.PERSON_SHEET

    def get(self, request: object, person: UUID) -> HttpResponse:
        """Show it: to who cares for the person, and to who oversees the log. A record nobody has looks like one nobody opened."""
        actor, language = self.request.actor, self.request.GET.get("language", "")
        language = language if language in ("az", "en", "ru") else reader()
        if Permission.AUDIT_VIEW in actor.permissions:
            self.shown = {}  # who oversees reads the sheet of a person they do not reach
        elif CARING_ROOM not in queries.rooms_of(actor, person):
            raise Absent
        sheet = who_saw(person, language=language, now=self.request.now)
        with translation.override(language):
            return self.page("persons/sheet.html", sheet=sheet, person=person)


class SheetOf(RecordsPage):
    """Find the sheet by the record's number, for who oversees."""

    permission = Permission.AUDIT_VIEW

    def get(self, request: object) -> HttpResponse:
        """Ask for the number, or go to the sheet."""
        written = self.request.GET.get("person", "").strip()[:60]
        try:
            return redirect("persons:sheet", UUID(written))
        except ValueError:
            return self.page("persons/sheet_of.html", written=written)


def _within(changes: list[EntryRow], rooms: set[str]) -> list[EntryRow]:
    """Changes in rooms one reaches, or in none; of a grant the room is looked up, for its end and the database's own row do not say it."""
    grants: dict[int, int] = {}
    for row in changes:
        theirs = row.event == AuditEvent.CHANGED and row.detail.get("table") == "access_grant"
        number = str(row.detail.get("row")) if theirs else row.subject.removeprefix("grant:")
        if (theirs or row.event == AuditEvent.GRANT_WITHDRAWN) and number.isdecimal() and len(number) < 19:
            grants[row.id] = int(number)
    told = queries.rooms_of_grants(grants.values()) if grants else {}
    within = {"", *rooms}
    return [
        row for row in changes if (told.get(grants[row.id], "?") if row.id in grants else str(row.detail.get("compartment", ""))) in within
    ]


def _word(code: str) -> str:
    """ "word|how" of a hit in words; the word is the asker's own."""
    word, _sep, how = code.rpartition("|")
    return f"{word}: {words.how(how)}"


def _met(found: Compared) -> dict[str, Any]:
    """A comparison, word by word, in words."""
    rows = [(m.left, m.right, words.ABOUT["father"] if m.father else "", words.HOW[m.how], m.weight > 0) for m in found.meetings]
    return {"verdict": words.VERDICTS[found.verdict], "kind": found.verdict.value, "rows": rows, "swapped": found.swapped}
