"""Forms of recovery."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalxan.foundation.accounts.models import Why
from qalxan.foundation.accounts.queries import people


class WhyForm(forms.Form):
    """Why one's own account must be recovered."""

    why = forms.ChoiceField(label=gettext_lazy("What happened"), choices=Why.choices)


class AskForm(WhyForm):
    """For whom, and why."""

    user = forms.TypedChoiceField(label=gettext_lazy("Person"), coerce=int)
    field_order = ("user", "why")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["user"].choices = people()  # type: ignore[attr-defined]


class FinishForm(forms.Form):
    """Both halves of the code and the new password, chosen by the person alone."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    first = forms.CharField(
        label=gettext_lazy("Code from the first person"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    second = forms.CharField(
        label=gettext_lazy("Code from the second person"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=gettext_lazy("New password"), max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 12 letters."),
    )  # fmt: skip
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Both must be the same."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("The two passwords differ."))
        return again
