"""The log: what was done, by whom, to what. No personal data, no words of a victim, no secrets."""

from django.db import models


class Entry(models.Model):
    """One row of the log, written in the transaction of the change it tells of; never changed, never deleted.

    `subject` is a code such as "plan:MFP-2020"; `detail` holds codes, counts and dates only. `user` is an id without a
    foreign key, so the log outlives accounts. Rows are chained later by a sequencer.
    """

    at = models.DateTimeField(auto_now_add=True)
    user = models.BigIntegerField(null=True)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject", "-id"], name="audit_subject"), models.Index(fields=["user", "-id"], name="audit_user")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.event} {self.subject}"
