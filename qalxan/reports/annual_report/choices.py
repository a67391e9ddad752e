"""Kinds and states of reports."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a report is for. All are made of the same stored figures."""

    ANNUAL = "annual", _("Yearly report to the Milli Məclis")
    CABINET = "cabinet", _("Yearly information of the Cabinet to the President")
    CIS = "cis", _("February information under the CIS programme")
    US_TIP = "us-tip", _("Answers for the US report, April to March")


class EditionState(TextChoices):
    """Where an edition stands. A sealed one is never changed: a correction makes the next edition."""

    DRAFT = "draft", _("Not frozen yet")
    FROZEN = "frozen", _("Data frozen, text in work")
    SEALED = "sealed", _("Sealed")


class RenderState(TextChoices):
    """Where the making of the files stands."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("in work")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")


LANGUAGES = ("az", "en", "ru")
"""The languages of an edition; Azerbaijani is the original."""
