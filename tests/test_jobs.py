"""The worker's own housekeeping: what a killed worker leaves is taken up."""

import asyncio

import psycopg
import pytest
from django.db import connection

from config.postgres import server


@pytest.mark.django_db
def test_a_fallen_job_is_put_back_and_one_whose_like_waits_already_is_ended_without_stopping_the_rest():
    from procrastinate.contrib.django import app

    from qalxan.shell.tasks import take_up

    async def run() -> int:
        async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
            return await take_up(opened.job_manager, 12.0)

    with psycopg.connect(server().dsn(server().admin, connection.settings_dict["NAME"]), autocommit=True) as db:
        add = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, worker_id) VALUES ('default', 'x', %s, %s, %s) RETURNING id"
        worker = db.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        ).fetchone()[0]
        jobs = [
            db.execute(add, row).fetchone()[0]
            for row in (("nightly", "doing", worker), ("nightly", "todo", None), ("other", "doing", worker))
        ]
        try:
            assert asyncio.run(run()) == 2
            told = dict(db.execute("SELECT id, status::text FROM procrastinate_jobs WHERE id = ANY(%s)", [jobs]).fetchall())
            assert [told[job] for job in jobs] == ["aborted", "todo", "todo"]
        finally:
            db.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [jobs])
            db.execute("DELETE FROM procrastinate_workers WHERE id = %s", [worker])
