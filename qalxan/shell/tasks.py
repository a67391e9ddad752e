"""Housekeeping of the worker's own queue."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

SILENT = 30.0
"""Seconds without a sign of life after which a worker counts as fallen; workers give one every ten."""


@app.periodic(cron="* * * * *")  # type: ignore[untyped-decorator]  # the library is untyped
@app.task(queueing_lock="take_up_fallen", pass_context=True)  # type: ignore[untyped-decorator]  # the library is untyped
async def take_up_fallen(context: Any, timestamp: int) -> None:
    """Put jobs back into the queue whose worker was killed in the midst of them; every minute. Jobs here may run twice, never not at all."""
    await take_up(context.app.job_manager, SILENT)


async def take_up(manager: Any, silent: float) -> int:
    """Put back the jobs of workers silent for so many seconds; gives how many. One whose like waits already is ended: that one does its work."""
    fallen = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent))
    for job in fallen:
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            await manager.finish_job(job, Status.ABORTED, delete_job=False)
    return len(fallen)
