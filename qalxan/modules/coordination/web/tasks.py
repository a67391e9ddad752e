"""Tasks: list, page, report, drop and reopen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from qalxan.foundation.access.permissions import Permission
from qalxan.kernel.errors import RuleBroken
from qalxan.modules.coordination.choices import TaskState
from qalxan.modules.coordination.operations import tasks as operations
from qalxan.modules.coordination.queries import tasks as queries
from qalxan.modules.coordination.web.forms import ReasonForm, ReportForm, first_fault
from qalxan.modules.coordination.web.forums import today
from qalxan.webkit.views import Page


class List(Page):
    """The tasks the reader may see."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object) -> HttpResponse:
        """Show those of a body and state, overdue first."""
        body, state = self.request.GET.get("body", ""), self.request.GET.get("state", "")
        rows = queries.task_list(self.request.actor, body=body, state=state, today=today(self))
        states = [("overdue", _("Overdue")), *TaskState.choices]
        return self.page(
            "coordination/tasks.html", rows=rows, owners=queries.owners(self.request.actor), states=states, body=body, state=state
        )


class Task(Page):
    """A task with what was said of it."""

    permission = Permission.COORDINATION_VIEW

    def get(self, request: object, task_id: int) -> HttpResponse:
        """Show it with the form the reader may use."""
        page = queries.task_page(self.request.actor, task_id, today(self))
        return self.page("coordination/task.html", page=page, task=page.row, report=ReportForm(), reason=ReasonForm(auto_id="why_%s"))


class TaskWrite(Page):
    """A write on a task; a broken rule leads back to it."""

    def back(self, task_id: int) -> str:
        """To the task."""
        return reverse("coordination:task", args=[task_id])


class Report(TaskWrite):
    """The owner's report."""

    permission = Permission.TASK_REPORT

    def post(self, request: object, task_id: int) -> HttpResponse:
        """Keep it."""
        form = ReportForm(self.request.POST)
        if not form.is_valid():
            queries.task_page(self.request.actor, task_id, today(self))
            raise RuleBroken(first_fault(form))
        operations.report_on(actor=self.request.actor, now=self.request.now, task_id=task_id, **form.cleaned_data)
        messages.success(self.request, _("The report is kept."))
        return redirect("coordination:task", task_id)


class Close(TaskWrite):
    """Dropping an open task or opening a closed one again."""

    permission = Permission.COORDINATION_MANAGE

    def post(self, request: object, task_id: int) -> HttpResponse:
        """Do it, with the reason."""
        page = queries.task_page(self.request.actor, task_id, today(self))
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            raise RuleBroken(first_fault(form))
        write = operations.drop_task if page.row.state == TaskState.OPEN else operations.reopen_task
        write(actor=self.request.actor, now=self.request.now, task_id=task_id, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("Saved."))
        return redirect("coordination:task", task_id)
