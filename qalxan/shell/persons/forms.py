"""Forms of persons' records. What is typed goes to the broker or is gone with the answer; no field fills itself from the browser's memory."""

import datetime as dt
import re
from typing import Any
from uuid import uuid4

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalxan.foundation.access.actor import Actor
from qalxan.foundation.access.choices import Compartment, Purpose, Voice
from qalxan.foundation.access.operations import Agreement
from qalxan.foundation.access.rules import CEILING
from qalxan.foundation.bodies.queries import names
from qalxan.foundation.persons.choices import Kind, Reason
from qalxan.foundation.persons.records import Content, New, consent_first
from qalxan.kernel.matching import Birth, Features
from qalxan.shell.persons import words
from qalxan.webkit.widgets import DayInput

Choices = list[tuple[str, str]]
NUMBER = RegexValidator(
    r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9./_-]*\Z", _("Write the number alone: letters without accents, digits, and . / _ -")
)


_RECORD = re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])")


def record_number(written: str) -> str:
    """A record's number, out of an address or alone; "" for anything else."""
    found = _RECORD.search(written)
    return found[0].lower() if found else ""


def _select(found: Any) -> Choices:
    return [("", "–"), *((str(code), str(said)) for code, said in (found.items() if isinstance(found, dict) else found))]


class Quiet(forms.Form):
    """A form whose fields the browser neither remembers nor corrects through a service of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea | forms.NumberInput) and not isinstance(field.widget, DayInput):
                field.widget.attrs.update(autocomplete="off", spellcheck="false", autocapitalize="off")

    def choose(self, **choices: Choices) -> None:
        """Fill the choices of fields that depend on who asks."""
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]


class WhyForm(Quiet):
    """What for and why: asked before anything is opened."""

    purpose = forms.ChoiceField(label=_("What for"))
    reason = forms.ChoiceField(label=_("Why now"))

    def __init__(self, *args: Any, purposes: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(purpose=_select([(p.value, words.PURPOSES[p]) for p in purposes]), reason=_select([(r.value, r.label) for r in Reason]))

    def asked(self) -> tuple[Purpose, Reason]:
        """The answers, after `is_valid`."""
        return Purpose(self.cleaned_data["purpose"]), Reason(self.cleaned_data["reason"])


class NameFields(Quiet):
    """A name as written, and its parts as far as they are known."""

    name = forms.CharField(
        label=_("Whole name, as written"), max_length=200, help_text=_("As the paper has it or the person says it, in its own letters.")
    )
    family = forms.CharField(label=_("Family name"), max_length=80, required=False)
    given = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=80, required=False)
    father = forms.CharField(label=_("Father's name"), max_length=80, required=False)
    suffix = forms.ChoiceField(label=_("oğlu or qızı"), choices=_select(words.SUFFIXES), required=False)


class BirthFields(Quiet):
    """A date of birth, as far as it is known; empty is not known."""

    day = forms.IntegerField(label=_("Day of birth"), min_value=1, max_value=31, required=False)
    month = forms.IntegerField(label=_("Month of birth"), min_value=1, max_value=12, required=False)
    year = forms.IntegerField(
        label=_("Year of birth"), min_value=1900, max_value=2200, required=False, help_text=_("Leave empty what is not known.")
    )
    about = forms.BooleanField(label=_("The date is about right, not exact"), required=False)

    def clean(self) -> dict[str, Any]:
        """A day needs its month, a month its year, and the date must exist and lie behind us."""
        found: dict[str, Any] = super().clean() or {}
        day, month, year = found.get("day"), found.get("month"), found.get("year")
        if {"day", "month", "year"} & set(self.errors):
            return found
        if (day and not month) or (month and not year):
            raise forms.ValidationError(_("A day needs its month, and a month its year."))
        if year:
            try:
                if dt.date(year, month or 1, day or 1) > timezone.localdate():
                    raise forms.ValidationError(_("This day has not come yet."))
            except ValueError:
                raise forms.ValidationError(_("There is no such day.")) from None
        return found


class BirthForm(BirthFields):
    """A date of birth of its own; the year at least."""

    def clean(self) -> dict[str, Any]:
        """The year is what the others hang on."""
        found = super().clean()
        if not found.get("year") and "year" not in self.errors:
            self.add_error("year", _("Write the year at least."))
        return found


class DocumentForm(Quiet):
    """A document by its number."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_select(words.DOCUMENTS))
    number = forms.CharField(label=pgettext_lazy("document", "Number"), max_length=40)
    country = forms.CharField(label=_("Country that gave it"), max_length=60, required=False)
    words = forms.CharField(label=_("In words"), max_length=500, required=False)


class PhoneForm(Quiet):
    """A number to reach the person, or one close to them."""

    number = forms.CharField(label=pgettext_lazy("document", "Number"), max_length=40)
    whose = forms.CharField(label=_("Whose it is"), max_length=120, required=False)
    safe = forms.ChoiceField(label=_("Safe to call"), choices=_select(words.YES_NO))


class RelationForm(Quiet):
    """Somebody who matters to the person."""

    relation = forms.ChoiceField(label=_("Relation"), choices=_select(words.RELATIONS))
    name = forms.CharField(label=_("Whole name, as written"), max_length=200)
    record = forms.CharField(
        label=_("Their own record, if there is one"), max_length=120, required=False,
        help_text=_("Its number or address. It is sealed with the rest and becomes a link for who reaches that record too."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Contact"), max_length=120, required=False)
    words = forms.CharField(label=_("In words"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_record(self) -> str:
        """The number alone. Whether there is such a record is not asked: the answer would tell."""
        written: str = self.cleaned_data["record"]
        found = record_number(written)
        if written and not found:
            raise forms.ValidationError(_("This is no record number. It stands on the record's page and in its address."))
        return found


class AddressForm(Quiet):
    """Where the person stays."""

    place = forms.CharField(label=_("Place"), max_length=300)
    words = forms.CharField(label=_("How to get there safely"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class WordsForm(Quiet):
    """A note or a need, in words."""

    words = forms.CharField(label=_("In words"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}))


class OnceForm(Quiet):
    """What makes a form count once, however often it is sent."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


KIND_FORMS: dict[Kind, type[Quiet]] = {
    Kind.NAME: NameFields, Kind.BIRTH: BirthForm, Kind.DOCUMENT: DocumentForm, Kind.PHONE: PhoneForm, Kind.RELATION: RelationForm,
    Kind.ADDRESS: AddressForm, Kind.NEED: WordsForm, Kind.NOTE: WordsForm,
}  # fmt: skip


def said(form: forms.Form) -> Content:
    """What a filled form of a kind says; empty answers are left out."""
    return {
        name: 1 if value is True else value
        for name, value in form.cleaned_data.items()
        if value not in ("", None, False) and name != "once"
    }


def end_of(day: dt.date) -> dt.datetime:
    """The last moment of a day where we are."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), timezone.get_current_timezone())


class Voices(Quiet):
    """A consent's words: language, end, and for a child two voices."""

    language = forms.ChoiceField(label=_("Language it was explained in"))
    expires = forms.DateField(label=_("Agreed until"), widget=DayInput(), help_text=_("At most three years."))
    child = forms.BooleanField(label=_("The person is a child"), required=False)
    representative = forms.ChoiceField(label=_("The legal representative"), required=False, help_text=_("For a child only."))
    own_voice = forms.ChoiceField(label=_("The child"), required=False, help_text=_("For a child only; the child's own answer."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        voices = _select([(v.value, words.VOICES[v]) for v in Voice])
        self.choose(language=_select(words.languages()), representative=voices, own_voice=voices)

    def clean(self) -> dict[str, Any]:
        """For a child both voices stand, for a grown person none."""
        found: dict[str, Any] = super().clean() or {}
        for name in ("representative", "own_voice"):
            if found.get("child") and not found.get(name):
                self.add_error(name, _("For a child, record what the representative said and what the child said."))
            elif found.get(name) and not found.get("child"):
                self.add_error(name, _("This is for a child only."))
        return found

    def voices(self) -> tuple[Voice | None, Voice | None]:
        """The representative's and the child's answers; none for a grown person."""
        found = self.cleaned_data
        if not found["child"]:
            return None, None
        return (
            Voice(found["representative"]) if found["representative"] else None,
            Voice(found["own_voice"]) if found["own_voice"] else None,
        )


class RegisterForm(OnceForm, NameFields, BirthFields):
    """A new person: what is known now; the rest can wait."""

    kind = forms.ChoiceField(label=_("Document"), choices=_select(words.DOCUMENTS), required=False)
    number = forms.CharField(label=_("Document's number"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    safe = forms.ChoiceField(label=_("Safe to call"), choices=_select(words.YES_NO), required=False)
    lead = forms.ChoiceField(label=_("Which body leads the case"))
    reference = forms.CharField(
        label=_("Number of the sheet or message"), max_length=40, validators=[NUMBER], help_text=_("The number alone, no name.")
    )
    field_order: tuple[str, ...] = (
        "name",
        "family",
        "given",
        "father",
        "suffix",
        "day",
        "month",
        "year",
        "about",
        "kind",
        "number",
        "phone",
        "safe",
        "lead",
        "reference",
    )

    def __init__(self, *args: Any, actor: Actor, police: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = names()
        own = [(body, named.get(body, body)) for body in sorted({p.body for p in actor.posts if p.body})]
        self.choose(lead=_select(dict([*police, *own])))

    def clean(self) -> dict[str, Any]:
        """A document is its kind and its number."""
        found = super().clean()
        if bool(found.get("kind")) != bool(found.get("number")):
            self.add_error("number", _("A document is its kind and its number."))
        return found

    def things(self) -> list[New]:
        """The first sealed things."""
        found, room = self.cleaned_data, Compartment.IDENTITY
        made = [New(room, Kind.NAME, {k: found[k] for k in NameFields.base_fields})]
        if found["year"]:
            made.append(New(room, Kind.BIRTH, {**{k: found[k] for k in ("day", "month", "year")}, "about": 1 if found["about"] else None}))
        if found["number"]:
            made.append(New(room, Kind.DOCUMENT, {"kind": found["kind"], "number": found["number"]}))
        if found["phone"]:
            made.append(New(room, Kind.PHONE, {"number": found["phone"], "safe": found["safe"] or "unknown"}))
        return made


class RegisterByConsentForm(Voices, RegisterForm):
    """The same, where the post may know a person only with their consent."""

    field_order: tuple[str, ...] = (*RegisterForm.field_order, "language", "expires", "child", "representative", "own_voice")

    def agreed(self, body: str) -> Agreement:
        """The consent that comes first: support by one's own body."""
        return Agreement(Purpose.SUPPORT, (body,), self.cleaned_data["language"], end_of(self.cleaned_data["expires"]), (), *self.voices())


def register_form(actor: Actor, police: Choices, data: Any = None) -> RegisterForm:
    """The form that fits the actor's post."""
    form = RegisterByConsentForm if consent_first(actor) else RegisterForm
    return form(data, actor=actor, police=police)


class FindForm(Quiet):
    """A document or phone number, exactly."""

    field = forms.ChoiceField(label=_("What you have"), choices=[("document", _("Document's number")), ("phone", _("Phone"))])
    value = forms.CharField(label=pgettext_lazy("document", "Number"), max_length=40)


class SearchForm(Quiet):
    """A name, in any spelling."""

    name = forms.CharField(label=pgettext_lazy("thing", "Name"), max_length=200, help_text=_("In Latin or Cyrillic letters, in any order."))


class MetForm(NameFields, BirthFields):
    """A description of somebody, for those who may hold a record."""

    number = forms.CharField(label=_("Document's number"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    place = forms.CharField(label=_("Where the person is from"), max_length=120, required=False)
    field_order = ("name", "day", "month", "year", "number", "phone", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("family", "given", "father", "suffix", "about"):
            del self.fields[name]

    def features(self) -> Features:
        """What is compared inside the broker."""
        f = self.cleaned_data
        return Features(
            (f["name"],),
            Birth(f["year"], f["month"], f["day"]),
            (f["number"],) if f["number"] else (),
            (f["phone"],) if f["phone"] else (),
            f["place"],
        )


class CompareForm(Quiet):
    """Two spellings."""

    left = forms.CharField(label=_("One spelling"), max_length=200)
    right = forms.CharField(label=_("The other spelling"), max_length=200)


def asking_purposes(actor: Actor) -> list[Purpose]:
    """What one of the actor's posts may ask for at all, over identity."""
    bounds = [CEILING[post.role].get(Compartment.IDENTITY) for post in actor.posts]
    found = {purpose for bound in bounds if bound for purpose in bound.purposes}
    return [purpose for purpose in Purpose if purpose in found]


def tomorrow() -> dt.date:
    """The first day anything given can end."""
    return timezone.localdate() + dt.timedelta(days=1)


def not_known() -> str:
    """The word for what nobody knows."""
    return _now("not known")
