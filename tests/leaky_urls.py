"""A site with two bad pages, for tests alone: one pastes what it is given into SQL, one shows a person by id."""

from django.db import connection
from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as real
from qalxan.foundation.access.binding import acting
from qalxan.foundation.access.guard import Absent
from qalxan.foundation.access.permissions import Permission
from qalxan.foundation.persons.models import Item, Person
from qalxan.webkit.views import Page

handler404 = "qalxan.shell.errors.not_found"


class Injectable(Page):
    """Runs any statement it is given, as the bound person."""

    permission = Permission.SELF

    def get(self, request) -> HttpResponse:
        """Paste and run."""
        with acting(), connection.cursor() as cursor:
            cursor.execute("SELECT id::text FROM persons_item WHERE kind = '" + request.GET["kind"] + "'")
            return HttpResponse("\n".join(str(row[0]) for row in cursor.fetchall()))


class Shown(Page):
    """Shows one person, if the bound person reaches them."""

    permission = Permission.SELF

    def get(self, request, person) -> HttpResponse:
        """Find or be absent."""
        with acting():
            found = Person.objects.scope(request.actor).filter(id=person).first()
            if found is None:
                raise Absent
            return HttpResponse(str(Item.objects.scope(request.actor).filter(person=found).count()))


urlpatterns = [path("leak/", Injectable.as_view()), path("shown/<uuid:person>/", Shown.as_view()), *real]
__all__ = ["handler404", "urlpatterns"]
