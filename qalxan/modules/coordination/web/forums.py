"""The board, forums and seats."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.operations import forums as operations
from qalxan.modules.coordination.operations import meetings as meeting_operations
from qalxan.modules.coordination.queries import board as boards
from qalxan.modules.coordination.queries import forums as queries
from qalxan.modules.coordination.web.forms import EndForm, MeetingForm, SeatForm, first_fault
from qalxan.webkit.views import Page


def today(page: Page) -> dt.date:
    """The day of the request, where its people are."""
    return timezone.localdate(page.request.now)


def posted(page: Page) -> Any:
    """What was sent, for a form on a page that also shows it; None when the page is only opened."""
    return page.request.POST if page.request.method == "POST" else None


def year_asked(page: Page) -> int:
    """The year of the address, else this one; anything unreadable is this one."""
    value = page.request.GET.get("year", "")
    return int(value) if len(value) == 4 and value.isascii() and value.isdecimal() and "1990" < value < "2200" else today(page).year


class Board(Page):
    """What is next, what was missed, what is overdue."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show the board of a year."""
        year, now = year_asked(self), today(self)
        shown = boards.board(self.request.actor, year, now)
        return self.page("coordination/board.html", board=shown, years=range(now.year - 3, now.year + 1), year=year)


class Forum(Page):
    """A forum with its seats and meetings."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object, code: str) -> HttpResponse:
        """Show it."""
        return self.page("coordination/forum.html", forum=queries.forum_page(self.request.actor, code, today(self)))


class Seat(Page):
    """Giving a body a seat, or changing who sits in it."""

    permission = Permission.COORDINATION_MANAGE

    def get(self, request: object, code: str, form: SeatForm | None = None) -> HttpResponse:
        """Show the form, filled for the body in the address."""
        forum = queries.forum_page(self.request.actor, code, today(self))
        body = self.request.GET.get("body", "")
        values = queries.seat_values(self.request.actor, code, body)
        end = EndForm(initial={"body": body, "until": today(self)}, auto_id="end_%s") if values else None
        return self.page("coordination/seat.html", forum=forum, form=form or self._form(values), end=end, body=body)

    def _form(self, values: dict[str, Any]) -> SeatForm:
        initial = {"since": today(self), **values}
        return SeatForm(posted(self), bodies=queries.body_choices(), people=queries.person_choices(), initial=initial)

    def post(self, request: object, code: str) -> HttpResponse:
        """Keep it."""
        queries.forum_of(self.request.actor, code)
        form = self._form({})
        if not form.is_valid():
            return self.get(request, code, form)
        operations.set_seat(actor=self.request.actor, now=self.request.now, forum=code, **form.cleaned_data)
        messages.success(self.request, _("The seat is set."))
        return redirect("coordination:forum", code)


class EndSeat(Page):
    """Ending a body's seat."""

    permission = Permission.COORDINATION_MANAGE

    def back(self, code: str) -> str:
        """To the forum."""
        return reverse("coordination:forum", args=[code])

    def post(self, request: object, code: str) -> HttpResponse:
        """End it with its last day."""
        form = EndForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(first_fault(form))
        operations.end_seat(actor=self.request.actor, now=self.request.now, forum=code, **form.cleaned_data)
        messages.success(self.request, _("The seat has ended."))
        return redirect("coordination:forum", code)


class PlanMeeting(Page):
    """Planning a meeting of a forum."""

    permission = Permission.COORDINATION_MANAGE

    def get(self, request: object, code: str) -> HttpResponse:
        """Show the form."""
        forum = queries.forum_page(self.request.actor, code, today(self))
        return self.page("coordination/plan_meeting.html", forum=forum, form=MeetingForm(posted(self)))

    def post(self, request: object, code: str) -> HttpResponse:
        """Plan it and go to its agenda."""
        form = MeetingForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, code)
        meeting = meeting_operations.plan_meeting(actor=self.request.actor, now=self.request.now, forum=code, **form.cleaned_data)
        messages.success(self.request, _("The meeting is planned. Write its agenda."))
        return redirect("coordination:agenda", meeting.id)
