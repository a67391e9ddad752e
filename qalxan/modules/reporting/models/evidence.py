"""Evidence files of answers."""

from django.conf import settings
from django.db import models

from qalxan.foundation.files.models import StoredFile
from qalxan.modules.reporting.models.returns import Answer


class Evidence(models.Model):
    """A file that supports an answer. Removing it leaves the row with who removed it and when."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.answer_id} {self.file_id}"
