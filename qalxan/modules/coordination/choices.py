"""States and code lists of coordination."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ForumKind(TextChoices):
    """The two standing groups that plan 2020-2024, measure 4.1.9, names."""

    WORKING_GROUP = "working_group", _("Working group")
    COMMISSION = "commission", _("Commission")


class Capacity(TextChoices):
    """Whether a seat counts for the quorum."""

    VOTING = "voting", pgettext_lazy("seat", "Votes")
    OBSERVER = "observer", pgettext_lazy("seat", "Observes")


class MeetingState(TextChoices):
    """Where a meeting stands. It cannot be held before its agenda is agreed."""

    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    AGREED = "agreed", pgettext_lazy("meeting", "Agenda agreed")
    HELD = "held", pgettext_lazy("meeting", "Held")
    APPROVED = "approved", pgettext_lazy("meeting", "Minutes approved")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


HELD_STATES = (MeetingState.HELD, MeetingState.APPROVED)
"""States of a meeting that took place."""


class Presence(TextChoices):
    """Who sat in a body's seat."""

    MEMBER = "member", pgettext_lazy("presence", "Member")
    ALTERNATE = "alternate", pgettext_lazy("presence", "Alternate")
    ABSENT = "absent", pgettext_lazy("presence", "Absent")


class TaskState(TextChoices):
    """Where a decision's task stands."""

    OPEN = "open", pgettext_lazy("task", "Open")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")


class StepKind(TextChoices):
    """What was said of a task, by its owner (progress, done) or by those who keep the record (dropped, reopened)."""

    PROGRESS = "progress", pgettext_lazy("task", "Work goes on")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "Dropped")
    REOPENED = "reopened", pgettext_lazy("task", "Opened again")


class Source(TextChoices):
    """Who recommends from outside."""

    GRETA = "greta", _("GRETA")
    COMMITTEE_OF_PARTIES = "cop", _("Committee of the Parties")
    US_TIP = "us_tip", _("US TIP report")
    CEDAW = "cedaw", _("UN: CEDAW Committee")
    CRC = "crc", _("UN: Committee on the Rights of the Child")
    UPR = "upr", _("UN: Universal Periodic Review")
    UN = "un", _("UN: another body")
    ICMPD = "icmpd", _("ICMPD")
    IOM = "iom", _("IOM")
    OSCE = "osce", _("OSCE")


class RecommendationStatus(TextChoices):
    """How far a recommendation is met. "Open" is where each begins: nobody has judged it."""

    OPEN = "open", pgettext_lazy("recommendation", "Open")
    PARTLY = "partly", pgettext_lazy("recommendation", "Partly met")
    MET = "met", pgettext_lazy("recommendation", "Met")
    NOT_ACCEPTED = "not_accepted", pgettext_lazy("recommendation", "Not accepted")
