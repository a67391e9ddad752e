"""Stored files: what is told of one, and its bytes in a table of their own, so that no list loads them."""

import uuid

from django.conf import settings
from django.db import models

from qalxan.foundation.files.kinds import Kind


class StoredFile(models.Model):
    """A file as it was rebuilt and stored. Rows are only ever added: the app role may neither change nor delete one.

    `name` is cleaned and ends as the true kind does; `size` counts bytes and `sha256` (hexadecimal) is the digest of what is stored,
    not of what was sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value.upper()) for kind in Kind])
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
    stored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class StoredContent(models.Model):
    """The bytes of one stored file."""

    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, primary_key=True, related_name="content")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.file_id}"
