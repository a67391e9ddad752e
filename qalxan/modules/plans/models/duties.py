"""Duties: what each body owes in each period."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.choices import DutyRole, DutyState, TermKind
from qalxan.modules.plans.models.acts import Act
from qalxan.modules.plans.models.plans import Measure, Plan


class DutyRun(models.Model):
    """One compilation of a plan's duties and what it changed: how many were added, withdrawn, kept, and which."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="runs")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added = models.PositiveIntegerField()
    withdrawn = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    changes = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.plan_id} +{self.added} -{self.withdrawn}"


class Duty(models.Model):
    """A body owes a measure (or one of its results) in a period, in a role.

    `named_as` is the body the act names, where a successor or a member of a group owes it; `via` the group.
    `due_on` is empty where the act sets no term. A withdrawn duty stays on record with the run that withdrew it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="duties")
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="duties")
    result = models.PositiveSmallIntegerField(default=0)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="duties")
    role = models.CharField(max_length=12, choices=DutyRole)
    term_kind = models.CharField(max_length=12, choices=TermKind)
    period_start = models.DateField()
    period_end = models.DateField()
    due_on = models.DateField(null=True)
    named_as = models.CharField(max_length=40, blank=True)
    via = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=DutyState, default=DutyState.OPEN)
    made_by = models.ForeignKey(DutyRun, on_delete=models.PROTECT, related_name="made")
    withdrawn_by = models.ForeignKey(DutyRun, on_delete=models.PROTECT, null=True, related_name="withdrew")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "result", "body", "period_start", "period_end"],
                condition=~Q(state=DutyState.WITHDRAWN),
                name="no_duty_twice",
            )
        ]
        indexes = [
            models.Index(fields=["body", "period_start", "period_end"], name="duty_body"),
            models.Index(fields=["plan", "period_start", "period_end"], name="duty_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.measure_id} {self.period_start}"
