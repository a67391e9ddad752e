"""Three voices on a measure, and whether it can be checked at all."""

from django.conf import settings
from django.db import models

from qalxan.modules.plans.models import Measure
from qalxan.modules.reporting.choices import RatingValue, Voice
from qalxan.modules.reporting.models.returns import Answer, Return


class Rating(models.Model):
    """How far a voice finds a duty carried out, on what evidence, and why it differs from the body's own. Only added; the newest counts."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="ratings")
    voice = models.CharField(max_length=12, choices=Voice)
    value = models.CharField(max_length=12, choices=RatingValue)
    evidence = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer_id} {self.voice} {self.value}"


class Verifiability(models.Model):
    """Whether a measure can be checked at all, judged once it is adopted, with the reason; the newest counts."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="verifiability")
    checkable = models.BooleanField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.measure_id} {self.checkable}"


class Reminder(models.Model):
    """That a return's silence was told to a focal point, deputy or head, once for each. It names no person and no case."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="reminders")
    ear = models.CharField(max_length=20)
    at = models.DateTimeField()
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "ear"], name="one_reminder_an_ear")]

    def __str__(self) -> str:
        return f"{self.of_id} {self.ear}"
