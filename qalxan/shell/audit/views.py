"""The log, for those who oversee."""

from django.http import HttpResponse

from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.audit.queries import entries
from qalxan.webkit.views import Page


class Log(Page):
    """What was done, newest first."""

    permission = Permission.AUDIT_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show fifty rows and the way to older ones."""
        before = self.request.GET.get("before", "")
        subject = self.request.GET.get("subject", "")[:200]
        rows = entries(
            subject=subject or None, before=int(before) if before.isdecimal() and before.isascii() and len(before) < 18 else None
        )
        return self.page("audit/log.html", rows=rows, subject=subject, last=rows[-1].id if len(rows) == 50 else None)
