"""Who may do what: the matrix, made from the code that decides."""

from django.http import HttpResponse

from qalxan.foundation.access.permissions import GRANTS, Permission, Role
from qalxan.webkit.views import Page


class Rights(Page):
    """Roles × rights."""

    permission = Permission.MATRIX_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the matrix."""
        rows = [(permission.label, [permission in GRANTS[role] for role in Role]) for permission in Permission]
        return self.page("access/rights.html", roles=[role.label for role in Role], rows=rows)
