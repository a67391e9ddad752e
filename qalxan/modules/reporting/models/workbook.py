"""Uploaded workbooks, kept until their rows are taken or dropped."""

from django.conf import settings
from django.db import models

from qalxan.modules.reporting.models.returns import Return


class Upload(models.Model):
    """A workbook as it was read: its good rows and its bad cells. Nothing of it counts before a person takes it."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    rows = models.JSONField()
    faults = models.JSONField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.of_id} {self.at:%Y-%m-%d}"
