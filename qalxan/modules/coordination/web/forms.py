"""Forms of coordination."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalxan.modules.coordination.choices import Capacity, Presence, RecommendationStatus, Source
from qalxan.webkit.widgets import DayInput

Choices = list[tuple[str, str]]
Groups = list[tuple[str, Choices]]


class MeasuresField(forms.TypedMultipleChoiceField):
    """Several measures, in groups by plan."""

    def __init__(self, **kwargs: Any) -> None:
        options = {"label": _("Measures"), "required": False, "help_text": _("Hold Ctrl to choose several.")}
        super().__init__(coerce=int, widget=forms.SelectMultiple(attrs={"size": 8}), **{**options, **kwargs})


def _choose(form: forms.Form, **choices: Choices | Groups) -> None:
    for name, found in choices.items():
        form.fields[name].choices = found  # type: ignore[attr-defined]


def _person(value: str) -> int | None:
    return int(value) if value else None


class SeatForm(forms.Form):
    """A body's seat in a forum and who sits in it."""

    body = forms.ChoiceField(label=_("Body"))
    capacity = forms.ChoiceField(
        label=_("Right in the forum"), choices=Capacity.choices, help_text=_("Only seats that vote count for the quorum.")
    )
    member = forms.TypedChoiceField(label=_("Member"), required=False, coerce=_person, empty_value=None)
    alternate = forms.TypedChoiceField(label=_("Alternate"), required=False, coerce=_person, empty_value=None)
    since = forms.DateField(label=_("From"), widget=DayInput(), help_text=_("The earlier entry ends the day before and stays on record."))

    def __init__(self, *args: Any, bodies: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, body=bodies, member=people, alternate=people)


class EndForm(forms.Form):
    """The last day of a seat."""

    body = forms.CharField(widget=forms.HiddenInput, max_length=40)
    until = forms.DateField(label=_("Last day"), widget=DayInput())


class MeetingForm(forms.Form):
    """When and where a meeting is."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    time = forms.TimeField(label=_("Hour"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    place = forms.CharField(label=_("Place"), max_length=200, required=False)


class PointForm(forms.Form):
    """A new point of an agenda."""

    title = forms.CharField(label=_("Point"), max_length=300)
    measures = MeasuresField()

    def __init__(self, *args: Any, measures: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, measures=measures)


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class SatForm(forms.Form):
    """Who sat in one seat; the prefix is the seat's number."""

    presence = forms.ChoiceField(label=_("Present"), choices=Presence.choices)
    dissent = forms.CharField(label=_("Opinion that differs"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 1}))


class MinutesForm(forms.Form):
    """The minutes."""

    text = forms.CharField(label=_("Minutes"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 16}))


class TaskForm(forms.Form):
    """A decision as a task."""

    text = forms.CharField(label=_("What was decided"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    owner = forms.ChoiceField(label=_("Whose task"))
    due_on = forms.DateField(label=_("Due"), widget=DayInput())
    measures = MeasuresField()

    def __init__(self, *args: Any, bodies: Choices, measures: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, owner=bodies, measures=measures)


class ReportForm(forms.Form):
    """A report on a task."""

    text = forms.CharField(label=_("What was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    done = forms.BooleanField(label=_("The task is done"), required=False)


class RecommendationForm(forms.Form):
    """What an outside document says, in our own words."""

    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)
    document = forms.CharField(
        label=_("Document"), max_length=200, required=False, help_text=_("Its number or reference, for example CP(2018)24.")
    )
    year = forms.IntegerField(
        label=_("Year"), min_value=1990, max_value=2100, required=False, help_text=_("Leave empty where the document does not show it.")
    )
    last_year = forms.IntegerField(label=_("Last year it was repeated"), min_value=1990, max_value=2100, required=False)
    text_az = forms.CharField(label=_("In our own words, Azerbaijani"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    text_en = forms.CharField(
        label=_("In our own words, English"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    text_ru = forms.CharField(
        label=_("In our own words, Russian"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, help_text=_("What is not known or disputed about it."))
    measures = MeasuresField()

    def __init__(self, *args: Any, measures: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, measures=measures)


class StatusForm(forms.Form):
    """How far a recommendation is met, from a day."""

    status = forms.ChoiceField(label=_("Status"), choices=RecommendationStatus.choices)
    day = forms.DateField(label=_("From"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    """An answer given on a recommendation."""

    addressee = forms.CharField(label=_("To whom"), max_length=200)
    document = forms.CharField(label=_("In which document"), max_length=200, required=False)
    given_on = forms.DateField(label=_("Given on"), widget=DayInput())
    filings = forms.TypedMultipleChoiceField(label=_("Filings"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(
        label=_("Words of the answer"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Leave empty to put the answer together from the ticked filings."),
    )  # fmt: skip

    def __init__(self, *args: Any, filings: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, filings=filings)


def first_fault(form: forms.Form) -> str:
    """The first fault of a form that has no page of its own, as "field: fault"."""
    for name, faults in form.errors.items():
        return f"{form.fields[name].label}: {faults[0]}" if name in form.fields else str(faults[0])
    return ""
