"""Return windows: when bodies answer for a year of a plan, and who got more time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.models import Plan
from qalxan.modules.reporting.choices import WindowState


class Window(models.Model):
    """The time in which bodies answer for their duties of one year of a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="windows")
    year = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=WindowState, default=WindowState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "year"], name="one_window_a_year"),
            models.CheckConstraint(condition=Q(due_on__gte=F("opens_on")), name="window_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.year}"


class Extension(models.Model):
    """More time for one body, with the reason; the newest counts."""

    window = models.ForeignKey(Window, on_delete=models.CASCADE, related_name="extensions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.window_id} {self.body_id} {self.due_on}"
