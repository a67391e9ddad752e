"""The numbers of returns and reports at scale: the board, the map, a whole edition. Everything is rolled back."""

import datetime as dt
import time

from bench.plans import _swell
from bench.tools import line, times


def main() -> None:
    """Measure and print."""
    from qalxan.shell.cli.site import setup

    setup()
    import logging

    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from qalxan.foundation.accounts.models import User
    from qalxan.foundation.accounts.queries import actor_of
    from qalxan.modules.plans import public as plans
    from qalxan.modules.reporting import public as reporting

    logging.disable(logging.CRITICAL)
    user = User.objects.filter(email="koordinator@demo.example").first()
    if user is None:
        print("Not measured, the demonstration is not loaded (`qalxan demo`)")
        return
    with transaction.atomic():
        _swell()
        actor = actor_of(user.id, timezone.now())
        started = time.perf_counter()
        window = reporting.open_window(
            actor=actor,
            now=timezone.now(),
            plan=plans.plan_of(actor, "MFP-2020"),
            year=2023,
            opens_on=dt.date(2024, 1, 1),
            due_on=dt.date(2024, 1, 20),
        )
        print(f"Opening a window of 100 bodies × 69 measures: {time.perf_counter() - started:.1f} s")
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        print("Pages in process (reach: p95 under 150 ms)")
        for name in ("", "map/", "compare/"):
            line(f"  /windows/…/{name}", times(lambda n=name: client.get(f"/windows/{window.id}/{n}"), 20))  # type: ignore[misc]  # mypy does not type a default in a lambda
        transaction.set_rollback(True)
    _edition()


def _edition() -> None:
    from qalxan.reports.annual_report.models import Edition
    from qalxan.reports.annual_report.operations.files import make, wording

    edition = Edition.objects.filter(kind="annual", cut__isnull=False).order_by("id").first()
    if edition is None or edition.cut is None:
        return
    cut, texts = edition.cut, wording(edition)
    print("A whole edition: PDF and DOCX in three languages (reach: 15 s)")
    line("  six files", times(lambda: list(make(cut, edition.cut_sha256, edition.sections, texts, sealed=True)), 3))
