"""Housekeeping of accounts, run by the worker."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from qalxan.foundation.jobs import DATABASE_AWAY


@app.periodic(cron="17 3 * * *")  # type: ignore[untyped-decorator]  # the library is untyped
@app.task(queueing_lock="clear_sessions", retry=DATABASE_AWAY)  # type: ignore[untyped-decorator]  # the library is untyped
def clear_ended_sessions(timestamp: int) -> None:
    """Delete sessions that have ended; every night."""
    call_command("clearsessions")
