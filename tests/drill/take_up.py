"""Puts jobs of fallen workers back at once, as the worker's own task does it once a minute for workers silent for half a minute."""

import asyncio

import django


async def main() -> None:
    from procrastinate.contrib.django import app

    from qalxan.shell.tasks import take_up

    async with app.with_connector(app.connector.get_worker_connector()).open_async() as opened:
        await take_up(opened.job_manager, 12.0)


if __name__ == "__main__":
    django.setup()
    asyncio.run(main())
