"""Every component in every state, on one page."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from qalxan.foundation.access.permissions import Permission
from qalxan.webkit.views import Page


class _Sample(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As in the document."))
    year = forms.IntegerField(label=_("Year"), min_value=2000)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", "A"), ("b", "B")])
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label=_("I have compared the rows with the text of the act."))


class StyleGuide(Page):
    """The house's components: what a new page is made of."""

    permission = Permission.STYLEGUIDE_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show them."""
        for level, text in ((messages.SUCCESS, _("Saved.")), (messages.ERROR, _("The last year comes before the first."))):
            messages.add_message(self.request, level, text)
        bad = _Sample({"year": "1990"}, prefix="bad", auto_id="bad_%s")
        return self.page(
            "styleguide/styleguide.html",
            form=_Sample(),
            bad=bad,
            marks=(("same", "Daxili İşlər Nazirliyi,"), ("out", "Nəqliyyat, Rabitə"), ("in", "Rəqəmsal İnkişaf")),
            heats=range(6),
        )
