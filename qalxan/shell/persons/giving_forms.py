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
from qalxan.shell.persons.forms import NUMBER, Choices, Quiet, Voices, _select, end_of, record_number
from qalxan.webkit.widgets import DayInput


def _pairs() -> Choices:
    found = {(room, purpose) for rooms in CEILING.values() for room, bound in rooms.items() for purpose in bound.purposes}
    return [
        (f"{room.value}:{purpose.value}", f"{room.label} · {words.PURPOSES[purpose]}")
        for room in Compartment
        for purpose in Purpose
        if (room, purpose) in found
    ]


WITHHELD = tuple((f"withheld_room_{n}", f"withheld_body_{n}", f"withheld_because_{n}") for n in (1, 2, 3))
"""The fields of each row of what is withheld."""


class GiveForm(Quiet):
    """To whom, on what ground, which rooms, until when."""

    post = forms.TypedChoiceField(label=_("To whom"), coerce=int)
    ground = forms.ChoiceField(label=_("On what ground"))
    reference = forms.CharField(
        label=_("Number of the act, order or decision"), max_length=40, validators=[NUMBER], required=False,
        help_text=_("The number alone, no name. A shift has its roster's number already."),
    )  # fmt: skip
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
        if Ground.SHIFT not in grounds:
            self.fields["reference"].required, self.fields["reference"].help_text = True, _("The number alone, no name.")

    def clean(self) -> dict[str, Any]:
        """Every ground but a shift, which stands already, names its paper."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("reference") and "reference" not in self.errors and found.get("ground") != Ground.SHIFT:
            self.add_error("reference", _("Give the number of the act or decision."))
        return found

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
    words = forms.CharField(
        label=_("What the person said"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed with the record. Say also who the representative is."),
    )  # fmt: skip
    field_order = ("purpose", "recipients", "language", "expires", "child", "representative", "own_voice", "words")

    def __init__(self, *args: Any, bodies: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(
            purpose=_select([(p.value, words.PURPOSES[p]) for p in CONSENTED]),
            recipients=bodies,
        )
        columns = (
            (_("Not this room"), [(r.value, r.label) for r in Compartment]),
            (_("Not to them"), bodies),
            (_("Because"), [(b.value, words.BECAUSE[b]) for b in Because]),
        )
        for names in WITHHELD:
            for name, (label, choices) in zip(names, columns, strict=True):
                self.fields[name] = forms.ChoiceField(label=label, choices=_select(choices), required=False)

    def told(self) -> list[forms.BoundField]:
        """What is asked before the rows of what is withheld."""
        return [self[name] for name in ("purpose", "recipients", "language", "expires")]

    def withheld(self) -> list[list[forms.BoundField]]:
        """The rows: not this, not to them, because."""
        return [[self[name] for name in names] for names in WITHHELD]

    def spoken(self) -> list[forms.BoundField]:
        """What is asked after the rows."""
        return [self[name] for name in ("child", "representative", "own_voice", "words")]

    def clean(self) -> dict[str, Any]:
        """A row says what or from whom, and why; a row left empty is nothing."""
        found: dict[str, Any] = super().clean() or {}
        for room, body, because in WITHHELD:
            if (found.get(room) or found.get(body)) and not found.get(because):
                self.add_error(because, _("Say why it is withheld."))
            if found.get(because) and not (found.get(room) or found.get(body)) and not {room, body} & set(self.errors):
                self.add_error(room, _("Say what is withheld, or from whom."))
        return found

    def agreement(self) -> Agreement:
        """The consent as it is recorded, after `is_valid`."""
        found = self.cleaned_data
        no = tuple(
            Withheld(Compartment(found[room]) if found[room] else None, found[body] or None, Because(found[because]))
            for room, body, because in WITHHELD
            if found[because]
        )
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


class NumberedSealForm(SealForm):
    """The same, on a case or a single person by number."""

    number = forms.CharField(
        label=_("Case number, or a person's record number"), max_length=120, help_text=_("As the decision gives it. A record number seals one person alone.")
    )  # fmt: skip
    field_order = ("number", "authority", "decision", "named")

    def clean_number(self) -> str:
        """A record's number out of its address or as it stands; else the text, taken for a case's number."""
        return record_number(self.cleaned_data["number"]) or self.cleaned_data["number"]


class CloseForm(Quiet):
    """When a case is closed, and by which paper."""

    day = forms.DateField(label=_("Closed on"), widget=DayInput())
    reference = forms.CharField(
        label=_("Number of the act, order or decision"), max_length=40, validators=[NUMBER], help_text=_("The number alone, no name.")
    )

    def __init__(self, *args: Any, opened: dt.date, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened, self.today = opened, today

    def clean_day(self) -> dt.date:
        """Between the opening and today."""
        day: dt.date = self.cleaned_data["day"]
        if not self.opened <= day <= self.today:
            raise forms.ValidationError(_("A case is closed on a day between its opening and today."))
        return day


class ShiftForm(Quiet):
    """Who has the shift from now on, and for how long."""

    post = forms.TypedChoiceField(label=_("Who has the shift"), coerce=int)
    hours = forms.IntegerField(
        label=_("For how many hours, from now"), min_value=1, max_value=16, initial=8, help_text=_("At most sixteen.")
    )
    reference = forms.CharField(
        label=_("Number of the roster"), max_length=40, validators=[NUMBER], help_text=_("The number alone, no name.")
    )

    def __init__(self, *args: Any, offices: list[Office], bodies: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(post=_select([(o.post, words.post(o, bodies)) for o in offices]))


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
