"""Forms of reports."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qalxan.reports.annual_report.choices import LANGUAGES, Kind


class StartForm(forms.Form):
    """Beginning an edition."""

    kind = forms.ChoiceField(label=_("Report"), choices=Kind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    plan = forms.ChoiceField(label=_("Plan"))

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """A section's wording."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Figures are placed by name, for example [[victims-identified]]; a number of another source as [[typed:number|source]]."
        ),
    )


class WordForm(forms.Form):
    """An edited Word file."""

    file = forms.FileField(label=_("Edited Word file"))


def section_lines(data: QueryDict) -> list[dict[str, str]]:
    """The lines of the sections form in the order of their numbers, those without any name left out."""
    columns = [data.getlist(name) for name in ("place", "code", *LANGUAGES)]
    lines = [dict(zip(("place", "code", *LANGUAGES), (cell.strip() for cell in row), strict=True)) for row in zip(*columns, strict=False)]
    kept = [line for line in lines if any(line[language] for language in LANGUAGES)]
    return sorted(kept, key=lambda line: int(line["place"]) if line["place"].isdecimal() and line["place"].isascii() else len(lines))
