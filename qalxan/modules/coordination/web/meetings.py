"""A meeting: agenda, agreement, attendance, decisions, minutes."""

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.operations import meetings as operations
from qalxan.modules.coordination.operations import tasks as task_operations
from qalxan.modules.coordination.queries import meetings as queries
from qalxan.modules.coordination.queries.forums import body_choices
from qalxan.modules.coordination.queries.words import measure_choices
from qalxan.modules.coordination.web.forms import MeetingForm, MinutesForm, PointForm, ReasonForm, SatForm, TaskForm, first_fault
from qalxan.modules.coordination.web.forums import posted, today
from qalxan.webkit.views import Page


class MeetingPart(Page):
    """A page about one meeting."""

    def meeting(self, meeting_id: int) -> queries.MeetingPage:
        """The meeting, or 404."""
        return queries.meeting_page(self.request.actor, meeting_id, today(self))

    def back(self, meeting_id: int) -> str:
        """To the meeting."""
        return reverse("coordination:meeting", args=[meeting_id])

    def done(self, meeting_id: int, words: str, where: str = "coordination:meeting") -> HttpResponse:
        """Say what happened and go on."""
        messages.success(self.request, words)
        return redirect(where, meeting_id)


class Meeting(MeetingPart):
    """The meeting."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object, meeting_id: int) -> HttpResponse:
        """Show it."""
        return self.page("coordination/meeting.html", meeting=self.meeting(meeting_id), cancel=ReasonForm())


class Move(MeetingPart):
    """Changing the day, hour or place."""

    permission = Permission.COORDINATION_MANAGE

    def get(self, request: object, meeting_id: int) -> HttpResponse:
        """Show the form, filled."""
        meeting = self.meeting(meeting_id)
        found = queries.meeting_of(self.request.actor, meeting_id)
        form = MeetingForm(posted(self), initial={"day": found.day, "time": found.time, "place": found.place})
        return self.page("coordination/move.html", meeting=meeting, form=form)

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Keep it."""
        form = MeetingForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, meeting_id)
        operations.move_meeting(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id, **form.cleaned_data)
        return self.done(meeting_id, _("Saved."))


class Cancel(MeetingPart):
    """Cancelling a meeting to come."""

    permission = Permission.COORDINATION_MANAGE

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Cancel it with the reason."""
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(first_fault(form))
        operations.cancel_meeting(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id, **form.cleaned_data)
        return self.done(meeting_id, _("The meeting is cancelled."))


class Agenda(MeetingPart):
    """The points of the agenda, and a form for one more."""

    permission = Permission.COORDINATION_MANAGE

    def get(self, request: object, meeting_id: int, form: PointForm | None = None) -> HttpResponse:
        """Show them."""
        shown = form or PointForm(measures=measure_choices(self.request.actor))
        return self.page("coordination/agenda.html", meeting=self.meeting(meeting_id), form=shown)

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Add a point, or change one that stands there."""
        asked = self.request.POST.get("change", "")
        act: dict[str, Any] = {"actor": self.request.actor, "now": self.request.now, "meeting_id": meeting_id}
        if asked:
            change, _sep, item = asked.partition(":")
            number = int(item) if item.isascii() and item.isdecimal() and len(item) < 18 else 0
            operations.change_point(**act, item_id=number, change=change)
            return self.done(meeting_id, _("The agenda has changed."), "coordination:agenda")
        form = PointForm(self.request.POST, measures=measure_choices(self.request.actor))
        if not form.is_valid():
            return self.get(request, meeting_id, form)
        operations.add_point(**act, **form.cleaned_data)
        return self.done(meeting_id, _("The agenda has changed."), "coordination:agenda")


class Agree(MeetingPart):
    """The coordinator's agreement to the agenda."""

    permission = Permission.AGENDA_AGREE

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Agree it."""
        operations.agree_agenda(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id)
        return self.done(meeting_id, _("The agenda is agreed."))


class Attendance(MeetingPart):
    """Who sat in which seat; with a quorum the meeting is held."""

    permission = Permission.COORDINATION_MANAGE

    def _forms(self, meeting: queries.MeetingPage) -> list[tuple[queries.Sitting, SatForm]]:
        given = posted(self)
        return [
            (s, SatForm(given, prefix=f"seat-{s.seat}", initial={"presence": s.presence or "absent", "dissent": s.dissent}))
            for s in meeting.sittings
        ]

    def get(self, request: object, meeting_id: int) -> HttpResponse:
        """Show the seats of the meeting's day."""
        meeting = self.meeting(meeting_id)
        return self.page("coordination/attendance.html", meeting=meeting, lines=self._forms(meeting))

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Record the meeting as held."""
        lines = self._forms(self.meeting(meeting_id))
        if not all(form.is_valid() for _sitting, form in lines):
            return self.get(request, meeting_id)
        sat = {sitting.seat: operations.Sat(**form.cleaned_data) for sitting, form in lines}
        found = operations.hold_meeting(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id, sat=sat)
        words = _("The meeting is held: %(present)s of %(members)s voting members, %(needed)s were needed.")
        return self.done(meeting_id, words % {"present": found.present, "members": found.members, "needed": found.needed})


class Minutes(MeetingPart):
    """The minutes."""

    permission = Permission.COORDINATION_MANAGE

    def get(self, request: object, meeting_id: int) -> HttpResponse:
        """Show the form."""
        meeting = self.meeting(meeting_id)
        return self.page("coordination/minutes.html", meeting=meeting, form=MinutesForm(posted(self), initial={"text": meeting.minutes}))

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Keep them."""
        form = MinutesForm(self.request.POST)
        if not form.is_valid():
            return self.get(request, meeting_id)
        operations.write_minutes(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id, **form.cleaned_data)
        return self.done(meeting_id, _("Saved."))


class Approve(MeetingPart):
    """The coordinator's approval of the minutes."""

    permission = Permission.AGENDA_AGREE

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Approve them."""
        operations.approve_minutes(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id)
        return self.done(meeting_id, _("The minutes are approved."))


class Decide(MeetingPart):
    """A decision as a task."""

    permission = Permission.COORDINATION_MANAGE

    def _form(self, data: Any) -> django_forms.Form:
        return TaskForm(data, bodies=body_choices(), measures=measure_choices(self.request.actor))

    def get(self, request: object, meeting_id: int) -> HttpResponse:
        """Show the form."""
        return self.page("coordination/decide.html", meeting=self.meeting(meeting_id), form=self._form(posted(self)))

    def post(self, request: object, meeting_id: int) -> HttpResponse:
        """Keep it."""
        form = self._form(self.request.POST)
        if not form.is_valid():
            return self.get(request, meeting_id)
        task_operations.decide(actor=self.request.actor, now=self.request.now, meeting_id=meeting_id, **form.cleaned_data)
        return self.done(meeting_id, _("The decision is recorded."))
