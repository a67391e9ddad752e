"""Nightly work of reporting, run by the worker."""

from django.utils import timezone
from procrastinate.contrib.django import app

from qalxan.foundation.jobs import DATABASE_AWAY
from qalxan.modules.reporting.operations.reminders import remind_late


@app.periodic(cron="30 6 * * *")  # type: ignore[untyped-decorator]  # the library is untyped
@app.task(queueing_lock="remind_late", retry=DATABASE_AWAY)  # type: ignore[untyped-decorator]  # the library is untyped
def remind(timestamp: int) -> None:
    """Remind those whose return is late; every morning."""
    remind_late(timezone.localtime())
