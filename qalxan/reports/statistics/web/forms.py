"""Forms of figures."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalxan.modules.reporting.choices import Qualifier
from qalxan.reports.statistics.choices import Kind
from qalxan.reports.statistics.queries.pages import EntryForm, SplitField
from qalxan.webkit.widgets import DayInput

MAX_BYTES = 5 * 1024 * 1024


def year_of(value: str | None) -> int | None:
    """A year from a query string, None for anything else."""
    return int(value) if value and len(value) == 4 and value.isdecimal() and value.isascii() and 1900 < int(value) < 2200 else None


class ReasonForm(forms.Form):
    """Why a figure is chosen or withdrawn."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class ImportForm(forms.Form):
    """A file of rows."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=Kind.choices, initial=Kind.FACTS)
    file = forms.FileField(label=_("File"), help_text=_("CSV in UTF-8 or Excel (.xlsx), up to 5 MB, with a heading of column names."))

    def clean_file(self) -> Any:
        """Refuse what is too large before reading it."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


class FactForm(forms.Form):
    """One figure as a source states it; the fields of its splits follow the indicator."""

    year = forms.IntegerField(label=_("Year counted"), min_value=1990, max_value=2100)
    period_start = forms.DateField(
        label=_("First day"), widget=DayInput(), required=False, help_text=_("Only for a part of a year or for several years.")
    )
    period_end = forms.DateField(label=_("Last day"), widget=DayInput(), required=False)
    qualifier = forms.ChoiceField(label=_("How exact"), choices=Qualifier.choices)
    value = forms.CharField(
        label=_("Value"), max_length=30, required=False, help_text=_("As printed. Empty when the source says that it is not known.")
    )
    date = forms.DateField(label=_("Date"), widget=DayInput(), required=False)
    source = forms.ChoiceField(label=_("Source"))
    place = forms.CharField(
        label=_("Place in the source"), max_length=200, required=False, help_text=_("For example: section 6, or page 12.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, shape: EntryForm, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        self.fields["source"].choices = sources  # type: ignore[attr-defined]
        for unused in ("value",) if shape.is_date else ("date",):
            del self.fields[unused]
        if shape.is_date:
            self.fields["date"].required = True
        own = {name: field for name, field in self.fields.items() if name not in ("year", "period_start", "period_end")}
        splits = {f"split_{split.name}": _split_field(split) for split in shape.splits}
        before = {name: self.fields[name] for name in ("year", "period_start", "period_end")}
        self.fields = {**before, **splits, **own}

    def cells(self) -> dict[str, str]:
        """The answers as the cells of an import row."""
        data = self.cleaned_data
        key = "; ".join(f"{split.name}={data[field]}" for split in self.shape.splits if data.get(field := f"split_{split.name}"))
        cells = {
            name: _cell(data.get(name))
            for name in ("year", "period_start", "period_end", "qualifier", "value", "date", "source", "place", "note")
        }
        return {**cells, "indicator": self.shape.about.code, "key": key}


def _split_field(split: SplitField) -> forms.Field:
    if split.codes:
        return forms.ChoiceField(label=split.label, required=False, choices=[("", _("all together")), *split.codes])
    return forms.CharField(
        label=split.label, required=False, max_length=2, help_text=_("The country's code of two capital letters, for example AZ.")
    )


def _cell(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)
