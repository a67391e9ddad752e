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

RETURN_CHANGED = "The return changed."
"""Why the installation withdraws a figure; kept in English, said in the reader's language."""
