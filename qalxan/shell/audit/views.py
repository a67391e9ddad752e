"""The log, for those who oversee."""

import uuid

from django.http import HttpResponse

from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.proofs import signed_size
from qalxan.foundation.audit.queries import EntryRow, entries
from qalxan.webkit.views import Page


class Log(Page):
    """What was done, newest first."""

    permission = Permission.AUDIT_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show fifty rows and the way to older ones."""
        before = self.request.GET.get("before", "")
        subject = self.request.GET.get("subject", "")[:200]
        written = self.request.GET.get("person", "")[:60]
        person = _person(written)
        rows: list[EntryRow] = []
        if person or not written.strip():
            below = int(before) if before.isdecimal() and before.isascii() and len(before) < 18 else None
            with acting():
                rows = entries(subject=subject or None, person=person, before=below)
        last = rows[-1].id if len(rows) == 50 else None
        return self.page("audit/log.html", rows=rows, subject=subject, person=written, last=last, size=signed_size())


def _person(written: str) -> uuid.UUID | None:
    """A person's record number as somebody typed it; None when it is none."""
    try:
        return uuid.UUID(written.strip())
    except ValueError:
        return None
