"""Making an edition's files in the background."""

from django.utils import timezone
from procrastinate.contrib.django import app

from qalxan.foundation.jobs import DATABASE_AWAY
from qalxan.reports.annual_report.operations.files import run


@app.task(retry=DATABASE_AWAY)  # type: ignore[untyped-decorator]  # the library is untyped
def make_files(render_id: int) -> None:
    """Make the files asked for."""
    run(render_id, timezone.localtime())
