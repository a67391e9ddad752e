"""Cases, records and their rooms."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.persons import giving, opening, queries, records
from qalxan.foundation.persons.choices import KINDS, Kind
from qalxan.shell.persons import forms, words
from qalxan.shell.persons.base import CARING_ROOM, RecordsPage
from qalxan.shell.persons.giving_forms import OpenCaseForm


class Cases(RecordsPage):
    """My cases: numbers and codes; a name is opened on the record's page, one at a time."""

    def get(self, request: object) -> HttpResponse:
        """A page of cases; records without a case; records whose person has to agree first."""
        actor, before = self.request.actor, self.request.GET.get("before", "")
        number = self.request.GET.get("number", "")[:40].replace("\0", "")
        cases, more = queries.my_cases(actor, before=before, number=number)
        first = not before and not number
        alone = [r for r in queries.my_records(actor) if not r.cases] if first else []
        waiting = queries.waiting_for_consent(actor) if first else []
        told = len(opening.notices(actor)) if first else 0
        context = {"alone": alone, "waiting": waiting, "told": told, "names": self.named()}
        return self.page("persons/cases.html", cases=cases, more=more, number=number, **context)


class CaseView(RecordsPage):
    """A case: who of it one reaches, what was given, which seals stand."""

    def get(self, request: object, case: UUID) -> HttpResponse:
        """Show it."""
        found = queries.case_page(self.request.actor, case, self.request.now)
        by, posts = self.staff([found.made_by, found.row.closed_by]), {post.id for post in self.request.actor.posts}
        leave = next((g.ground_id for g in found.grants if g.alive and g.post in posts), None)
        return self.page(
            "persons/case.html",
            case=found,
            by=by.get(found.made_by, ""),
            closed_by=by.get(found.row.closed_by or 0, ""),
            grants=self.granted(found.grants),
            names=self.named(),
            leave=leave,
        )


class Register(RecordsPage):
    """A new person: the first things are sealed, and a case is opened, in one step."""

    permission = Permission.PERSON_REGISTER

    def get(self, request: object, form: forms.RegisterForm | None = None) -> HttpResponse:
        """Show the form, filled as it was sent."""
        data = self.request.POST if self.request.method == "POST" else None
        form = form or forms.register_form(self.request.actor, self.leads(), data)
        return self.page("persons/register.html", form=form)

    def post(self, request: object) -> HttpResponse:
        """Register; the answer holds no word of what was typed."""
        actor, now = self.request.actor, self.request.now
        form = forms.register_form(actor, self.leads(), self.request.POST)
        post = self.registering_post()
        if not form.is_valid():
            return self.get(request, form)
        body = next((p.body for p in actor.posts if p.id == post), None)
        agreed = form.agreed(body or "") if isinstance(form, forms.RegisterByConsentForm) else None
        found = form.cleaned_data
        made = records.register_person(
            actor=actor, now=now, post=post, reference=found["reference"], until=now + dt.timedelta(days=30) - dt.timedelta(minutes=1),
            things=form.things(), lead=found["lead"], agreed=agreed, once=found["once"],
        )  # fmt: skip
        messages.success(self.request, _("The person is registered, and what you wrote is sealed."))
        _tell(self, made.findable)
        return redirect("persons:person", made.person)


class PersonView(RecordsPage):
    """A record: its rooms, cases, joined records, who else may know."""

    def get(self, request: object, person: UUID) -> HttpResponse:
        """Show it; nothing is open."""
        actor = self.request.actor
        found = queries.person_page(actor, person, self.request.now)
        by = self.staff([found.made_by, *(m.made_by for m in found.merges), *(m.undone_by for m in found.merges)])
        context: dict[str, Any] = {"sheet": CARING_ROOM in found.record.rooms, "identity": Compartment.IDENTITY in found.record.rooms}
        if (
            context["identity"]
            and all(state != "open" for _id, _number, state in found.record.cases)
            and Permission.PERSON_REGISTER in actor.permissions
        ):
            context["open_case"] = OpenCaseForm(leads=self.leads())
        context |= {"grants": self.granted(found.grants), "names": self.named()}
        return self.page("persons/person.html", person=found, by=by, **context)


class OpenCase(RecordsPage):
    """Open a case for a record that has none."""

    permission = Permission.PERSON_REGISTER

    def back(self, *args: Any, **kwargs: Any) -> str:
        """The record."""
        return reverse("persons:person", kwargs=kwargs)

    def post(self, request: object, person: UUID) -> HttpResponse:
        """Open it."""
        form = OpenCaseForm(self.request.POST, leads=self.leads())
        if not form.is_valid():
            return redirect("persons:person", person)
        made = giving.open_case(
            actor=self.request.actor, post=self.registering_post(), person=person, opened=self.request.now.date(), lead=form.cleaned_data["lead"]
        )  # fmt: skip
        messages.success(self.request, _("The case is open."))
        return redirect("persons:case", made)


class RoomView(RecordsPage):
    """A room of a record: each thing sealed until it is opened, for a purpose and a reason, for one answer."""

    def get(self, request: object, person: UUID, room: str, why: forms.WhyForm | None = None) -> HttpResponse:
        """Show what there is, sealed."""
        return self._show(person, self.room(room), why, {})

    def post(self, request: object, person: UUID, room: str) -> HttpResponse:
        """Open one thing, or all, for this answer alone."""
        place = self.room(room)
        here = queries.room_page(self.request.actor, person, place)
        why = forms.WhyForm(self.request.POST, purposes=here.purposes)
        if not why.is_valid():
            return self._show(person, place, why, {})
        only = _one(self.request.POST.get("only", ""))
        purpose, reason = why.asked()
        found = opening.open_things(actor=self.request.actor, person=person, room=place, purpose=purpose, reason=reason, only=only)
        return self._show(person, place, why, self._lines(found))

    def _lines(self, found: list[opening.Opened]) -> dict[UUID, list[words.Line]]:
        """What each opened thing says; a record it names is a link for who reaches that one too."""
        named = {UUID(o.content["record"]) for o in found if o.content.get("record")}
        known = queries.known(self.request.actor, named) if named else frozenset()
        return {o.item: words.lines(o.kind, o.content, known) for o in found}

    def _show(self, person: UUID, room: Compartment, why: forms.WhyForm | None, opened: dict[UUID, Any]) -> HttpResponse:
        here = queries.room_page(self.request.actor, person, room)
        by = self.staff(v.made_by for t in here.things for v in (t.now, *t.earlier))
        seen = words.last_openings(person, here.things)
        rows = [{"thing": t, "label": t.kind.label, "opened": opened.get(t.id), "by": by.get(t.now.made_by, ""), "seen": seen.get(t.id, 0),
                 "earlier": [{"version": v, "by": by.get(v.made_by, ""), "opened": opened.get(v.id)} for v in t.earlier]} for t in here.things]  # fmt: skip
        kinds = [(kind.value, kind.label) for kind in KINDS[room]]
        if why is None:
            only = here.purposes[0].value if len(here.purposes) == 1 else ""
            why = forms.WhyForm(purposes=here.purposes, initial={"purpose": only})
        return self.page("persons/room.html", here=here, rows=rows, told=self.told(here.why), kinds=kinds, why=why, open=bool(opened))


class AddThing(RecordsPage):
    """Add a thing to a room."""

    def get(self, request: object, person: UUID, room: str, kind: str, form: forms.Quiet | None = None) -> HttpResponse:
        """Show the form of its kind."""
        here, sort = queries.room_page(self.request.actor, person, self.room(room)), _kind(self.room(room), kind)
        data = self.request.POST if self.request.method == "POST" else None
        form = form or forms.KIND_FORMS[sort](data)
        return self.page("persons/thing.html", here=here, label=sort.label, form=form, once=forms.OnceForm(data))

    def post(self, request: object, person: UUID, room: str, kind: str) -> HttpResponse:
        """Seal it."""
        place, sort = self.room(room), _kind(self.room(room), kind)
        form, once = forms.KIND_FORMS[sort](self.request.POST), forms.OnceForm(self.request.POST)
        if not (form.is_valid() and once.is_valid()):
            return self.get(request, person, room, kind, form)
        new = records.New(place, sort, forms.said(form))
        kept = records.add_thing(actor=self.request.actor, now=self.request.now, person=person, new=new, once=once.cleaned_data["once"])
        messages.success(self.request, _("It is sealed."))
        _tell(self, kept.findable)
        return redirect("persons:room", person, room)


class CorrectThing(RecordsPage):
    """A new version of a thing; the old one stays in its history. First it is opened, with a purpose, so that one corrects what is there."""

    def get(self, request: object, item: UUID, form: forms.Quiet | None = None, why: forms.WhyForm | None = None) -> HttpResponse:
        """Ask what for; after opening, or after a broken rule, the form as it was filled."""
        person, room, kind = queries.thing(self.request.actor, item)
        here, self.shown = queries.room_page(self.request.actor, person, room), {"person": person, "room": room.value}
        if form is None and self.request.POST.get("step") == "save":
            form = forms.KIND_FORMS[kind](self.request.POST)
        why = why or forms.WhyForm(purposes=here.purposes, initial={"reason": "correct"})
        return self.page("persons/correct.html", here=here, label=kind.label, form=form, why=why)

    def post(self, request: object, item: UUID) -> HttpResponse:
        """Open it for correcting, or seal the new version."""
        person, room, kind = queries.thing(self.request.actor, item)
        if self.request.POST.get("step") == "save":
            form = forms.KIND_FORMS[kind](self.request.POST)
            if not form.is_valid():
                return self.get(request, item, form)
            kept = records.correct_thing(actor=self.request.actor, now=self.request.now, item=item, content=forms.said(form))
            messages.success(self.request, _("It is corrected. The earlier version stays sealed in the history."))
            _tell(self, kept.findable)
            return redirect("persons:room", person, room.value)
        why = forms.WhyForm(self.request.POST, purposes=queries.room_page(self.request.actor, person, room).purposes)
        if not why.is_valid():
            return self.get(request, item, None, why)
        purpose, reason = why.asked()
        found = opening.open_things(actor=self.request.actor, person=person, room=room, purpose=purpose, reason=reason, only=[item])
        return self.get(request, item, forms.KIND_FORMS[kind](initial=found[0].content))


class Findable(RecordsPage):
    """File a record again, when the key broker was away at the last change."""

    def back(self, *args: Any, **kwargs: Any) -> str:
        """The record."""
        return reverse("persons:person", kwargs=kwargs)

    def post(self, request: object, person: UUID) -> HttpResponse:
        """File it."""
        records.make_findable(actor=self.request.actor, person=person)
        messages.success(self.request, _("The record can be found."))
        return redirect("persons:person", person)


def _tell(page: RecordsPage, findable: bool) -> None:
    if not findable:
        messages.warning(
            page.request,
            _("It stands, but cannot be found by a search yet. Press “Make it findable again” on the record's page in a minute."),
        )


def _one(text: str) -> list[UUID]:
    """The thing a button names; none for "all". Raises Absent for what is no id."""
    try:
        return [UUID(text)] if text else []
    except ValueError:
        raise Absent from None


def _kind(room: Compartment, code: str) -> Kind:
    if code not in [kind.value for kind in KINDS[room]]:
        raise Absent
    return Kind(code)
