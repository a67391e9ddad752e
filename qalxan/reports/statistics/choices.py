"""Where figures come from, and the words for splits, verdicts and reasons."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Origin(TextChoices):
    """Where a fact comes from."""

    RETURN = "return", _("from returns")
    COMPUTED = "computed", _("computed from other figures")
    TYPED = "typed", _("typed with a source")


WORKED_OUT = "derived-"
"""How the code of a source begins that is a working-out from a document, not a document."""


class Kind(TextChoices):
    """What a file of rows holds."""

    SOURCES = "sources", _("Sources")
    INDICATORS = "indicators", _("Indicators")
    FACTS = "facts", pgettext_lazy("figures", "Figures")


class StandingWord(TextChoices):
    """Why a value is taken, or why none is (`qalxan.kernel.figures.Standing`)."""

    ONE = "one", _("the only source")
    AGREED = "agreed", _("sources agree")
    CHOSEN = "chosen", _("chosen")
    DISPUTED = "disputed", _("sources disagree")
    NONE = "none", _("no approved figure")


class VerdictWord(TextChoices):
    """What a rule says (`qalxan.kernel.figures.checks.Verdict`)."""

    HOLDS = "holds", _("holds")
    FITS = "fits", _("fits")
    CLOSES_WITH = "closes_with", _("closes only with more")
    INEXACT = "inexact", _("cannot be exact")
    FAILS = "fails", _("fails")
    NOT_CHECKABLE = "not_checkable", _("not checkable")


TONE = {"holds": "good", "fits": "good", "closes_with": "bad", "fails": "bad", "inexact": "wait", "not_checkable": "wait"}
"""Verdict → the kind of its tag."""

DIMENSION_WORDS = {
    "sex": pgettext_lazy("split", "sex"),
    "age": pgettext_lazy("split", "age"),
    "form": pgettext_lazy("split", "form of exploitation"),
    "kind": pgettext_lazy("split", "kind of crime"),
    "citizenship": pgettext_lazy("split", "citizenship"),
    "country": pgettext_lazy("split", "country of exploitation"),
    "penalty": pgettext_lazy("split", "penalty"),
    "whereabouts": pgettext_lazy("split", "whereabouts"),
    "group": pgettext_lazy("split", "group"),
    "sector": pgettext_lazy("split", "sector"),
    "provider": pgettext_lazy("split", "body"),
    "area": pgettext_lazy("split", "area"),
}
CODE_WORDS = {
    ("sex", "female"): pgettext_lazy("split", "female"),
    ("sex", "male"): pgettext_lazy("split", "male"),
    ("age", "adult"): pgettext_lazy("split", "adults"),
    ("age", "child"): pgettext_lazy("split", "under 18"),
    ("form", "sexual"): pgettext_lazy("split", "sexual exploitation"),
    ("form", "labour"): pgettext_lazy("split", "forced labour"),
    ("form", "criminal"): pgettext_lazy("split", "criminal activity"),
    ("form", "begging_marriage_organs_other"): pgettext_lazy("split", "begging, forced marriage, organs, other"),
    ("kind", "trafficking"): pgettext_lazy("split", "trafficking in persons"),
    ("kind", "forced_labour"): pgettext_lazy("split", "forced labour"),
    ("kind", "documents"): pgettext_lazy("split", "acts with documents"),
    ("penalty", "imprisonment"): pgettext_lazy("split", "imprisonment"),
    ("penalty", "suspended"): pgettext_lazy("split", "suspended sentence"),
    ("penalty", "deferred"): pgettext_lazy("split", "deferred sentence"),
    ("whereabouts", "caught"): pgettext_lazy("split", "caught"),
    ("whereabouts", "abroad"): pgettext_lazy("split", "abroad"),
    ("group", "women"): pgettext_lazy("split", "women"),
    ("group", "men"): pgettext_lazy("split", "men"),
    ("group", "children"): pgettext_lazy("split", "children"),
    ("sector", "construction"): pgettext_lazy("split", "construction"),
    ("sector", "agriculture"): pgettext_lazy("split", "agriculture"),
    ("area", "world"): pgettext_lazy("split", "world"),
    ("area", "country"): pgettext_lazy("split", "the country"),
}
UNKNOWN_CODE = pgettext_lazy("split", "not known")

RETURN_CHANGED = "The return changed."
"""Why the installation withdraws a figure; kept in English, said in the reader's language."""
