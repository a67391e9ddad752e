"""Forms by which others come to know: access, consent, seals, joined records."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalxan.foundation.access.choices import CONSENTED, Because, Compartment, Ground, Purpose
from qalxan.foundation.access.operations import Agreement, Withheld
from qalxan.foundation.access.rules import CEILING
from qalxan.foundation.accounts.queries import Office
from qalxan.shell.persons import words
from qalxan.shell.persons.forms import NUMBER, Choices, Quiet, Voices, _select, end_of
from qalxan.webkit.widgets import DayInput


def _pairs() -> Choices:
    found = {(room, purpose) for rooms in CEILING.values() for room, bound in rooms.items() for purpose in bound.purposes}
    return [
        (f"{room.value}:{purpose.value}", f"{room.label} · {words.PURPOSES[purpose]}")
        for room in Compartment
        for purpose in Purpose
        if (room, purpose) in found
    ]


class GiveForm(Quiet):
    """To whom, on what ground, which rooms, until when."""

    post = forms.TypedChoiceField(label=_("To whom"), coerce=int)
    ground = forms.ChoiceField(label=_("On what ground"))
    reference = forms.CharField(
        label=_("Number of the act, order or decision"), max_length=40, validators=[NUMBER], help_text=_("The number alone, no name.")
    )
    rooms = forms.MultipleChoiceField(
        label=_("Rooms, each for a purpose"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give what this post needs and nothing more. Support, health care and referral also need the person's consent."),
    )
    until = forms.DateField(label=_("Until"), widget=DayInput())

    def __init__(self, *args: Any, offices: list[Office], bodies: dict[str, str], grounds: tuple[Ground, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(
            post=_select([(o.post, words.post(o, bodies)) for o in offices]),
            ground=_select([(g.value, words.GROUNDS[g]) for g in grounds]),
            rooms=_pairs(),
        )

    def asked(self) -> dict[str, Any]:
        """The arguments of `giving.share`, after `is_valid`."""
        found = self.cleaned_data
        pairs = [pair.split(":") for pair in found["rooms"]]
        return {
            "kind": Ground(found["ground"]), "post": found["post"], "reference": found["reference"], "until": end_of(found["until"]),
            "rooms": [(Compartment(room), Purpose(purpose)) for room, purpose in pairs],
        }  # fmt: skip


class ConsentForm(Voices):
    """What the person agreed to, for which bodies, and what is withheld from whom."""

    purpose = forms.ChoiceField(label=_("Agreed to"))
    recipients = forms.MultipleChoiceField(label=_("Who may know"), widget=forms.CheckboxSelectMultiple)
    withheld_room = forms.ChoiceField(label=_("Not this room"), required=False, help_text=_("Empty: nothing at all."))
    withheld_body = forms.ChoiceField(label=_("Not to them"), required=False, help_text=_("Empty: to nobody."))
    withheld_because = forms.ChoiceField(
        label=_("Because"), required=False, help_text=_("With this something is withheld; leave empty if nothing is.")
    )
    words = forms.CharField(
        label=_("What the person said"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed with the record. Say also who the representative is."),
    )  # fmt: skip
    field_order = (
        "purpose", "recipients", "language", "expires", "withheld_room", "withheld_body", "withheld_because", "child", "representative", "own_voice", "words",
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(
            purpose=_select([(p.value, words.PURPOSES[p]) for p in CONSENTED]),
            recipients=bodies,
            withheld_room=_select([(r.value, r.label) for r in Compartment]),
            withheld_body=_select(bodies),
            withheld_because=_select([(b.value, words.BECAUSE[b]) for b in Because]),
        )

    def clean(self) -> dict[str, Any]:
        """What is withheld says why."""
        found: dict[str, Any] = super().clean() or {}
        if (found.get("withheld_room") or found.get("withheld_body")) and not found.get("withheld_because"):
            self.add_error("withheld_because", _("Say why it is withheld."))
        return found

    def agreement(self) -> Agreement:
        """The consent as it is recorded, after `is_valid`."""
        found = self.cleaned_data
        no: tuple[Withheld, ...] = ()
        if found["withheld_because"]:
            room = Compartment(found["withheld_room"]) if found["withheld_room"] else None
            no = (Withheld(room, found["withheld_body"] or None, Because(found["withheld_because"])),)
        return Agreement(
            Purpose(found["purpose"]), tuple(found["recipients"]), found["language"], end_of(found["expires"]), no, *self.voices()
        )


class DecisionForm(Quiet):
    """Whose decision, and its number."""

    authority = forms.ChoiceField(label=_("Who decided"))
    decision = forms.CharField(
        label=_("Number of the decision"), max_length=40, validators=[NUMBER], help_text=_("The number alone, no name.")
    )

    def __init__(self, *args: Any, authorities: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(authority=_select(authorities))


class SealForm(DecisionForm):
    """A decision that suspends all access but the named posts'."""

    named = forms.TypedMultipleChoiceField(
        label=_("Posts the decision names"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody else loses access the same second. Leave all empty to close it to everybody."),
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Office], bodies: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(named=[(str(o.post), words.post(o, bodies)) for o in offices])


class OpenCaseForm(Quiet):
    """Which body leads a new case."""

    lead = forms.ChoiceField(label=_("Which body leads the case"))

    def __init__(self, *args: Any, leads: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(lead=_select(leads))


class OtherRecordForm(Quiet):
    """Another record one reaches."""

    other = forms.UUIDField(label=_("The other record"), widget=forms.Select)

    def __init__(self, *args: Any, records: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].widget.choices = _select(records)


def a_year_from(day: dt.date) -> dt.date:
    """A year later, for suggestions."""
    return day + dt.timedelta(days=365)
