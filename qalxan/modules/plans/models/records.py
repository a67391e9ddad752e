"""What people record beside a measure: rosters, resolved open lists, financing, principle checks, participation, treaties."""

from django.conf import settings
from django.db import models

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.choices import CheckAnswer, MoneySource, Participation
from qalxan.modules.plans.models.acts import Act
from qalxan.modules.plans.models.plans import Measure, Plan


class RosterEntry(models.Model):
    """A member of a group for one plan and one year."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="roster")
    year = models.PositiveSmallIntegerField()
    group = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "year", "group", "member"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.year} {self.group_id} > {self.member_id}"


class Resolution(models.Model):
    """The bodies a named person set for an open list of a measure, by the list's written form; the newest counts."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="resolutions")
    as_written = models.TextField()
    bodies = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.measure_id} {self.bodies}"


class Financing(models.Model):
    """Money for a measure, by body and year. The amount is empty where only the source is known."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="financing")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=16, choices=MoneySource)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="AZN")
    payer = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount=None) | models.Q(amount__gte=0), name="money_not_negative")]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.year} {self.source}"


class PrincipleCheck(models.Model):
    """Whether a measure follows a working principle of its plan; the newest answer counts, with its reason."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="checks")
    principle = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=16, choices=CheckAnswer)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.measure_id} {self.principle} {self.answer}"


class ParticipationDecision(models.Model):
    """The decision on the state's part in one line of a programme; the newest counts."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="participation")
    answer = models.CharField(max_length=8, choices=Participation)
    decided_on = models.DateField(null=True)
    ground = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.measure_id} {self.answer}"


class Treaty(models.Model):
    """A treaty with the dates known of it; what no source says stays empty."""

    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="treaties")
    title_az = models.TextField()
    title_en = models.TextField(blank=True)
    title_ru = models.TextField(blank=True)
    concluded_on = models.DateField(null=True)
    place = models.CharField(max_length=100, blank=True)
    signed_on = models.DateField(null=True)
    ratified_on = models.DateField(null=True)
    in_force_on = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.title_az[:80]
