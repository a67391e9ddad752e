"""What the system cannot protect, said to those who rely on it. Signed in only: the words are no secret, but they are for those at work."""

from django.http import HttpResponse

from qalxan.foundation.access.permissions import Permission
from qalxan.webkit.views import Page


class Limits(Page):
    """The honest limits, as THREAT_MODEL.md tells them at length."""

    permission = Permission.SELF

    def get(self, request: object) -> HttpResponse:
        """Show them."""
        return self.page("limits/limits.html")
