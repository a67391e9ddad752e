"""Forms of reporting."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qalxan.modules.reporting.choices import Qualifier, RatingValue, Stance
from qalxan.modules.reporting.operations.answers import Words
from qalxan.modules.reporting.queries.returns import AnswerPage
from qalxan.webkit.widgets import DayInput


class AnswerForm(forms.Form):
    """One answer: how the body answers, its words, its rating, and the figures asked for with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31)
    stance = forms.ChoiceField(label=_("How the body answers"), choices=Stance.choices, required=False)
    narrative = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("What, where, when, for whom, with what result. Name no person and nothing that points to one."),
    )
    self_rating = forms.ChoiceField(label=_("Own rating"), choices=[("", "–"), *RatingValue.choices], required=False)

    def __init__(self, *args: Any, page: AnswerPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = page.slots
        for place, slot in enumerate(page.slots):
            label = f"{slot.label}: {slot.key_label}" if slot.key_label else slot.label
            self.fields[f"q{place}"] = forms.ChoiceField(label=label, choices=[("", "–"), *Qualifier.choices], required=False)
            self.fields[f"n{place}"] = forms.DecimalField(
                label=label, min_value=Decimal(0), max_digits=13, decimal_places=3, required=False, localize=True
            )

    def clean(self) -> dict[str, Any]:
        """A number without a word is exact; an unknown figure has no number; a word of exactness needs one."""
        data = super().clean() or {}
        for place, _slot in enumerate(self.slots):
            qualifier, number = data.get(f"q{place}"), data.get(f"n{place}")
            if qualifier == Qualifier.UNKNOWN and number is not None:
                self.add_error(f"n{place}", _("An unknown figure has no number."))
            elif qualifier and qualifier != Qualifier.UNKNOWN and number is None and f"n{place}" not in self.errors:
                self.add_error(f"n{place}", _("Give the number, or choose “unknown”."))
        return data

    def words(self) -> Words:
        """The words as the operation wants them."""
        data = self.cleaned_data
        values: dict[tuple[int, str], tuple[str, Decimal | None] | None] = {}
        for place, slot in enumerate(self.slots):
            qualifier, number = data.get(f"q{place}"), data.get(f"n{place}")
            given = (qualifier or Qualifier.EXACT.value, number) if qualifier or number is not None else None
            values[slot.indicator, slot.key] = given
        return Words(data["stance"], data["narrative"].replace("\r\n", "\n"), data["self_rating"], values)


def answer_initial(page: AnswerPage) -> dict[str, Any]:
    """What stands in the answer."""
    initial: dict[str, Any] = {
        "version": page.row.version,
        "stance": page.row.stance,
        "narrative": page.row.narrative,
        "self_rating": page.row.rating,
    }
    for place, slot in enumerate(page.slots):
        initial[f"q{place}"] = slot.qualifier if slot.given else ""
        initial[f"n{place}"] = slot.value.normalize() if slot.value is not None else None
    return initial


class RateForm(forms.Form):
    """A rating by the coordinator or the evaluator."""

    voice = forms.CharField(widget=forms.HiddenInput)
    value = forms.ChoiceField(label=_("Rating"), choices=RatingValue.choices)
    evidence = forms.CharField(
        label=_("Evidence"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("What you looked at.")
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed where your rating differs from the body's own."),
    )


class WindowForm(forms.Form):
    """Opening a window."""

    plan = forms.ChoiceField(label=_("Plan"))
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    opens_on = forms.DateField(label=_("Opens on"), widget=DayInput())
    due_on = forms.DateField(
        label=_("Answers are due by"), widget=DayInput(), help_text=_("With evidence; by rule 20 January of the next year.")
    )

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class ExtendForm(forms.Form):
    """More time for one body."""

    body = forms.ChoiceField(label=_("Body"))
    due_on = forms.DateField(label=_("New day"), widget=DayInput())
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = bodies  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("File"))


class NoteForm(forms.Form):
    """A note or a reason."""

    note = forms.CharField(label=_("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class VerifiableForm(forms.Form):
    """Whether a measure can be checked."""

    checkable = forms.ChoiceField(
        label=_("Can this measure be checked?"), choices=[("1", _("It can be checked")), ("0", _("It cannot be checked"))]
    )
    reason = forms.CharField(label=_("Reason"), max_length=500)


class CounterForm(forms.Form):
    """Who counts an indicator, or a slice of it."""

    indicator = forms.SlugField(widget=forms.HiddenInput, max_length=60)
    body = forms.ChoiceField(label=_("Body"))
    key = forms.CharField(
        label=_("Split"), max_length=200, required=False, help_text=_("Empty for the whole; else for example country=TR.")
    )
    shared = forms.BooleanField(label=_("Several bodies each count their own share"), required=False)

    def __init__(self, *args: Any, bodies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = bodies  # type: ignore[attr-defined]


def judged_lines(data: QueryDict) -> dict[int, tuple[str, str]]:
    """Measure → ("1" it can be checked, "0" it cannot, "" not judged; the reason) as the form was filled in."""
    rows = zip(data.getlist("measure"), data.getlist("checkable"), data.getlist("reason"), strict=False)
    return {int(measure): (checkable, reason.strip()) for measure, checkable, reason in rows if re.fullmatch("[0-9]{1,9}", measure)}
