"""Official acts: as read, as corrected by a person, as adopted."""

from django.conf import settings
from django.db import models

from qalxan.foundation.bodies.models import Body
from qalxan.modules.plans.choices import ActKind, ActState


class Act(models.Model):
    """An act with its source text and the structure read from it.

    `reading` is the reader's document as it now stands, corrections included; `version` grows with each correction, so
    two people cannot overwrite one another. `amends` is the act this one changes.
    """

    state = models.CharField(max_length=10, choices=ActState, default=ActState.DRAFT)
    kind = models.CharField(max_length=10, choices=ActKind, blank=True)
    number = models.CharField(max_length=40, blank=True)
    date = models.DateField(null=True)
    title = models.TextField(blank=True)
    adopted_by = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_from = models.DateField(null=True)
    registry_number = models.CharField(max_length=40, blank=True)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="amendments")
    file_name = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    reading = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    imported_at = models.DateTimeField()
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=ActState.ADOPTED) | models.Q(accepted_at__isnull=False), name="in_force_only_when_someone_adopted"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Correction(models.Model):
    """A cell of a draft as the reader had it and as a person corrected it."""

    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="corrections")
    place = models.PositiveIntegerField()
    column = models.CharField(max_length=20)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.act_id}/{self.place} {self.column}"
