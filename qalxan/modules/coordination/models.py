"""The data of coordination: forums with their seats, meetings, tasks, outside recommendations."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qalxan.foundation.bodies.models import Body
from qalxan.modules.coordination.choices import (
    Capacity,
    ForumKind,
    MeetingState,
    Presence,
    RecommendationStatus,
    Source,
    StepKind,
    TaskState,
)
from qalxan.modules.plans.models import Measure


class Forum(models.Model):
    """A standing group: the working group under the National Coordinator, or the interagency commission (measure 4.1.9).

    The quorum is a fraction of the voting seats. `since` says from when the rule binds that it meets every `meets_every` months; like all
    dates of sources it is as precise as they are ("2023-05"). `ground` is the act it stands on, and what of it is not known.
    """

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=ForumKind)
    name_az = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    name_ru = models.CharField(max_length=250)
    ground_az = models.TextField(blank=True)
    ground_en = models.TextField(blank=True)
    ground_ru = models.TextField(blank=True)
    chair = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    quorum_numerator = models.PositiveSmallIntegerField(default=2)
    quorum_denominator = models.PositiveSmallIntegerField(default=3)
    meets_every = models.PositiveSmallIntegerField(default=3)
    since = models.CharField(max_length=10)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_numerator__gte=1) & Q(quorum_denominator__gte=F("quorum_numerator")), name="quorum_is_a_share"
            ),
            models.CheckConstraint(condition=Q(meets_every__in=[1, 2, 3, 4, 6, 12]), name="periods_fill_a_year"),
            models.CheckConstraint(condition=Q(since__regex=r"^\d{4}(-\d\d){0,2}$"), name="forum_since_is_a_date"),
        ]

    def __str__(self) -> str:
        return self.code


class Membership(models.Model):
    """A body's seat in a forum with the people who sit in it. A change ends the row and begins another, so the past stays readable.

    `since` is empty where no source gives the day; `until` is the last day.
    """

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="seats")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=10, choices=Capacity, default=Capacity.VOTING)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    alternate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "body"], condition=Q(until=None), name="one_seat_at_a_time"),
            models.CheckConstraint(condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="seat_days_in_order"),
            models.CheckConstraint(condition=Q(member=None) | Q(alternate=None) | ~Q(member=F("alternate")), name="alternate_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.forum_id} {self.body_id}"


class Meeting(models.Model):
    """A meeting of a forum. Its minutes are text; what it decided are tasks."""

    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField()
    time = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["forum", "day"], name="meeting_day")]
        constraints = [
            models.CheckConstraint(condition=~Q(state=MeetingState.CANCELLED) | ~Q(cancel_reason=""), name="cancelled_with_a_reason"),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.PLANNED, MeetingState.CANCELLED]) | Q(agreed_at__isnull=False),
                name="held_after_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forum_id} {self.day}"


class AgendaItem(models.Model):
    """A point of a meeting's agenda, with the measures it is about."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    measures = models.ManyToManyField(Measure, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="agenda_place", deferrable=models.Deferrable.DEFERRED)]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Who sat in a seat at a meeting, and the opinion that differed (asked for by the IOM needs assessment of 2016)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=10, choices=Presence)
    dissent = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "seat"], name="seat_attends_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.presence}"


class Task(models.Model):
    """A decision of a meeting as a task: what, whose, by when, for which measures. What was said of it since are its steps."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    owner = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    measures = models.ManyToManyField(Measure, related_name="+")
    state = models.CharField(max_length=8, choices=TaskState, default=TaskState.OPEN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "number"], name="decision_number")]
        indexes = [models.Index(fields=["owner", "state", "due_on"], name="task_owner")]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.number}"


class TaskStep(models.Model):
    """What a body reported on a task, or why it was dropped or opened again. Only added."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"


class Recommendation(models.Model):
    """What an outside body asks or criticises, in our own words (measure 4.6.5).

    `year` is the document's, `last_year` the last report that repeated it; both stay empty where the copy we know does not show them, and
    `note` says so. `code` is set for what the system was delivered with.
    """

    code = models.SlugField(max_length=40, unique=True, null=True)  # noqa: DJ001 - unique where set
    source = models.CharField(max_length=10, choices=Source)
    document = models.CharField(max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    last_year = models.PositiveSmallIntegerField(null=True)
    text_az = models.TextField()
    text_en = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    note_az = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    note_ru = models.TextField(blank=True)
    measures = models.ManyToManyField(Measure, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year=None) | Q(year__isnull=False, last_year__gte=F("year")), name="recommendation_years_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.text_az[:80]


class RecommendationStep(models.Model):
    """A status given to a recommendation from a day, with its reason. Only added; the newest counts."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=14, choices=RecommendationStatus)
    day = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.status}"


class RecommendationAnswer(models.Model):
    """An answer given on a recommendation: to whom, in which document, when (as precise as known), and from which filings. Only added.

    `filings` are ids of approved answers in bodies' returns, in the order they were put together; `year` is the year they report on.
    """

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="answers")
    addressee = models.CharField(max_length=200)
    document = models.CharField(max_length=200, blank=True)
    given_on = models.CharField(max_length=10)
    text_az = models.TextField()
    text_en = models.TextField(blank=True)
    text_ru = models.TextField(blank=True)
    filings = models.JSONField(default=list)
    year = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(given_on__regex=r"^\d{4}(-\d\d){0,2}$"), name="answer_given_on_is_a_date")]

    def __str__(self) -> str:
        return f"{self.recommendation_id} {self.given_on}"
