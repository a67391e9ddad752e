"""Who may do what: the matrix, made from the code that decides."""

from django.http import HttpResponse

from qalxan.foundation.access.allseeing import counted, faults, table
from qalxan.foundation.access.choices import Compartment
from qalxan.foundation.access.permissions import GRANTS, Permission, Role
from qalxan.webkit.views import Page


class Rights(Page):
    """Roles × rights."""

    permission = Permission.MATRIX_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the matrix."""
        rows = [(permission.label, [permission in GRANTS[role] for role in Role]) for permission in Permission]
        return self.page("access/rights.html", roles=[role.label for role in Role], rows=rows)


class NeedToKnow(Page):
    """Roles and their lawful combinations × rooms: what each can reach, over whose records."""

    permission = Permission.MATRIX_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the table the check reads."""
        rows = [([role.label for role in row.roles], [str(row.how(c) or "") for c in Compartment]) for row in table()]
        return self.page("access/rooms.html", rooms=[c.label for c in Compartment], rows=rows, counted=counted(), broken=len(faults()))
