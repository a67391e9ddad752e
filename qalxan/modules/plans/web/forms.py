"""Forms of plans."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalxan.kernel.acts.source import MAX_BYTES
from qalxan.modules.plans.choices import CheckAnswer, Column, MoneySource, Participation
from qalxan.webkit.widgets import DayInput


class UploadForm(forms.Form):
    """The file with an act."""

    file = forms.FileField(label=_("File with the act"), help_text=_("Text, HTML, Word (.docx) or PDF with a text layer, up to 64 MB."))

    def clean_file(self) -> Any:
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 64 MB. Save the act alone, without pictures."))
        return file


class RowForm(forms.Form):
    """The words of one row's cells."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("Measure"), widget=forms.Textarea(attrs={"rows": 5}))
    executors = forms.CharField(
        label=_("Executing bodies"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As the act names them, with commas. The system reads the names again."),
    )
    terms = forms.CharField(label=_("Term"), required=False, help_text=_("For example: 2020-2022, ongoing as “mütəmadi”, “İyun 2004”."))
    results = forms.CharField(
        label=_("Expected results"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One result a line; a term of its own in square brackets at the end: … [İyun 2004]."),
    )


class AdoptForm(forms.Form):
    """What a person says of a plan when putting it in force."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.SlugField(
        label=_("Short code of the plan"), max_length=40, help_text=_("Letters, digits and hyphens, for example MFP-2020.")
    )
    title_az = forms.CharField(label=_("Name in Azerbaijani"), max_length=300)
    title_en = forms.CharField(label=_("Name in English"), max_length=300)
    title_ru = forms.CharField(label=_("Name in Russian"), max_length=300)
    first_year = forms.IntegerField(label=_("First year"), min_value=1990, max_value=2100)
    last_year = forms.IntegerField(
        label=_("Last year"), min_value=1990, max_value=2100, required=False, help_text=_("Leave empty where the act names no end.")
    )
    in_force_from = forms.DateField(label=_("In force from"), widget=DayInput())
    sure = forms.BooleanField(label=_("I have compared the rows with the text of the act."))


class ViewForm(forms.Form):
    """The day a consolidation is shown for."""

    day = forms.DateField(label=_("As in force on"), widget=DayInput(), required=False)


class CompareForm(forms.Form):
    """Two days to compare."""

    earlier = forms.DateField(label=_("Earlier day"), widget=DayInput())
    later = forms.DateField(label=_("Later day"), widget=DayInput())


class AmendmentForm(forms.Form):
    """An amendment by hand: the act, and one change of words over several measures."""

    number = forms.CharField(label=_("Number of the amending act"), max_length=40)
    date = forms.DateField(label=_("Date of the act"), widget=DayInput())
    in_force_from = forms.DateField(label=_("In force from"), widget=DayInput())
    column = forms.ChoiceField(
        label=_("Column"), choices=[(c.value, c.label) for c in (Column.EXECUTORS, Column.TEXT, Column.TERMS, Column.RESULTS)]
    )
    measures = forms.CharField(label=_("Measures"), help_text=_("Numbers with commas, for example 4.2.1, 4.2.6."))
    old = forms.CharField(label=_("These words"), max_length=500)
    new = forms.CharField(label=_("are replaced by"), max_length=500, required=False)

    def cells(self) -> list[dict[str, str]]:
        """The changed cells."""
        data = self.cleaned_data
        numbers = [n.strip().rstrip(".") for n in data["measures"].split(",") if n.strip()]
        return [{"measure": n, "column": data["column"], "old": data["old"], "new": data["new"], "change": "replace"} for n in numbers]


class BodiesField(forms.MultipleChoiceField):
    """Several bodies by name."""

    widget = forms.SelectMultiple(attrs={"size": 12})


class ResolveForm(forms.Form):
    """The bodies an open list stands for."""

    as_written = forms.CharField(widget=forms.HiddenInput)
    bodies = BodiesField(label=_("Bodies"), help_text=_("Hold Ctrl to choose several."))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bodies"].choices = choices  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    """The members of a group for a year."""

    group = forms.ChoiceField(label=_("Group"))
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    members = BodiesField(label=_("Members"), required=False, help_text=_("Hold Ctrl to choose several."))

    def __init__(self, *args: Any, groups: list[tuple[str, str]], years: list[int], choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = groups  # type: ignore[attr-defined]
        self.fields["year"].choices = [(y, y) for y in years]  # type: ignore[attr-defined]
        self.fields["members"].choices = choices  # type: ignore[attr-defined]


class FinancingForm(forms.Form):
    """Money for a measure."""

    body = forms.ChoiceField(label=_("Body"))
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    source = forms.ChoiceField(label=_("Source"), choices=MoneySource.choices)
    amount = forms.DecimalField(
        label=_("Amount"),
        min_value=0,
        max_digits=14,
        decimal_places=2,
        required=False,
        help_text=_("Leave empty when only the source is known."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="AZN")
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = choices  # type: ignore[attr-defined]


class PrincipleForm(forms.Form):
    """An answer on one working principle."""

    principle = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(label=_("Answer"), choices=CheckAnswer.choices)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class ParticipationForm(forms.Form):
    """The decision on the state's part in a line."""

    answer = forms.ChoiceField(label=_("Decision"), choices=Participation.choices)
    decided_on = forms.DateField(label=_("Decided on"), widget=DayInput(), required=False)
    ground = forms.CharField(label=_("Ground"), max_length=300, required=False, help_text=_("The act or letter of the decision."))


def day_of(value: str | None, otherwise: dt.date) -> dt.date:
    """A day from a query string; anything unreadable gives the other day."""
    try:
        return dt.date.fromisoformat(value or "")
    except ValueError:
        return otherwise


def year_of(value: str | None) -> int | None:
    """A year from a query string, None for all years."""
    return int(value) if value and len(value) == 4 and value.isdecimal() and value.isascii() and 1900 < int(value) < 2200 else None


class AttachForm(forms.Form):
    """The plan that an amending act changes."""

    plan = forms.ChoiceField(label=_("Plan"))
    in_force_from = forms.DateField(label=_("In force from"), widget=DayInput())

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class TreatyForm(forms.Form):
    """What is known of the state's part in a treaty; unknown stays empty."""

    signed_on = forms.DateField(label=_("Signed"), widget=DayInput(), required=False)
    ratified_on = forms.DateField(label=_("Ratified"), widget=DayInput(), required=False)
    in_force_on = forms.DateField(label=_("In force"), widget=DayInput(), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document that gives these dates."))
